import { multiline, safe } from "@runpod-stack/kit";
import { UserError } from "../../core/errors";
import { isMarkedName, markOf } from "../../core/mark";
import { differenceFromRun } from "./account";
import { priceText } from "./bill";
import type { Context } from "./context";
import { isAlive, tokenOf } from "./pods";
import type { Stored } from "./stack-state";

/**
 * Nothing found proves nothing if it was looked for as someone else.
 * @param entries of one resource
 * @throws UserError if one of them was asked for elsewhere, or with another key
 */
export function assertAsked(context: Context, what: string, entries: readonly Stored[]): void {
  const { origin, fingerprint } = context.api.account;
  const other = entries.find(
    ({ account }) => account !== undefined && differenceFromRun(context, account) !== undefined,
  );
  if (other?.account === undefined) return;
  throw new UserError(
    safe`Creating ${what}: an interrupted run may have created it already, at ${other.account.origin} with the API key ${other.account.fingerprint} (a fingerprint); ${origin} was asked now, with the key ${fingerprint}. Nothing was created. Use the first key; or, if both are of the same account, run \`npx runpod-stack recover\` to check it, then \`pulumi refresh --clear-pending-creates\`, and \`pulumi up\` again.`,
  );
}

/**
 * Without the journal, whatever carries the stack mark may be what an interrupted create made.
 * @throws UserError if there is any such pod or volume
 */
export async function assertNoneUnaccounted(
  context: Context,
  what: string,
  token: string,
): Promise<void> {
  const mark = markOf(token) ?? "none";
  const { pods, volumes } = await context.accountAtStart();
  const marked = [
    ...pods
      .filter((pod) => isAlive(pod) && markOf(tokenOf(pod)) === mark)
      .map(({ id, name, cost }) => safe`  pod ${id} '${name}', ${priceText(cost)}`),
    ...volumes
      .filter(({ name }) => isMarkedName(name, mark))
      .map(({ id, name, size }) => safe`  volume ${id} '${name}', ${size} GB`),
  ];
  if (marked.length === 0) return;
  throw new UserError(
    multiline(
      safe`Creating ${what}: the stack's state could not be read, so an interrupted run may have created it already. Nothing was created. These objects carry the stack mark:`,
      ...marked,
      safe`Set RUNPOD_STACK_PULUMI to the Pulumi CLI that runs this stack, and select the stack with \`pulumi stack select\`. Then run \`pulumi up\` again.`,
    ),
  );
}
