import { multiline, type Safe, safe } from "@runpod-stack/kit";
import { UserError } from "../../core/errors";
import { isMarkedName, markOf } from "../../core/mark";
import { differenceFromRun } from "./account";
import { clusterText } from "./clusters";
import type { Context } from "./context";
import { ENDPOINTS } from "./endpoints";
import { PODS } from "./pods";
import type { Stored } from "./stack-state";
import { type Tokened, type TokenedKind, tokenOf } from "./tokened";

/**
 * An empty result is inconclusive if the check used another account.
 * @param entries of one resource
 * @throws UserError if one of them was created at another API or with another key
 */
export function assertAsked(context: Context, what: string, entries: readonly Stored[]): void {
  const { origin, fingerprint } = context.api.account;
  const other = entries.find(
    ({ account }) => account !== undefined && differenceFromRun(context, account) !== undefined,
  );
  if (other?.account === undefined) {
    return;
  }
  throw new UserError(
    safe`Creating ${what}: an interrupted run may have created it already, at ${other.account.origin} with the API key ${other.account.fingerprint} (a fingerprint), but this run uses ${origin} with the key ${fingerprint}. Nothing was created. Use the first key. If both belong to the same account, run \`npx -p @runpod-stack/provider runpod-stack recover\` to check it, then \`pulumi refresh --clear-pending-creates\`, and \`pulumi up\` again.`,
  );
}

/**
 * Without the journal, any object with the stack mark may be the result of an interrupted create.
 * @throws UserError if there is such an object that is billed
 */
export async function assertNoneUnaccounted(
  context: Context,
  what: string,
  token: string,
): Promise<void> {
  const mark = markOf(token) ?? "none";
  const { pods, endpoints, volumes, clusters } = await context.accountAtStart();
  const marked = [
    ...lines(PODS, pods, mark),
    ...lines(ENDPOINTS, endpoints, mark),
    ...volumes
      .filter(({ name }) => isMarkedName(name, mark))
      .map(({ id, name, size }) => safe`  volume ${id} '${name}', ${size} GB`),
    ...clusters
      .filter(({ name }) => isMarkedName(name, mark))
      .map((cluster) => safe`  ${clusterText(cluster)}`),
  ];
  if (marked.length === 0) {
    return;
  }
  throw new UserError(
    multiline(
      safe`Creating ${what}: the stack's state could not be read, so an interrupted run may have created it already. Nothing was created. These objects carry the stack mark:`,
      ...marked,
      safe`Set RUNPOD_STACK_PULUMI to the Pulumi CLI that runs this stack, and select the stack with \`pulumi stack select\`. Then run \`pulumi up\` again.`,
    ),
  );
}

function lines<T extends Tokened>(
  kind: TokenedKind<T>,
  objects: readonly T[],
  mark: string,
): Safe[] {
  return objects
    .filter((object) => kind.isAlive(object) && markOf(tokenOf(object)) === mark)
    .map((object) => safe`  ${kind.noun} ${object.id} '${object.name}', ${kind.price(object)}`);
}
