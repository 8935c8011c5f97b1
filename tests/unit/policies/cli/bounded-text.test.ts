import { Readable } from "node:stream";
import { boundedText } from "../../../../policies/src/cli/bounded-text";
import { MAX_FILE_BYTES } from "../../../../policies/src/limits";

const read = (...chunks: (Uint8Array | string)[]) => boundedText("f", Readable.from(chunks));
const utf16 = (text: string) => Buffer.from(text, "utf16le");
const swapped = (text: string) => utf16(text).swap16();

test.each([
  ["UTF-8", Buffer.from("{ä}")],
  ["UTF-8 with a mark", Buffer.from("\ufeff{ä}")],
  ["UTF-16 with a mark", utf16("\ufeff{ä}")],
  ["UTF-16", utf16("{ä}")],
  ["swapped UTF-16 with a mark", swapped("\ufeff{ä}")],
  ["swapped UTF-16", swapped("{ä}")],
])("a file in %s is read", async (_, bytes) => {
  expect(await read(bytes)).toBe("{ä}");
});

test("strings and several chunks are joined, and nothing is nothing", async () => {
  expect(await read("{", Buffer.from("}"))).toBe("{}");
  expect(await read()).toBe("");
  expect(await read("a")).toBe("a");
  expect(await read(Buffer.from([0, 0]))).toBe("\0\0");
  expect(await read(Buffer.from([0xff, 0x41]))).toBe("\ufffdA");
  expect(await read(Buffer.from([0xfe, 0x41]))).toBe("\ufffdA");
  expect(await read(Buffer.from([0x41, 0xfe]))).toBe("A\ufffd");
  expect(await read(Buffer.from([0x41, 0xff]))).toBe("A\ufffd");
});

test("a file may be as large as the limit, and no larger", async () => {
  const chunk = Buffer.alloc(MAX_FILE_BYTES, 0x20);
  expect(await read(chunk)).toHaveLength(MAX_FILE_BYTES);
  await expect(read(chunk, "x")).rejects.toThrow(
    "f cannot be checked: it is larger than 32 MiB. Split it.",
  );
});
