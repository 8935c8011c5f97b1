import type { Clock } from "../core/clock";
import { RateGate } from "./gate";
import { RetryBudget } from "./retry-budget";

/** State that all clients of one account in a process share. */
export interface Account {
  readonly gate: RateGate;
  readonly budget: RetryBudget;
}

/** Shared across copies of this package. Rename it when the shared data changes. */
const ACCOUNTS = Symbol.for("runpod-stack.accounts.1");

/** @param name stands for the origin and the key; it must not contain the key */
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
