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

/** The hourly price of a running pod on the dearest of its fallbacks; null if one has no known price. */
export function hourlyPrice(_spec: PricedSpec): HourlyPrice | null {
  return null;
}

/** The hourly price of a network volume in US dollars. */
export function volumePricePerHour(_sizeGb: number): number {
  return 0;
}
