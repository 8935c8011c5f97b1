import { safe } from "@runpod-stack/kit";
import { UnusableInput } from "@runpod-stack/kit/command";
import { MAX_FILE_BYTES } from "../limits";

/**
 * The text of a stream. A longer one, such as /dev/zero, is read no further than to the limit.
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
        safe`${name} cannot be judged: it is larger than ${MAX_FILE_BYTES / 1024 ** 2} MiB. Split it.`,
      );
    }
    chunks.push(bytes);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
