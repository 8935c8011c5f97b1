/** The most bytes to keep from the end of a log: more than the limits on logs allow to be read. */
const MAX_BYTES = 33_554_432;

/** The end of a stream of any length. Drops the first line if it is cut. */
export async function endOfStream(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    for (let first = chunks[0]; first && size - first.length >= MAX_BYTES; first = chunks[0]) {
      chunks.shift();
      size -= first.length;
      isCut = true;
    }
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  return isCut ? text.slice(text.indexOf("\n") + 1) : text;
}
