import { reachesAt } from "../money/billing";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { stopPod, terminatePod } from "./lifecycle";

/**
 * Does what RunPod does once an account is empty, at the moment it became so: pods on a network
 * volume are stopped, all others terminated with what was on them.
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
