/** The most bytes to keep from the end of a log: more than the limits on logs allow to be read. */
const MAX_BYTES = 33_554_432;
/** The first bytes, which show the encoding. */
const SAMPLE = 4_096;

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
  const bytes = Buffer.concat(chunks);
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return isCut ? text.slice(text.indexOf("\n") + 1) : text;
}

/** UTF-16 is known by its byte order mark, or by the zero that each Latin letter has there. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return "utf-16le";
  }
  if (first === 0xfe && second === 0xff) {
    return "utf-16be";
  }
  const start = bytes.subarray(0, SAMPLE);
  const zerosAt = (rest: number) =>
    start.filter((byte, index) => byte === 0 && index % 2 === rest).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  if (Math.max(even, odd) <= start.length / 4) {
    return "utf-8";
  }
  return odd > even ? "utf-16le" : "utf-16be";
}
