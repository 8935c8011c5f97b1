import { type HourlyPrice, type PriceTable, workerPrice } from "@runpod-stack/models";
import { isKnown, type Known, UNKNOWN, wholeList } from "./known";
import type { EndpointSpec } from "./spec";

/**
 * What one worker of an endpoint costs while it runs; undefined if its price is not in the table. A
 * disk of unknown size is left out: it is a small part of the price.
 */
export function workerCost(spec: EndpointSpec, prices: PriceTable | undefined): Known<HourlyPrice> {
  const gpuTypeIds = wholeList(spec.gpuTypeIds);
  const { gpuCount = 1, containerDiskInGb = 0 } = spec;
  if (spec.gpuTypeIds !== undefined && gpuTypeIds === undefined) {
    return UNKNOWN;
  }
  if (gpuCount === UNKNOWN) {
    return UNKNOWN;
  }
  const disk = containerDiskInGb === UNKNOWN ? 0 : containerDiskInGb;
  return (
    workerPrice({ gpuTypeIds: gpuTypeIds ?? [], gpuCount, containerDiskInGb: disk }, prices) ??
    undefined
  );
}

/** The workers that are always on, and billed. */
export function alwaysOn({ workersMin = 0 }: EndpointSpec): Known<number> {
  return workersMin;
}

/** The most workers at a time, by RunPod's documented default if it is not set. */
export function atMost({ workersMax = 3, workersMin = 0 }: EndpointSpec): Known<number> {
  return isKnown(workersMax) && isKnown(workersMin) ? Math.max(workersMax, workersMin) : UNKNOWN;
}

/** Whether some workers are known to start and stop by demand. */
export function isScaled(spec: EndpointSpec): boolean {
  const least = alwaysOn(spec);
  const most = atMost(spec);
  return isKnown(least) && isKnown(most) && least < most;
}

/** "2 workers with 1 × NVIDIA L40S each". */
export function workersWith(count: number, { gpuCount = 1 }: EndpointSpec, gpu: string): string {
  const gpus = `${isKnown(gpuCount) ? gpuCount : 1} × ${gpu}`;
  return count === 1 ? `1 worker with ${gpus}` : `${count} workers with ${gpus} each`;
}
