import { safe } from "@runpod-stack/kit";
import type { Clock } from "../core/clock";
import { isRunpodError, UserError } from "../core/errors";
import { fingerprint } from "../core/token";
import { type Account, sharedAccount } from "./account";

/** As whom a call is made. */
export interface Identity extends Account {
  readonly apiKey: string;
  /** Stands for the API key without giving it away. */
  readonly account: { readonly origin: string; readonly fingerprint: string };
}

/** What may stand in a header. */
const KEY = /^[\x21-\x7e]+$/;

/** As whom a client speaks: by its first key until that is refused, and by a second one from then on. */
export class Identities {
  readonly #first: Identity;
  #current: Identity;

  /**
   * @param onUnauthorized gives the second key, if there is one
   * @throws UserError if the key cannot be one
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

  /** Makes a call, and once more by the second key if the first is refused. */
  async ask<T>(call: (identity: Identity) => Promise<T>): Promise<T> {
    const asked = this.#current;
    try {
      return await call(asked);
    } catch (error) {
      // A 401 comes before anything is done: even a create may be asked again.
      if (!isRunpodError(error, "unauthorized") || asked !== this.#first) throw error;
      // Another call may have met the refusal before.
      if (this.#current === asked) this.#turn(error);
      return await call(this.#current);
    }
  }

  #turn(refusal: Error): void {
    const next = this.onUnauthorized();
    if (next === undefined) throw refusal;
    this.#current = this.#identity(next);
  }

  #identity(apiKey: string): Identity {
    if (!KEY.test(apiKey)) throw unusableKey();
    const account = { origin: this.origin, fingerprint: fingerprint(apiKey) };
    const shared = sharedAccount(`${account.origin} ${account.fingerprint}`, this.clock);
    return { apiKey, account, ...shared };
  }
}

function unusableKey(): UserError {
  return new UserError(
    safe`The RunPod API key holds a space, a line break or another character that no key has. Set runpod:apiKey or RUNPOD_API_KEY anew, to the key alone.`,
  );
}
