import { type GpuNeed, gpuNeed } from "./gpu-memory";
import { type GpuSetup, LATEST_VLLM } from "./gpu-setup";
import { type Cloud, type GpuType, gpuPrice, gpuTypes } from "./gpus";
import type { ModelSize } from "./size";

/** A pod's GPUs, with the memory needed on each. */
export interface GpuChoice {
  readonly id: string;
  readonly count: number;
  readonly need: GpuNeed;
}

/**
 * GPUs that can hold a model, cheapest first: for each GPU type, the smallest count that fits the
 * model and divides its attention heads evenly. Omits types without a price, several MIG slices
 * together, and GPUs that the usual server images do not support (AMD, and NVIDIA without bfloat16).
 *
 * @param options.cloud cloud whose prices and counts apply @default both
 * @param options.setup server settings other than the number of GPUs @default the latest vLLM's
 */
export function gpusFor(
  size: ModelSize,
  options: { readonly cloud?: Cloud; readonly setup?: GpuSetup } = {},
): GpuChoice[] {
  const { cloud, setup = LATEST_VLLM } = options;
  const priced: (GpuChoice & { price: number })[] = [];
  for (const gpu of gpuTypes()) {
    const price = gpuPrice(gpu, cloud);
    if (price === null || Number(gpu.computeCapability ?? 0) < BFLOAT16_CAPABILITY) {
      continue;
    }
    const choice = smallest(size, gpu, mostTogether(gpu, cloud), setup);
    if (choice) {
      priced.push({ ...choice, price: price * choice.count });
    }
  }
  return priced.sort((a, b) => a.price - b.price).map(({ price, ...choice }) => choice);
}

/** Powers of two divide heads, vocabulary and layers evenly. RunPod's machines have eight to ten GPUs. */
const SHARES = [1, 2, 4, 8];
const BFLOAT16_CAPABILITY = 8;

function smallest(
  size: ModelSize,
  gpu: GpuType,
  most: number,
  setup: GpuSetup,
): GpuChoice | undefined {
  for (const count of SHARES) {
    if (count > most || (size.attentionHeads ?? 0) % count !== 0) {
      continue;
    }
    const spread = { ...setup, tensorParallel: count, pipelineParallel: 1 };
    const need = gpuNeed(size, gpu, count, spread);
    if (need && need.totalGb <= need.usableGb) {
      return { id: gpu.id, count, need };
    }
  }
  return undefined;
}

function mostTogether(gpu: GpuType, cloud: Cloud | undefined): number {
  if (/\bMIG\b/.test(gpu.id)) {
    return 1;
  }
  const known = [
    ...(cloud === "COMMUNITY" ? [] : [gpu.maxCountSecure]),
    ...(cloud === "SECURE" ? [] : [gpu.maxCountCommunity]),
  ].filter((count) => count !== null);
  return known.length > 0 ? Math.max(...known) : Math.max(...SHARES);
}
