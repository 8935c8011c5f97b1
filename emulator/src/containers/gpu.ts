import table from "@runpod-stack/models/data/gpus.json";
import { compareVersions } from "../core/versions";
import type { Image, VllmBuild } from "./images";
import type { Environment } from "./machine";
import type { Gpu } from "./types";

/** The NVIDIA runtime's error for an image that needs a newer driver, or null if it starts. */
export function driverTooOld(image: Image, hostCudaVersion: string): string | null {
  const floor = image.minHostCuda;
  if (floor === null || compareVersions(hostCudaVersion, floor) >= 0) {
    return null;
  }
  return `nvidia-container-cli: requirement error: unsatisfied condition: cuda>=${floor}, please update your driver to a newer version, or use an earlier cuda container`;
}

/**
 * Whether the process loads the image's compat libcuda instead of the host driver's, which ends in
 * Error 803. If the image lists its compat folder for the loader, only an LD_LIBRARY_PATH that
 * begins with the host driver's folder takes precedence.
 */
export function loadsCompatLibrary(build: VllmBuild, env: Environment): boolean {
  if (build.compatOptIn) {
    return /^(1|true)$/i.test(env["VLLM_ENABLE_CUDA_COMPATIBILITY"] ?? "");
  }
  const [first = ""] = (env["LD_LIBRARY_PATH"] ?? "").split(":");
  return build.compatConflict && !HOST_DRIVER_FOLDERS.includes(first.replace(/\/$/, ""));
}

/** Whether the build contains kernels for the GPU. */
export function hasKernelsFor(build: VllmBuild, gpu: Gpu): boolean {
  const major = Number(gpu.computeCapability.split(".")[0]);
  if (major === 10) {
    return build.sm100;
  }
  if (major >= 12) {
    return build.sm120;
  }
  return compareVersions(gpu.computeCapability, build.minComputeCapability) >= 0;
}

export interface MemoryDemand {
  /** Weights on one GPU. */
  weightsGib: number;
  /** Keys and values of one token on one GPU. */
  kvBytesPerToken: number;
  /** What else the server needs on one GPU. @default an estimate from the weights */
  otherGib?: number;
  /** What the cache gets on one GPU, whatever the share. @default what the rest leaves of the share */
  cacheGib?: number | undefined;
  maxModelLen: number;
  /** Share of the GPU's memory that the server may take. */
  utilization: number;
}

/** How a model fits a GPU; memory in GiB. */
export type MemoryPlan =
  | { fit: "out-of-memory"; totalGib: number; freeGib: number }
  | { fit: "no-cache"; totalGib: number; availableGib: number }
  | {
      fit: "cache-too-small";
      totalGib: number;
      availableGib: number;
      neededGib: number;
      tokens: number;
    }
  | { fit: "ok"; totalGib: number; availableGib: number; tokens: number };

export function planMemory(gpu: Gpu, demand: MemoryDemand): MemoryPlan {
  const totalGib = deviceGib(gpu);
  const freeGib = totalGib - CUDA_CONTEXT_GIB - demand.weightsGib;
  if (freeGib < 0) {
    return { fit: "out-of-memory", totalGib, freeGib: 0.29 };
  }
  const otherGib = demand.otherGib ?? CUDA_CONTEXT_GIB + 1 + 0.03 * demand.weightsGib;
  const availableGib =
    demand.cacheGib ?? totalGib * demand.utilization - demand.weightsGib - otherGib;
  if (demand.cacheGib !== undefined && demand.cacheGib + demand.weightsGib + otherGib > totalGib) {
    return { fit: "out-of-memory", totalGib, freeGib: 0.29 };
  }
  if (availableGib <= 0) {
    return { fit: "no-cache", totalGib, availableGib };
  }
  const tokens = Math.floor((availableGib * GIB) / demand.kvBytesPerToken);
  const neededGib = (demand.maxModelLen * demand.kvBytesPerToken) / GIB;
  return neededGib > availableGib
    ? { fit: "cache-too-small", totalGib, availableGib, neededGib, tokens }
    : { fit: "ok", totalGib, availableGib, tokens };
}

export const GIB = 2 ** 30;

/** Where the NVIDIA runtime puts the host's libcuda. */
const HOST_DRIVER_FOLDERS = [
  "/lib/x86_64-linux-gnu",
  "/usr/lib/x86_64-linux-gnu",
  "/usr/local/nvidia/lib64",
  "/usr/local/nvidia/lib",
];

/** Memory of one GPU in GiB as CUDA reports it: the driver's number, less what the driver keeps. */
export function deviceGib({ id, memoryGb }: Pick<Gpu, "id" | "memoryGb">): number {
  return (driverMib({ id, memoryGb }) - KEPT_MIB) / 1024;
}

/** Memory of one GPU as its driver reports it. */
export function driverMib({ id, memoryGb }: Pick<Gpu, "id" | "memoryGb">): number {
  return DRIVER_MIB.get(id) ?? Math.round(memoryGb * 1024 * LEAST_REPORTED);
}

/** `nvidia-smi --query-gpu=memory.total`, by GPU type. */
const DRIVER_MIB: ReadonlyMap<string, number> = new Map(
  table.gpus.flatMap(({ id, memoryMib }) => (memoryMib === null ? [] : [[id, memoryMib]])),
);
/** GPUs with error correction report 15/16 of their nominal memory. */
const LEAST_REPORTED = 15 / 16;
/** PyTorch shows 139.8 GiB of an H200's 143771 MiB. */
const KEPT_MIB = 600;
const CUDA_CONTEXT_GIB = 0.5;
