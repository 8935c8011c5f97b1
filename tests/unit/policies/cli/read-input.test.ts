import { openSync, statSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import type { Terminal } from "@runpod-stack/kit/command";
import { isStored, readInput } from "../../../../policies/src/cli/read-input";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

const terminal = (stdin: object) => ({ stdin }) as unknown as Terminal;
const input = (text: string) => terminal(Readable.from([text]));
const here = path.relative("", __filename);

test("a file or standard input is read with its name", async () => {
  const both = (name: string, text: string) => `${name}: ${text.length}`;
  expect(await readInput("-", input("a"), both)).toBe("standard input: 1");
  expect(await readInput(here, input(""), both)).toBe(`${here}: ${statSync(here).size}`);
});

test("what cannot be checked is the user's to change, and other errors are not", async () => {
  const failing = (error: Error) =>
    readInput("-", input(""), () => {
      throw error;
    });
  await expect(failing(new UnreadableInput("f\nis odd"))).rejects.toMatchObject({
    name: "Error",
    message: "f is odd",
  });
  const bug = new TypeError("bug");
  await expect(failing(bug)).rejects.toBe(bug);
});

test("only a file on disk is stored", () => {
  expect(isStored(here, terminal({}))).toBe(true);
  expect(isStored(path.dirname(here), terminal({}))).toBe(false);
  expect(isStored("none", terminal({}))).toBe(false);
  expect(isStored("-", terminal({}))).toBe(false);
  expect(isStored("-", terminal({ fd: openSync(here, "r") }))).toBe(true);
  expect(isStored("-", terminal({ fd: openSync("/dev/null", "r") }))).toBe(false);
});
