import { Readable } from "node:stream";
import { endOfStream } from "../../../provider/src/cli/end-of-stream";

const MIB = 1_048_576;

test("a short stream is read whole", async () => {
  expect(await endOfStream(Readable.from(["a\nb", Buffer.from("ä\n")]))).toBe("a\nbä\n");
});

test("the last lines of a long stream are kept", async () => {
  const line = `${"x".repeat(99)}\n`;
  const chunk = Buffer.from(line.repeat(Math.floor(MIB / 100)));
  const end = await endOfStream(Readable.from([...Array(40).fill(chunk), "last"]));
  expect(end.length).toBeLessThan(34 * MIB);
  expect(end.startsWith(line)).toBe(true);
  expect(end.endsWith(`${line}last`)).toBe(true);
});
