import table from "./data/serverless-pools.json";

const SECONDS_PER_HOUR = 3600;

/**
 * The hourly price of one GPU of a serverless worker in US dollars, in the most expensive of the
 * pools. Skips pools without a known price; null if none has one.
 */
export function serverlessPricePerHour(pools: readonly string[]): number | null {
  const prices = table.pools
    .filter(({ id }) => pools.includes(id))
    .flatMap(({ pricePerSecond }) => pricePerSecond ?? []);
  return prices.length === 0 ? null : Math.max(...prices) * SECONDS_PER_HOUR;
}
