import { readText } from "../../../provider/src/http/transport";

const EIGHT_MIB = 8 * 1_024 * 1_024;

async function* parts(...sizes: number[]) {
  for (const size of sizes) {
    yield Buffer.alloc(size, "x");
  }
}

test("an answer of eight mebibytes is read", async () => {
  expect(await readText(parts(EIGHT_MIB - 1, 1))).toHaveLength(EIGHT_MIB);
});

test("an answer of one more byte is not", async () => {
  await expect(readText(parts(EIGHT_MIB, 1))).rejects.toThrow(
    "an answer of more than 8388608 bytes",
  );
});

test("a character that arrives in two parts is read as one", async () => {
  const bytes = Buffer.from("ä");
  const halves = async function* () {
    yield bytes.subarray(0, 1);
    yield bytes.subarray(1);
  };
  expect(await readText(halves())).toBe("ä");
});
