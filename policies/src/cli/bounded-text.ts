import { UnreadableInput } from "../input/unreadable";
import { MAX_FILE_BYTES } from "../limits";

/**
 * The text of a stream. A longer one, such as /dev/zero, is read no further than to the limit.
 * @throws {UnreadableInput}
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
      const limit = `it is larger than ${MAX_FILE_BYTES / 1024 ** 2} MiB`;
      throw new UnreadableInput(`${name} cannot be judged: ${limit}. Split it.`);
    }
    chunks.push(bytes);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
