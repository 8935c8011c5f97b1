import { safe } from "@runpod-stack/kit";
import { isRunpodError, UserError } from "../../core/errors";
import { type AccountMark, type Hidden, isUnknown, type Previewed, UNKNOWN } from "../../schema";
import type { Context } from "./context";

/** The API that a process uses, and the fingerprint of its key if it has one. */
export interface Asked extends Pick<AccountMark, "origin"> {
  readonly fingerprint?: string;
  /** The former API of the same account, if it has moved. */
  readonly formerOrigin?: string;
}

/**
 * The inputs with the API that the object belongs to and, for objects that carry a token, the API
 * key's fingerprint. An interrupted create is then looked for in the right account.
 * @param isNew whether the resource is not in the state yet
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
  if (isUnknown(inputs["__token"])) {
    return { ...inputs, __account: UNKNOWN };
  }
  const leavesTrace = inputs["__token"] !== undefined && fingerprint !== undefined;
  return { ...inputs, __account: { origin, ...(leavesTrace && { fingerprint }) } };
}

/** @throws UserError if the stored object belongs to an API other than the one in use */
export function assertSameApi(stored: Hidden, { origin, formerOrigin }: Asked): void {
  const at = apiOf(stored);
  if (at === undefined || at === origin || at === formerOrigin) {
    return;
  }
  throw new UserError(
    safe`This stack's resources are at ${at}, but runpod:apiUrl (or RUNPOD_REST_V2_URL) now points to ${origin}. Set it back, or use another stack for ${origin}. If both belong to the same account, run \`pulumi up\` once with RUNPOD_STACK_FORMER_API_URL=${at}. If everything at ${at} is gone for good, as after an emulator ends, remove the stack with \`pulumi stack rm --force\`.`,
  );
}

/** The API that an object belongs to, by its stored inputs or outputs. */
export function apiOf(stored: Hidden): string | undefined {
  const { __account: asked, __live: live } = stored;
  return live?.account?.origin ?? asked?.origin;
}

/** The account of this process, as stored with what it creates. */
export function accountMark(context: Context): AccountMark {
  const { origin, fingerprint } = context.api.account;
  return { origin, fingerprint };
}

/**
 * Asks RunPod for an object; undefined if it does not exist. A "not found" from another account is
 * inconclusive, and therefore an error.
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
    if (!isRunpodError(error, "notFound")) {
      throw error;
    }
    assertSameAccount(context, what, outputs);
    return undefined;
  }
}

/** How one account differs from another; undefined if they are the same. */
export function accountDifference(
  one: AccountMark,
  other: AccountMark,
): "origin" | "key" | undefined {
  if (one.origin !== other.origin) {
    return "origin";
  }
  return one.fingerprint === other.fingerprint ? undefined : "key";
}

/**
 * The same for the account of an earlier run. A replaced key counts as the same account once this
 * process has deleted an object that was managed with it.
 */
export function differenceFromRun(
  { api, provenKeys }: Context,
  asked: AccountMark,
): "origin" | "key" | undefined {
  const difference = accountDifference(asked, api.account);
  return difference === "key" && provenKeys.has(asked.fingerprint) ? undefined : difference;
}

/** @throws UserError if the object was stored by another account or API than the one in use */
export function assertSameAccount(context: Context, what: string, outputs: Hidden): void {
  const stored = outputs["__live"]?.account;
  const current = accountMark(context);
  if (stored === undefined) {
    return;
  }
  const different = accountDifference(stored, current);
  if (different === undefined) {
    return;
  }
  const difference =
    different === "key"
      ? `the API key in use (fingerprint ${current.fingerprint}) is not the one that last managed it (fingerprint ${stored.fingerprint})`
      : `the API in use is ${current.origin}, and it was created at ${stored.origin}`;
  throw new UserError(
    safe`${what} was not found, but that is inconclusive: ${difference}. It is kept in the state and may still be billed. Set runpod:apiKey (or RUNPOD_API_KEY) and runpod:apiUrl (or RUNPOD_REST_V2_URL) back to its account. If it is really gone, remove it with \`pulumi state delete <urn>\`.`,
  );
}
