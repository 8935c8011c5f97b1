import { reachesAt } from "../money/billing";
import { stopPod, terminatePod } from "../pods/lifecycle";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { dismissWorker } from "./workers";

/**
 * Does what RunPod does when an account is empty, at the time when it became empty: stops pods with
 * a network volume, terminates all others with their data, and ends workers of endpoints.
 * @param at up to when
 */
export function enforceBalances(world: World, at = world.clock.now()): void {
  for (const account of world.store.accounts) {
    enforceBalance(world, account, at);
  }
}

function enforceBalance(world: World, account: Account, at: number): void {
  const emptyAt = reachesAt(account.meter, account.credit);
  if (emptyAt > at) {
    return;
  }
  for (const endpoint of account.endpoints.all()) {
    for (const worker of endpoint.fleet.filter(({ place }) => place !== null)) {
      dismissWorker(world, account, endpoint, worker, emptyAt);
    }
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
