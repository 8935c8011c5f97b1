import type { CreatePodRequest, Pod, UpdatePodRequest } from "@runpod-stack/openapi";
import type { AnyDataCenterId, AnyDuration, AnyGpuTypeId } from "./completed";
import { type ContainerInputs, containerFields } from "./container";
import type { FieldTable } from "./field";
import { type LabelInputs, labelFields } from "./labels";
import {
  cudaVersion,
  duration,
  flag,
  gpuTypeId,
  listOf,
  objectId,
  oneOf,
  text,
  vcpus,
  whole,
} from "./values";

/** Inputs of a pod. Names follow REST v1; sizes are in GB. */
export interface PodInputs extends ContainerInputs, LabelInputs {
  /** The pod's name. @default the resource's name and a unique suffix */
  name?: string;
  /** The container image. Required unless a template sets it. */
  imageName?: string;
  /** GPU types in the order to try them, by their ids in RunPod's catalog. */
  gpuTypeIds?: AnyGpuTypeId[];
  /** GPUs in the pod. @default 1 on a GPU pod */
  gpuCount?: number;
  /** CPU flavors in the order to try them, for a pod without GPUs. */
  cpuFlavorIds?: string[];
  /** Virtual CPUs of a CPU pod: a power of two. @default 2 on a CPU pod */
  vcpuCount?: number;
  /** Minimum host memory per GPU, in GB. A placement filter. */
  minRAMPerGPU?: number;
  /** Minimum virtual CPUs per GPU. A placement filter. */
  minVCPUPerGPU?: number;
  /** Host CUDA versions to accept, matched exactly. Cannot be combined with `minCudaVersion`. */
  allowedCudaVersions?: string[];
  /** The lowest host CUDA version to accept, compared by number: 12.11 is above 12.2. */
  minCudaVersion?: string;
  /** `SECURE` or `COMMUNITY`. @default SECURE */
  cloudType?: "SECURE" | "COMMUNITY";
  /** Data centers to accept. RunPod enforces them. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** Container disk in GB. Wiped on every restart. @default 50, or the template's */
  containerDiskInGb?: number;
  /** Persistent disk on the host in GB, at least 10. It survives restarts and is deleted with the pod. Adding one replaces the pod. */
  volumeInGb?: number;
  /** The mount path of the persistent disk or network volume. @default /workspace if there is one */
  volumeMountPath?: string;
  /** The id of a network volume to mount. Secure cloud only, in the volume's data center. */
  networkVolumeId?: string;
  /** The id of a template to start from. Its settings apply where the pod has none. */
  templateId?: string;
  /** Gives the pod a private address that the account's other pods can reach, from the next start on. @default false */
  globalNetworking?: boolean;
  /** Protects the pod from being stopped or reset. @default false */
  locked?: boolean;
  /** Sets up SSH with the account's public keys. @default false, or the template's */
  startSsh?: boolean;
  /** Starts JupyterLab in images that support it. @default false, or the template's */
  startJupyter?: boolean;
  /** Time from the pod's creation until it is terminated, such as "8h"; see docs/time-limits.md. */
  terminateAfter?: AnyDuration;
  /** Time from each start of the pod until it is stopped, such as "8h"; see docs/time-limits.md. */
  stopAfter?: AnyDuration;
  /** `RUNNING` or `EXITED`: whether the pod should run. @default RUNNING */
  desiredStatus?: "RUNNING" | "EXITED";
}

/** Outputs of a pod. */
export interface PodOutputs {
  /** Counts the container's lives. Every change that restarts the container increases it. */
  revision: number;
  /** The GPU type that RunPod assigned; null on a CPU pod. */
  gpuTypeId: string | null;
  /** The data center in which the pod runs; null until RunPod has placed it. */
  dataCenterId: string | null;
  /** Price in USD per hour. */
  costPerHr: number;
  /** The proxy URL of each HTTP port. */
  endpointUrls: Record<string, string>;
  /** The command that opens a shell through RunPod's SSH proxy; null until the pod has a machine. */
  sshCommand: string | null;
  /** When RunPod created the pod, in ISO 8601. */
  createdAt: string;
}

/** All stored properties of a pod. */
export interface PodProperties extends PodInputs, Partial<PodOutputs> {}

const container = containerFields("restart", null);

/** RunPod's request and response bodies for pods. */
interface PodWire {
  readonly request: CreatePodRequest & UpdatePodRequest;
  readonly answer: Pod;
}

export const podFields: FieldTable<PodInputs, PodWire> = {
  ...container,
  imageName: { ...container.imageName, removal: "keep" },
  volumeMountPath: {
    ...container.volumeMountPath,
    removal: "keep",
    at: [...container.volumeMountPath.at, "mounts.network.0.path"],
  },
  name: { value: text, change: "update", removal: "change", wire: "name", observed: true },
  gpuTypeIds: {
    value: listOf(gpuTypeId, "GPU types", 1),
    change: "placement",
    removal: "replace",
    at: ["gpu.id"],
  },
  gpuCount: {
    value: whole("GPUs", 1),
    change: "replace",
    removal: "keep",
    wire: "gpu.count",
    observed: true,
  },
  cpuFlavorIds: {
    value: listOf(text, "CPU flavors", 1),
    change: "placement",
    removal: "replace",
  },
  vcpuCount: {
    value: vcpus,
    change: "replace",
    removal: "keep",
    wire: "cpu.vcpuCount",
    observed: true,
  },
  minRAMPerGPU: {
    value: whole("GB", 1),
    change: "placement",
    removal: "keep",
    wire: "gpu.minRamPerGpu",
  },
  minVCPUPerGPU: {
    value: whole("virtual CPUs", 1),
    change: "placement",
    removal: "keep",
    wire: "gpu.minVcpuCountPerGpu",
  },
  allowedCudaVersions: {
    value: listOf(cudaVersion, "CUDA versions"),
    change: "placement",
    removal: "keep",
    wire: "gpu.allowedCudaVersions",
    unordered: true,
  },
  minCudaVersion: {
    value: cudaVersion,
    change: "placement",
    removal: "keep",
    wire: "gpu.minCudaVersion",
  },
  cloudType: {
    value: oneOf(["SECURE", "COMMUNITY"], "REST v1's ALL no longer exists: choose one"),
    change: "replace",
    removal: "keep",
    default: "SECURE",
    wire: "cloud",
    observed: true,
  },
  dataCenterIds: {
    value: listOf(text, "data centers"),
    change: "placement",
    removal: "keep",
    wire: "dataCenterIds",
    unordered: true,
    anyCase: true,
  },
  networkVolumeId: {
    value: objectId,
    change: "replace",
    removal: "replace",
    at: ["mounts.network.0.volumeId"],
    observed: true,
  },
  templateId: { value: objectId, change: "replace", removal: "replace", wire: "templateId" },
  globalNetworking: {
    value: flag,
    change: "update",
    removal: "clear",
    cleared: false,
    // Not `observed`: RunPod shows it from the next start on, which would look like drift.
    wire: "globalNetworking",
  },
  locked: { value: flag, change: "update", removal: "clear", cleared: false, observed: true },
  // RunPod never reports these two.
  startSsh: { value: flag, unset: false, change: "replace", removal: "keep", wire: "startSsh" },
  startJupyter: {
    value: flag,
    unset: false,
    change: "replace",
    removal: "keep",
    wire: "startJupyter",
  },
  terminateAfter: { value: duration, change: "restart", removal: "change", observed: true },
  stopAfter: { value: duration, change: "restart", removal: "change", observed: true },
  desiredStatus: {
    value: oneOf(["RUNNING", "EXITED"]),
    change: "action",
    removal: "change",
    default: "RUNNING",
    observed: true,
  },
  ...labelFields,
};
