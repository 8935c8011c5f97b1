import { reachesAt } from "../money/billing";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { stopPod, terminatePod } from "./lifecycle";

/**
 * Does what RunPod does when an account is empty, at the time when it became empty: stops pods with
 * a network volume, and terminates all others with their data.
 */
export function enforceBalances(world: World): void {
  for (const account of world.store.accounts) {
    enforceBalance(world, account);
  }
}

function enforceBalance(world: World, account: Account): void {
  const emptyAt = reachesAt(account.meter, account.credit);
  if (emptyAt > world.clock.now()) {
    return;
  }
  const running = [...account.pods.all()].filter(({ life }) => life !== null);
  for (const pod of running) {
    if (pod.mounts.network) {
      stopPod(world, account, pod, emptyAt);
    } else {
      terminatePod(world, account, pod, emptyAt);
    }
  }
}
