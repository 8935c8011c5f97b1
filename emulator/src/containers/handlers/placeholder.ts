import type { JobHandler } from "./job-handler";

/** The handler of an image that the emulator does not know: returns its input, and says what it is. */
export function placeholderHandler(image: string): JobHandler {
  return (input) => ({
    output: { emulator: `placeholder for ${image}, which returns its input`, input },
  });
}
