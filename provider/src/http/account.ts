import type { Clock } from "../core/clock";
import { RateGate } from "./gate";
import { RetryBudget } from "./retry-budget";

/** What all clients of a process that speak as one account have in common. */
export interface Account {
  readonly gate: RateGate;
  readonly budget: RetryBudget;
}

/** Shared also by several copies of this package; to be renamed with a change of what is shared. */
const ACCOUNTS = Symbol.for("runpod-stack.accounts.1");

/** @param name stands for origin and key, which it must not contain */
export function sharedAccount(name: string, clock: Clock): Account {
  const shared = globalThis as { [ACCOUNTS]?: Map<string, Account> };
  shared[ACCOUNTS] ??= new Map();
  const account = shared[ACCOUNTS].get(name) ?? {
    gate: new RateGate(clock),
    budget: new RetryBudget(),
  };
  shared[ACCOUNTS].set(name, account);
  return account;
}
