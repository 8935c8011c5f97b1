import table from "@runpod-stack/models/data/serverless-pools.json";
import { findGpuType } from "./catalog";

/** A group of GPU types, from which serverless workers are taken. */
export interface ServerlessPool {
  id: string;
  gpuTypeIds: readonly string[];
  /** Dollars per GPU and hour. */
  price: number;
}

const SECONDS_PER_HOUR = 3600;

/** The price of a pool without a published one is nominal: that of its most expensive pod. */
export const SERVERLESS_POOLS: readonly ServerlessPool[] = table.pools.map(
  ({ id, gpuTypeIds, pricePerSecond }) => ({
    id,
    gpuTypeIds,
    price:
      pricePerSecond === null
        ? Math.max(...gpuTypeIds.map((type) => findGpuType(type)?.price.SECURE ?? 0))
        : Math.round(pricePerSecond * SECONDS_PER_HOUR * 1e6) / 1e6,
  }),
);

export function findServerlessPool(id: string): ServerlessPool | undefined {
  return SERVERLESS_POOLS.find((pool) => pool.id === id);
}

/** The pool of a GPU type; undefined for a type that serverless does not offer. */
export function serverlessPoolOf(gpuTypeId: string): ServerlessPool | undefined {
  return SERVERLESS_POOLS.find(({ gpuTypeIds }) => gpuTypeIds.includes(gpuTypeId));
}
