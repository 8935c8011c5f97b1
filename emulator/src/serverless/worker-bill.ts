import { diskRate, HOUR_MS, restOfUnit } from "../money/billing";
import { charge, spend } from "../money/ledger";
import type { Endpoint, Worker, WorkerPhase } from "../state/endpoint";
import type { Account } from "../state/store";

/** Compute is billed by the second, disks by five minutes; both are rounded up. */
const COMPUTE_UNIT_MS = 1_000;
const DISK_UNIT_MS = 300_000;

const BILLED: ReadonlySet<WorkerPhase> = new Set<WorkerPhase>(["starting", "ready"]);

/** Bills the worker from `at` on as its phase asks; null ends it. */
export function billWorker(
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  phase: WorkerPhase | null,
  at: number,
): void {
  const isBilled = phase !== null && BILLED.has(phase);
  const { billedSince, place } = worker;
  if (isBilled === (billedSince !== null) || place === null) {
    return;
  }
  worker.billedSince = isBilled ? at : null;
  const rate = endpoint.fleet.reduce((sum, one) => sum + rateOf(one), 0);
  charge(account, endpoint.entry, rate, at);
  if (billedSince !== null) {
    const rest =
      (place.price * restOfUnit(at - billedSince, COMPUTE_UNIT_MS) +
        diskOf(worker) * restOfUnit(at - billedSince, DISK_UNIT_MS)) /
      HOUR_MS;
    spend(account, endpoint.entry, rest);
  }
}

function rateOf(worker: Worker): number {
  return worker.billedSince === null ? 0 : (worker.place?.price ?? 0) + diskOf(worker);
}

function diskOf({ settings }: Worker): number {
  return diskRate(settings.disk, 0, true);
}
