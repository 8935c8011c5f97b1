import { safe } from "@runpod-stack/kit";
import { mayHaveCommitted, type RunpodError, reworded, sentence } from "../../core/errors";
import type { Context } from "./context";

/**
 * Creates an object of which there must be one: after an answer that may hide a success, it is
 * looked for before the request is sent a second time, and there is no third.
 * @param what as messages name it, such as "pod 'llm'"
 * @param look finds what the lost answer was about
 * @param mark what tells it from others, if its name does not
 */
export async function createOnce<T>(
  context: Context,
  what: string,
  send: () => Promise<T>,
  look: () => Promise<T | undefined>,
  mark?: string,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!mayHaveCommitted(error)) throw error;
      context.say(
        safe`${what}: RunPod gave no clear answer (${error.message}); checking whether it was created`,
      );
      const found = await look();
      if (found !== undefined) return found;
      // The same request would meet the same machine.
      if (error.kind === "capacity") throw error;
      if (attempt === 2) throw undecided(what, mark, error);
    }
  }
}

function undecided(what: string, mark: string | undefined, error: RunpodError): RunpodError {
  const marked = mark === undefined ? what : `${what} with ${mark}`;
  const message = safe`${sentence(error.message)} The request was sent twice, and nothing has shown up since. If RunPod created it after all, it may be billed: look for ${marked} with \`npx runpod-stack recover\`, or in RunPod's console. Run \`pulumi up\` again once RunPod answers.`;
  return reworded(error, message);
}
