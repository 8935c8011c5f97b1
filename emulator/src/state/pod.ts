import type { Cloud, Pod as PodView } from "@runpod-stack/openapi";
import type { ContainerRuntime, LogLine, Storage } from "../containers/runtime";
import type { Entry } from "../money/ledger";
import type { Command } from "./container-command";

export type PodMounts = PodView["mounts"];

export type Compute =
  | { kind: "gpu"; id: string; count: number; vcpuCount: number; memory: number }
  | { kind: "cpu"; id: string; vcpuCount: number; memory: number };

/** Where a pod has its machine. It keeps it while it is stopped, without the GPUs. */
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
  /** The machine is broken: what is stopped on it never starts again. */
  lost: boolean;
}

/** One run of a pod, from a start to the next stop, restart or change of its container. */
export interface Life {
  /** When the machine begins with the image (virtual milliseconds); before, it is allocated. */
  startedAt: number;
  imageCached: boolean;
  /** The number of its first log line, of all that the pod ever logged. */
  firstSeq: number;
  /** Whether global networking was on at the start. */
  globalNetwork: boolean;
  /** Made when first looked at. */
  runtime: ContainerRuntime | null;
  /** In `instant`: how far the container's own time runs ahead (milliseconds). */
  ahead: number;
}

export interface Pod {
  readonly id: string;
  /** Counts the objects of the emulator in the order of their creation. */
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
  /** Dollars per hour while it runs, disks apart. */
  readonly price: number;
  locked: boolean;
  globalNetworking: boolean;
  /** The template it was created from. RunPod never shows it, and does not let that one be deleted. */
  readonly templateId: string | null;
  readonly createdAt: number;
  /** Null while stopped. */
  life: Life | null;
  /** How many lives there have been. */
  lives: number;
  /** The image that the machine has pulled. */
  pulledImage: string | null;
  /** Log lines of earlier lives. */
  history: LogLine[];
  readonly entry: Entry;
}
