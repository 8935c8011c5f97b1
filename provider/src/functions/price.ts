/** What the catalog lists, with what it costs. */
interface Priced {
  readonly id: string;
  readonly costPerHr: number | null;
}

/** A price for a number of units, in USD per hour; null if RunPod gives none. */
export function inDollars(price: number | undefined, count: number): number | null {
  return price ? Number((price * count).toFixed(4)) : null;
}

/** Whether it costs no more than that. What has no price costs too much. */
export function isWithin(priced: Priced, maxCostPerHr: number | undefined): boolean {
  return maxCostPerHr === undefined || priceOf(priced) <= maxCostPerHr;
}

/** Cheapest first, and what has no price last; what costs the same by id. */
export function byPrice(one: Priced, other: Priced): number {
  return priceOf(one) - priceOf(other) || one.id.localeCompare(other.id);
}

function priceOf({ costPerHr }: Priced): number {
  return costPerHr ?? Number.POSITIVE_INFINITY;
}
