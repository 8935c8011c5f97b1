import { storage } from "./data/gpus.json";
import { type Cloud, gpuPrice, gpuType, oneSpaced } from "./gpus";

/** The inputs that decide a pod's price. Sizes are in gigabytes. */
export interface PricedSpec {
  readonly gpuTypeIds?: readonly string[];
  readonly gpuCount?: number;
  readonly cloudType?: string;
  readonly containerDiskInGb?: number;
  readonly volumeInGb?: number;
}

/** A pod's hourly price in US dollars, with the GPU type that it is based on and the day of that price. */
export interface HourlyPrice {
  readonly perHour: number;
  readonly worstGpu: string;
  readonly date: string;
}

/** Prices by GPU type that are newer than the bundled ones. */
export interface PriceTable {
  /** The day on which they were read, for example `"2026-11-09"`. */
  readonly date: string;
  readonly gpus: Readonly<Record<string, GpuPrices>>;
}

/** Prices in US dollars per GPU and hour; null if the type is not offered. */
export interface GpuPrices {
  readonly secure: number | null;
  readonly community: number | null;
  /** The price of a serverless worker. @default the bundled one */
  readonly serverless?: number | null;
}

/**
 * The hourly price of a running pod with its disks, on the most expensive of its GPU types. Skips GPU
 * types without a known price; null if none has a price, as for CPU pods. Does not include network
 * volumes: see `volumePricePerHour`.
 *
 * @param prices prices that take precedence over the bundled table
 */
export function hourlyPrice(spec: PricedSpec, prices?: PriceTable): HourlyPrice | null {
  let worst: Offer | undefined;
  for (const id of spec.gpuTypeIds ?? []) {
    const offer = offerOf(id, cloudOf(spec), prices);
    if (offer && offer.price > (worst?.price ?? -1)) {
      worst = offer;
    }
  }
  if (!worst) {
    return null;
  }
  const disks =
    (spec.containerDiskInGb ?? 0) * storage.containerDisk.running +
    (spec.volumeInGb ?? 0) * storage.volumeDisk.running;
  return {
    perHour: worst.price * (spec.gpuCount ?? 1) + disks / HOURS_PER_MONTH,
    worstGpu: worst.gpu,
    date: worst.date,
  };
}

/** The hourly price of a network volume in US dollars. */
export function volumePricePerHour(sizeGb: number): number {
  const { firstTb, beyondFirstTb } = storage.networkVolume;
  const perMonth = Math.min(sizeGb, 1000) * firstTb + Math.max(0, sizeGb - 1000) * beyondFirstTb;
  return perMonth / HOURS_PER_MONTH;
}

/** The hourly price of a stopped pod's volume disk, in US dollars. */
export function stoppedDiskPricePerHour(sizeGb: number): number {
  return (sizeGb * storage.volumeDisk.stopped) / HOURS_PER_MONTH;
}

/** A GPU type and the hourly price of one GPU. */
interface Offer {
  readonly gpu: string;
  readonly price: number;
  readonly date: string;
}

/** As RunPod counts a month. */
export const HOURS_PER_MONTH = 730;

function offerOf(id: string, cloud: Cloud, prices: PriceTable | undefined): Offer | undefined {
  const newer = prices && newerPrices(prices).get(oneSpaced(id));
  if (prices && newer) {
    const [gpu, own] = newer;
    const price = cloud === "COMMUNITY" ? own?.community : own?.secure;
    return typeof price === "number" ? { gpu, price, date: prices.date } : undefined;
  }
  const shipped = gpuType(id);
  const price = shipped ? gpuPrice(shipped, cloud) : null;
  if (!shipped || price === null) {
    return undefined;
  }
  return { gpu: shipped.id, price, date: shipped.priceDate ?? "" };
}

/** Each table's rows by comparable id, built once per table. */
const indexed = new WeakMap<PriceTable, ReadonlyMap<string, [gpu: string, GpuPrices]>>();

/** The rows of a price table by comparable id. */
export function newerPrices(prices: PriceTable): ReadonlyMap<string, [gpu: string, GpuPrices]> {
  const known = indexed.get(prices);
  if (known !== undefined) {
    return known;
  }
  const rows = new Map(Object.entries(prices.gpus).map((row) => [oneSpaced(row[0]), row]));
  indexed.set(prices, rows);
  return rows;
}

/** RunPod's default is its secure cloud. */
function cloudOf({ cloudType }: PricedSpec): Cloud {
  return cloudType === "COMMUNITY" ? "COMMUNITY" : "SECURE";
}
