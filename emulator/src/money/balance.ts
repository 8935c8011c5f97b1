import { ApiError } from "../core/problem";
import { type Meter, spentAt } from "./billing";

interface Wallet {
  /** Total dollars paid in. */
  credit: number;
  readonly meter: Meter;
}

/** What the account has left, in dollars. */
export function balanceOf(account: Wallet, at: number): number {
  return account.credit - spentAt(account.meter, at);
}

/** Sets the balance at `at`; it falls as money is spent. */
export function setBalance(account: Wallet, dollars: number, at: number): void {
  account.credit = dollars + spentAt(account.meter, at);
}

/** @throws 402 unless the balance covers an hour of this. */
export function checkCredit(account: Wallet, perHr: number, at: number): void {
  if (balanceOf(account, at) < perHr) {
    throw new ApiError(
      402,
      "insufficient balance: at least one hour of the pod's cost is required",
    );
  }
}
