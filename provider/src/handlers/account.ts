import { isRunpodError, UserError } from "../core/errors";
import type { Values } from "../schema";
import type { Context } from "./context";

/** Where an object lives and whose it is, as stored with it. */
export interface AccountMark {
  readonly origin: string;
  readonly fingerprint: string;
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
  outputs: Values,
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

/** @throws UserError if the object was stored by another account or API than the one in use */
function assertSameAccount(context: Context, what: string, outputs: Values): void {
  const stored = (outputs["__live"] as { account?: AccountMark } | undefined)?.account;
  const current = accountMark(context);
  if (!stored || (stored.origin === current.origin && stored.fingerprint === current.fingerprint))
    return;
  const difference =
    stored.origin === current.origin
      ? `the API key in use (fingerprint ${current.fingerprint}) is not the one that last managed it (fingerprint ${stored.fingerprint})`
      : `${current.origin} was asked, and it lives at ${stored.origin}`;
  throw new UserError(
    `${what} was not found, but that is inconclusive: ${difference}. It is kept in the state and may still be billed. ` +
      "Set runpod:apiKey (or RUNPOD_API_KEY) and runpod:apiUrl (or RUNPOD_REST_V2_URL) back to its account; " +
      "if it is really gone, remove it with `pulumi state delete <urn>`.",
  );
}
