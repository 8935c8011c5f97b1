import { stoppedDiskPricePerHour, volumePricePerHour } from "@runpod-stack/models";
import type { Pod } from "../../api";
import type { PodProperties, Stored } from "../../schema";

/** What a pod costs as RunPod reports it, to follow "is": "billed at 0.49 $/h". */
export function podBill({ status, cost, mounts }: Pod): string {
  const disk = mounts?.persistent?.size;
  if (status === "EXITED") {
    return `stopped, so ${diskBill(disk)}`;
  }
  return status === "ERROR" && cost === 0 ? `not running, so ${diskBill(disk)}` : priceOf(cost);
}

/** The same for a pod as last stored. */
export function storedPodBill({
  desiredStatus,
  costPerHr,
  volumeInGb,
}: Stored<PodProperties>): string {
  return desiredStatus === "EXITED" ? `stopped, so ${diskBill(volumeInGb)}` : priceOf(costPerHr);
}

/** What a pod costs while it is not running: only its persistent disk, if it has one. */
export function diskBill(sizeGb: unknown): string {
  if (typeof sizeGb !== "number") {
    return "its GPU is not billed";
  }
  const price = dollars(stoppedDiskPricePerHour(sizeGb));
  return `its GPU is not billed, but its persistent disk of ${sizeGb} GB is, at ${price} $/h`;
}

/** What a network volume costs, to follow "is". */
export function volumeBill(sizeGb: unknown): string {
  return typeof sizeGb === "number"
    ? `billed at ${dollars(volumePricePerHour(sizeGb))} $/h or more for its ${sizeGb} GB`
    : "billed by its size";
}

/** A price, which RunPod may leave out. */
export function priceText(cost: unknown): string {
  return typeof cost === "number" ? `${cost} $/h` : "price unknown";
}

function priceOf(cost: unknown): string {
  return typeof cost === "number" ? `billed at ${cost} $/h` : `billed, ${priceText(cost)}`;
}

function dollars(amount: number): number {
  return Number(amount.toPrecision(3));
}
