import { ApiError } from "../core/problem";
import type { Account } from "../state/store";
import type { World } from "../state/world";

/** A new account's limit: https://docs.runpod.io/accounts-billing/billing#spending-limits */
export const LIVE_SPEND_LIMIT = 80;

/**
 * Compares with compute alone, as described at
 * https://docs.runpod.io/api-reference-v2/account/get-account-limits
 * @param perHr dollars per hour of the pod that would start
 * @throws 400 if it would cost too much together with what runs
 */
export function checkSpendLimit(world: World, account: Account, perHr: number): void {
  if (!fitsSpendLimit(world, account, perHr)) {
    throw new ApiError(
      400,
      `this pod would exceed the account's spend limit of $${world.options.spendLimit} per hour. Stop other pods, or contact support to increase the limit.`,
    );
  }
}

/** Whether the account's running pods and workers may cost that much more per hour. */
export function fitsSpendLimit({ options }: World, account: Account, perHr: number): boolean {
  const { spendLimit } = options;
  if (spendLimit === null) {
    return true;
  }
  const pods = [...account.pods.peek()].filter(({ life }) => life !== null);
  const workers = [...account.endpoints.peek()].flatMap(({ fleet }) => fleet);
  const running = [
    ...pods.map(({ price }) => price),
    ...workers.map(({ place }) => place?.price ?? 0),
  ];
  return running.reduce((sum, price) => sum + price, perHr) <= spendLimit;
}
