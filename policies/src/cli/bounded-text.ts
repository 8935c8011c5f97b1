import { safe } from "@runpod-stack/kit";
import { UnusableInput } from "@runpod-stack/kit/command";
import { MAX_FILE_BYTES } from "../limits";

/**
 * Reads a stream, but no further than the limit: /dev/zero never ends.
 * @throws {UnusableInput}
 */
export async function boundedText(
  name: string,
  stream: AsyncIterable<Uint8Array | string>,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_FILE_BYTES) {
      throw new UnusableInput(
        safe`${name} cannot be checked: it is larger than ${MAX_FILE_BYTES / 1024 ** 2} MiB. Split it.`,
      );
    }
    chunks.push(bytes);
  }
  const bytes = Buffer.concat(chunks);
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** PowerShell redirects output as UTF-16. Every valid input begins with an ASCII character. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) {
    return "utf-16le";
  }
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0)
    ? "utf-16be"
    : "utf-8";
}
