import { storage } from "./data/gpus.json";
import { type Cloud, type GpuType, gpuPrice, gpuType } from "./gpus";

/** What decides the price of a pod; sizes in gigabytes. */
export interface PricedSpec {
  readonly gpuTypeIds?: readonly string[];
  readonly gpuCount?: number;
  readonly cloudType?: string;
  readonly containerDiskInGb?: number;
  readonly volumeInGb?: number;
}

/** A pod's price in US dollars, with the GPU type that it was taken from and the day of that price. */
export interface HourlyPrice {
  readonly perHour: number;
  readonly worstGpu: string;
  readonly date: string;
}

/**
 * The hourly price of a running pod with its disks, on the dearest of its fallbacks. Fallbacks
 * without a known price are passed over; null if none has one, as on CPU pods. A network volume is
 * not part of a pod: see `volumePricePerHour`.
 */
export function hourlyPrice(spec: PricedSpec): HourlyPrice | null {
  let worst: { gpu: GpuType; price: number } | undefined;
  for (const id of spec.gpuTypeIds ?? []) {
    const gpu = gpuType(id);
    const price = gpu ? gpuPrice(gpu, cloudOf(spec)) : null;
    if (gpu && price !== null && price > (worst?.price ?? -1)) worst = { gpu, price };
  }
  if (!worst) return null;
  const disks =
    (spec.containerDiskInGb ?? 0) * storage.containerDisk.running +
    (spec.volumeInGb ?? 0) * storage.volumeDisk.running;
  return {
    perHour: worst.price * (spec.gpuCount ?? 1) + disks / HOURS_PER_MONTH,
    worstGpu: worst.gpu.id,
    date: worst.gpu.priceDate ?? "",
  };
}

/** The hourly price of a network volume in US dollars. */
export function volumePricePerHour(sizeGb: number): number {
  const { firstTb, beyondFirstTb } = storage.networkVolume;
  const perMonth = Math.min(sizeGb, 1000) * firstTb + Math.max(0, sizeGb - 1000) * beyondFirstTb;
  return perMonth / HOURS_PER_MONTH;
}

const HOURS_PER_MONTH = 730;

/** RunPod's default is its secure cloud. */
function cloudOf({ cloudType }: PricedSpec): Cloud {
  return cloudType === "COMMUNITY" ? "COMMUNITY" : "SECURE";
}
