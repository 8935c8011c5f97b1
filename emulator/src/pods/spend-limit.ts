import { ApiError } from "../core/problem";
import type { Account } from "../state/store";
import type { World } from "../state/world";

/** A new account's limit: https://docs.runpod.io/accounts-billing/billing#spending-limits */
export const LIVE_SPEND_LIMIT = 80;

/**
 * Compares with compute alone, as described at
 * https://docs.runpod.io/api-reference-v2/account/get-account-limits
 * @param perHr dollars per hour of the pod that would start
 * @throws 400 if it would cost too much together with the running pods
 */
export function checkSpendLimit({ options }: World, account: Account, perHr: number): void {
  const { spendLimit } = options;
  if (spendLimit === null) {
    return;
  }
  const running = [...account.pods.all()]
    .filter(({ life }) => life !== null)
    .reduce((sum, { price }) => sum + price, 0);
  if (running + perHr > spendLimit) {
    throw new ApiError(
      400,
      `this pod would exceed the account's spend limit of $${spendLimit} per hour. Stop other pods, or contact support to increase the limit.`,
    );
  }
}
