import { safe } from "@runpod-stack/kit";
import { isRunpodError, UserError } from "../../core/errors";
import { type AccountMark, type Hidden, isUnknown, type Previewed, UNKNOWN } from "../../schema";
import type { Context } from "./context";

/** Which API a process asks, and as whom, if it has a key. */
export interface Asked extends Pick<AccountMark, "origin"> {
  readonly fingerprint?: string;
  /** Where the same account was reached before, if it has moved. */
  readonly formerOrigin?: string;
}

/**
 * The inputs with what is asked for them: where the object is to be, and for what leaves a trace at
 * RunPod also as whom, so that a create that is cut off is looked for in the right account.
 * @param isNew whether the resource is in no state yet
 */
export function withAccount<I extends Previewed<object>>(
  isNew: boolean,
  old: Hidden,
  inputs: I,
  asked: Asked,
): I {
  const { origin, fingerprint } = asked;
  if (!isNew) {
    const { __account: account } = old;
    return account ? { ...inputs, __account: { ...account, origin } } : inputs;
  }
  if (isUnknown(inputs["__token"])) return { ...inputs, __account: UNKNOWN };
  const leavesTrace = inputs["__token"] !== undefined && fingerprint !== undefined;
  return { ...inputs, __account: { origin, ...(leavesTrace && { fingerprint }) } };
}

/** @throws UserError if the stored values are of an object behind another API than the one asked */
export function assertSameApi(stored: Hidden, { origin, formerOrigin }: Asked): void {
  const at = apiOf(stored);
  if (at === undefined || at === origin || at === formerOrigin) return;
  throw new UserError(
    safe`This stack's resources are at ${at}, but runpod:apiUrl (or RUNPOD_REST_V2_URL) now leads to ${origin}. Set it back, or use another stack for ${origin}. If both lead to the same account, run \`pulumi up\` once with RUNPOD_STACK_FORMER_API_URL=${at}. If what was at ${at} is gone for good, such as an emulator's, remove the stack with \`pulumi stack rm --force\`.`,
  );
}

/** Where an object lives, as its stored inputs or outputs show it. */
export function apiOf(stored: Hidden): string | undefined {
  const { __account: asked, __live: live } = stored;
  return live?.account?.origin ?? asked?.origin;
}

/** The account that the process speaks for, to be stored with what it creates. */
export function accountMark(context: Context): AccountMark {
  const { origin, fingerprint } = context.api.account;
  return { origin, fingerprint };
}

/**
 * Asks RunPod for an object; undefined if RunPod says that it does not exist. Another account's
 * "not found" says nothing of this object and is an error.
 */
export async function unlessGone<T>(
  context: Context,
  what: string,
  outputs: Hidden,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isRunpodError(error, "notFound")) throw error;
    assertSameAccount(context, what, outputs);
    return undefined;
  }
}

/** How one account differs from another; undefined if both are one. */
export function accountDifference(
  one: AccountMark,
  other: AccountMark,
): "origin" | "key" | undefined {
  if (one.origin !== other.origin) return "origin";
  return one.fingerprint === other.fingerprint ? undefined : "key";
}

/** The same for what an earlier run asked. A replaced key is known by what this process could delete with it. */
export function differenceFromRun(
  { api, provenKeys }: Context,
  asked: AccountMark,
): "origin" | "key" | undefined {
  const difference = accountDifference(asked, api.account);
  return difference === "key" && provenKeys.has(asked.fingerprint) ? undefined : difference;
}

/** @throws UserError if the object was stored by another account or API than the one in use */
function assertSameAccount(context: Context, what: string, outputs: Hidden): void {
  const stored = outputs["__live"]?.account;
  const current = accountMark(context);
  if (stored === undefined) return;
  const different = accountDifference(stored, current);
  if (different === undefined) return;
  const difference =
    different === "key"
      ? `the API key in use (fingerprint ${current.fingerprint}) is not the one that last managed it (fingerprint ${stored.fingerprint})`
      : `${current.origin} was asked, and it lives at ${stored.origin}`;
  throw new UserError(
    safe`${what} was not found, but that is inconclusive: ${difference}. It is kept in the state and may still be billed. Set runpod:apiKey (or RUNPOD_API_KEY) and runpod:apiUrl (or RUNPOD_REST_V2_URL) back to its account; if it is really gone, remove it with \`pulumi state delete <urn>\`.`,
  );
}
