import { reachesAt, spentAt } from "./billing";
import { stopPod, terminatePod } from "./pods/lifecycle";
import { ApiError } from "./problem";
import type { Account } from "./store";
import type { World } from "./world";

export function accountOf(world: World, apiKey: string | null): Account | undefined {
  return world.store.accounts.find((account) => account.apiKey === apiKey);
}

/** What the account has left, in dollars. */
export function balanceOf(account: Account, at: number): number {
  return account.credit - spentAt(account.meter, at);
}

/** Sets the balance as it is now. */
export function setBalance(world: World, account: Account, dollars: number): void {
  account.credit = dollars + spentAt(account.meter, world.clock.now());
}

/** @throws 402 unless an hour of this is paid for. */
export function checkCredit(world: World, account: Account, perHr: number): void {
  if (balanceOf(account, world.clock.now()) < perHr) {
    throw new ApiError(
      402,
      "insufficient balance: at least one hour of the pod's cost is required",
    );
  }
}

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
