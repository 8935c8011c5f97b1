import { safe } from "@runpod-stack/kit";
import { mayHaveCommitted, type RunpodError, reworded, sentence } from "../../core/errors";
import type { Context } from "./context";

/**
 * Creates exactly one object. After an answer that may hide a success, checks whether the object
 * exists before the request is sent a second time. There is no third time.
 * @param what the object's name in messages, such as "pod 'llm'"
 * @param find finds the object after a lost answer
 * @param mark what distinguishes it from others, if its name does not
 */
export async function createOnce<T>(
  context: Context,
  what: string,
  send: () => Promise<T>,
  find: () => Promise<T | undefined>,
  mark?: string,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!mayHaveCommitted(error)) {
        throw error;
      }
      context.say(
        safe`${what}: RunPod gave no clear answer (${error.message}); checking whether it was created`,
      );
      const found = await find();
      if (found !== undefined) {
        return found;
      }
      // The same request would find the same lack of capacity.
      if (error.kind === "capacity") {
        throw error;
      }
      if (attempt === 2) {
        throw undecided(what, mark, error);
      }
    }
  }
}

function undecided(what: string, mark: string | undefined, error: RunpodError): RunpodError {
  const marked = mark === undefined ? what : `${what} with ${mark}`;
  const message = safe`${sentence(error.message)} The request was sent twice, and no object has appeared since. If RunPod created one after all, it may be billed. Look for ${marked} with \`npx -p @runpod-stack/provider runpod-stack recover\`, or in RunPod's console. Run \`pulumi up\` again once RunPod answers.`;
  return reworded(error, message);
}
