import { safe } from "@runpod-stack/kit";
import type { Clock } from "../core/clock";
import { isRunpodError, UserError } from "../core/errors";
import { fingerprint } from "../core/token";
import { type Account, sharedAccount } from "./account";

/** The account of a call. */
export interface Identity extends Account {
  readonly apiKey: string;
  /** The API's origin, and a fingerprint of the API key that does not reveal it. */
  readonly account: { readonly origin: string; readonly fingerprint: string };
}

/** What a header may contain. */
const KEY = /^[\x21-\x7e]+$/;

/** The keys of a client: the first until RunPod rejects it, and a second one from then on. */
export class Identities {
  readonly #first: Identity;
  #current: Identity;

  /**
   * @param onUnauthorized returns the second key, if there is one
   * @throws UserError if the key is not valid
   */
  constructor(
    apiKey: string,
    private readonly origin: string,
    private readonly clock: Clock,
    private readonly onUnauthorized: () => string | undefined = () => undefined,
  ) {
    this.#first = this.#identity(apiKey);
    this.#current = this.#first;
  }

  get current(): Identity {
    return this.#current;
  }

  /** Makes a call, and repeats it with the second key if the first is rejected. */
  async ask<T>(call: (identity: Identity) => Promise<T>): Promise<T> {
    const asked = this.#current;
    try {
      return await call(asked);
    } catch (error) {
      // A 401 means that nothing was done, so even a create may be repeated.
      if (!isRunpodError(error, "unauthorized") || asked !== this.#first) {
        throw error;
      }
      // Another call may have switched keys already.
      if (this.#current === asked) {
        this.#turn(error);
      }
      return await call(this.#current);
    }
  }

  #turn(refusal: Error): void {
    const next = this.onUnauthorized();
    if (next === undefined) {
      throw refusal;
    }
    this.#current = this.#identity(next);
  }

  #identity(apiKey: string): Identity {
    if (!KEY.test(apiKey)) {
      throw unusableKey();
    }
    const account = { origin: this.origin, fingerprint: fingerprint(apiKey) };
    const shared = sharedAccount(`${account.origin} ${account.fingerprint}`, this.clock);
    return { apiKey, account, ...shared };
  }
}

function unusableKey(): UserError {
  return new UserError(
    safe`The RunPod API key contains a space, newline or other invalid character. Set runpod:apiKey or RUNPOD_API_KEY to just the key.`,
  );
}
