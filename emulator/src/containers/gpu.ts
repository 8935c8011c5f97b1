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
  const totalGib = gpu.memoryGb * USABLE_SHARE;
  const freeGib = totalGib - CUDA_CONTEXT_GIB - demand.weightsGib;
  if (freeGib < 0) {
    return { fit: "out-of-memory", totalGib, freeGib: 0.29 };
  }
  const activationsGib = 1 + 0.03 * demand.weightsGib;
  const availableGib =
    totalGib * demand.utilization - CUDA_CONTEXT_GIB - demand.weightsGib - activationsGib;
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

/** An 80 GB card reports 79.2 GiB. */
const USABLE_SHARE = 0.99;
const CUDA_CONTEXT_GIB = 0.5;
