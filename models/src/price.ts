import { storage } from "./data/gpus.json";
import { type Cloud, gpuPrice, gpuType, oneSpaced } from "./gpus";

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

/** Prices by GPU type that are newer than the shipped ones. */
export interface PriceTable {
  /** The day on which they were read, as `"2026-11-09"`. */
  readonly date: string;
  readonly gpus: Readonly<Record<string, GpuPrices>>;
}

/** Per GPU and hour in US dollars; null where a cloud does not offer the type. */
export interface GpuPrices {
  readonly secure: number | null;
  readonly community: number | null;
}

/**
 * The hourly price of a running pod with its disks, on the most expensive of its fallbacks. Fallbacks
 * without a known price are passed over; null if none has one, as on CPU pods. A network volume is
 * not part of a pod: see `volumePricePerHour`.
 *
 * @param prices what to go by where it names the GPU type; else the shipped table
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

/** The hourly price of the persistent disk of a pod that is stopped, in US dollars. */
export function stoppedDiskPricePerHour(sizeGb: number): number {
  return (sizeGb * storage.volumeDisk.stopped) / HOURS_PER_MONTH;
}

/** One GPU of a type, and what it costs an hour. */
interface Offer {
  readonly gpu: string;
  readonly price: number;
  readonly date: string;
}

const HOURS_PER_MONTH = 730;

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

/** A table's rows by the id as it is compared, made once a table. */
const indexed = new WeakMap<PriceTable, ReadonlyMap<string, [gpu: string, GpuPrices]>>();

function newerPrices(prices: PriceTable): ReadonlyMap<string, [gpu: string, GpuPrices]> {
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
