import { storage } from "./data/gpus.json";
import table from "./data/serverless-pools.json";
import { oneSpaced } from "./gpus";
import {
  HOURS_PER_MONTH,
  type HourlyPrice,
  newerPrices,
  type PricedSpec,
  type PriceTable,
} from "./price";

/** A group of GPU types from which RunPod takes serverless workers. */
export interface ServerlessPool {
  /** For example `"ADA_24"`. */
  readonly id: string;
  readonly gpuTypeIds: readonly string[];
  /** List price of a worker in US dollars per GPU and second; null if RunPod publishes none. */
  readonly pricePerSecond: number | null;
}

/** All pools in the bundled table. */
export function serverlessPools(): readonly ServerlessPool[] {
  return POOLS;
}

/** The pool that contains a GPU type; undefined for a type that is not known to be in one. */
export function serverlessPool(gpuTypeId: string): ServerlessPool | undefined {
  return BY_TYPE.get(oneSpaced(gpuTypeId));
}

/**
 * The hourly price of one GPU of a serverless worker in US dollars, in the most expensive of the
 * pools. Skips pools without a known price; null if none has one.
 */
export function serverlessPricePerHour(pools: readonly string[]): number | null {
  const prices = POOLS.filter(({ id }) => pools.includes(id)).flatMap(
    ({ pricePerSecond }) => pricePerSecond ?? [],
  );
  return prices.length === 0 ? null : Math.max(...prices) * SECONDS_PER_HOUR;
}

/**
 * The hourly price of a running serverless worker with its disk, on the most expensive of its GPU
 * types. Skips GPU types without a known price; null if none has a price, as for CPU workers. RunPod
 * may agree on a discount for workers that are always on.
 *
 * @param prices prices that take precedence over the bundled table
 */
export function workerPrice(
  { gpuTypeIds = [], gpuCount = 1, containerDiskInGb = 0 }: PricedSpec,
  prices?: PriceTable,
): HourlyPrice | null {
  let worst: { gpu: string; price: number; date: string } | undefined;
  for (const gpu of gpuTypeIds) {
    const offer = offerOf(gpu, prices);
    if (offer && offer.price > (worst?.price ?? -1)) {
      worst = { gpu, ...offer };
    }
  }
  if (worst === undefined) {
    return null;
  }
  const disk = (containerDiskInGb * storage.containerDisk.running) / HOURS_PER_MONTH;
  return { perHour: worst.price * gpuCount + disk, worstGpu: worst.gpu, date: worst.date };
}

const POOLS: readonly ServerlessPool[] = table.pools;
const BY_TYPE = new Map(
  POOLS.flatMap((pool) => pool.gpuTypeIds.map((id) => [oneSpaced(id), pool] as const)),
);
const SECONDS_PER_HOUR = 3_600;

function offerOf(
  id: string,
  prices: PriceTable | undefined,
): { price: number; date: string } | undefined {
  const [, newer] = (prices && newerPrices(prices).get(oneSpaced(id))) ?? [];
  if (prices && typeof newer?.serverless === "number") {
    return { price: newer.serverless, date: prices.date };
  }
  const perSecond = serverlessPool(id)?.pricePerSecond ?? null;
  return perSecond === null ? undefined : { price: perSecond * SECONDS_PER_HOUR, date: table.date };
}
