import { mayHaveCommitted } from "../core/errors";
import type { Context } from "./context";

/**
 * Creates an object of which there must be one: after an answer that may hide a success, it is
 * looked for before the request is sent a second time, and there is no third.
 * @param look finds what the lost answer was about
 */
export async function createOnce<T>(
  context: Context,
  what: string,
  send: () => Promise<T>,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!mayHaveCommitted(error)) throw error;
      context.say(
        `${what}: RunPod gave no clear answer (${error.message}); looking whether it was created`,
      );
      const found = await look();
      if (found !== undefined) return found;
      if (attempt === 2) throw error;
    }
  }
}
