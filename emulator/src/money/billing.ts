import tables from "@runpod-stack/models/data/gpus.json";
import type { NetworkVolume } from "@runpod-stack/openapi";

/** Adds up the cost of an object. The rate may change; the total never shrinks. */
export interface Meter {
  /** US dollars up to `since`. */
  spent: number;
  /** US dollars per hour from `since` on. */
  perHr: number;
  /** Virtual milliseconds. */
  since: number;
}

export type VolumeType = NetworkVolume["type"];

export const HOUR_MS = 3_600_000;
/** RunPod prices storage by the month; a month is a twelfth of 8,760 hours. */
const HOURS_PER_MONTH = 730;
const FIRST_TIER_GB = 1000;
/** RunPod prices fast volumes by data center; the emulator has one price for all. */
const HIGH_PERFORMANCE_FACTOR = 2;

export function openMeter(at: number): Meter {
  return { spent: 0, perHr: 0, since: at };
}

export function spentAt(meter: Meter, at: number): number {
  return meter.spent + (meter.perHr * Math.max(0, at - meter.since)) / HOUR_MS;
}

/** @param at may be before the last change: the difference is then paid from there on */
export function changeRate(meter: Meter, perHr: number, at: number): void {
  const since = Math.max(at, meter.since);
  const difference = ((perHr - meter.perHr) * (since - at)) / HOUR_MS;
  meter.spent = spentAt(meter, since) + difference;
  meter.perHr = perHr;
  meter.since = since;
}

/** From a duration to the end of the unit that it has begun (milliseconds). */
export function restOfUnit(ms: number, unit: number): number {
  return Math.ceil(ms / unit) * unit - ms;
}

/** When a meter will reach `amount`; infinite if it never does. */
export function reachesAt(meter: Meter, amount: number): number {
  const missing = amount - meter.spent;
  if (missing <= 0) {
    return meter.since;
  }
  return meter.perHr > 0 ? meter.since + (missing / meter.perHr) * HOUR_MS : Infinity;
}

/** Dollars per hour of a pod's own disks; the volume disk costs more while the pod is stopped. */
export function diskRate(diskGb: number, persistentGb: number, running: boolean): number {
  const { containerDisk, volumeDisk } = tables.storage;
  const perMonth = running
    ? diskGb * containerDisk.running + persistentGb * volumeDisk.running
    : diskGb * containerDisk.stopped + persistentGb * volumeDisk.stopped;
  return perMonth / HOURS_PER_MONTH;
}

/** Dollars per hour of a network volume. */
export function networkVolumeRate(sizeGb: number, type: VolumeType): number {
  const { firstTb, beyondFirstTb } = tables.storage.networkVolume;
  const perMonth =
    Math.min(sizeGb, FIRST_TIER_GB) * firstTb + Math.max(0, sizeGb - FIRST_TIER_GB) * beyondFirstTb;
  return (perMonth * (type === "HIGH_PERFORMANCE" ? HIGH_PERFORMANCE_FACTOR : 1)) / HOURS_PER_MONTH;
}
