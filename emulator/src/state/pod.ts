import type { Cloud, PodCluster, Pod as PodView } from "@runpod-stack/openapi";
import type { ContainerRuntime, LogLine, PullAccess, Storage } from "../containers/runtime";
import type { Entry } from "../money/ledger";
import type { Command } from "./container-command";

export type PodMounts = PodView["mounts"];

export type Compute =
  | { kind: "gpu"; id: string; count: number; vcpuCount: number; memory: number }
  | { kind: "cpu"; id: string; vcpuCount: number; memory: number };

/** The machine of a pod. A stopped pod keeps its machine, but not the GPUs. */
export interface Machine {
  id: string;
  cloud: Cloud;
  /** Where its GPUs are counted; null for CPU pods. */
  pool: {
    gpuTypeId: string;
    cloud: Cloud;
    dataCenterId: string;
    cudaVersion: string | null;
  } | null;
  /** Null in the community cloud. */
  dataCenterId: string | null;
  cudaVersion: string | null;
  /** Whether the machine is broken: a pod that stops on it never starts again. */
  lost: boolean;
  /** Whether others have rented its GPUs: a pod that stops on it starts again with none. */
  gpusTaken?: boolean;
}

/** One run of a pod, from a start to the next stop, restart or change of its container. */
export interface Life {
  /** When the machine starts to pull the image (virtual milliseconds), after it was allocated. */
  startedAt: number;
  imageCached: boolean;
  /** The number of its first line in the pod's whole log. */
  firstSeq: number;
  /** Whether global networking was on at the start. */
  globalNetwork: boolean;
  /** The environment as it was at the boot, if it refers to secrets. */
  env?: Record<string, string>;
  /** As at the boot. @default "anonymous" */
  access?: PullAccess;
  /** Created when first read. */
  runtime: ContainerRuntime | null;
  /** In `instant`: how far the container's own time runs ahead (milliseconds). */
  ahead: number;
  /** The port of this machine at which the emulator's SSH server serves the container, if it does. */
  sshPort?: number;
}

/** A pod's place in a cluster. Only the cluster's deletion ends the pod. */
export interface ClusterMember extends Omit<PodCluster, "rank" | "ip"> {
  readonly rank: number;
  /** On the cluster's own network. */
  readonly ip: string;
}

export interface Pod {
  readonly id: string;
  /** Numbers the emulator's objects in the order of their creation. */
  readonly seq: number;
  name: string;
  image: string;
  command: Command;
  disk: number;
  ports: string[];
  env: Record<string, string>;
  registry: string | null;
  mounts: PodMounts;
  /** The volume disk's contents. */
  storage: Storage | null;
  compute: Compute;
  machine: Machine;
  /** Dollars per hour while it runs, without disks. */
  readonly price: number;
  locked: boolean;
  globalNetworking: boolean;
  /** The template that it was created from. RunPod never shows it, and does not allow deleting it. */
  readonly templateId: string | null;
  readonly createdAt: number;
  /** Absent for any other pod. */
  readonly cluster?: ClusterMember;
  /** Null while stopped. */
  life: Life | null;
  /** Number of lives so far. */
  lives: number;
  /** The image that the machine has pulled. */
  pulledImage: string | null;
  /** Log lines of earlier lives. */
  history: LogLine[];
  readonly entry: Entry;
}

/** What the pod computes with at present: a running pod may have none of its GPUs. */
export function presentCompute({ compute, machine, life }: Pod): Compute {
  const lacksGpus = compute.kind === "gpu" && machine.gpusTaken === true && life !== null;
  return lacksGpus ? { ...compute, count: 0 } : compute;
}
