import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { safe } from "@runpod-stack/kit";
import {
  addCommands,
  Command,
  endings,
  examples,
  list,
  paragraph,
  runTool,
  STATUS,
  teach,
  UnusableInput,
} from "@runpod-stack/kit/command";

class Expected extends Error {
  declare readonly message: ReturnType<typeof safe>;
}

const TOOL = {
  name: "tool",
  version: "1.2.3",
  description: "A tool of many words, which are more than forty columns hold.",
  isExpected: (error: unknown): error is Expected => error instanceof Expected,
};

/** Runs a tool with one command, `act`. */
async function run(args: readonly string[], act: () => void = () => {}, columns = "") {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = { stdin: Readable.from([]), stdout, stderr, env: { COLUMNS: columns } };
  const status = await runTool(
    TOOL,
    (root, { end }) => {
      const command = new Command("act").action(() => {
        act();
        end(STATUS.found);
      });
      addCommands(
        root,
        teach(
          command,
          paragraph("It does what it is given to do, and no more than that."),
          list("Words:", { one: "the first of all numbers that are counted", second: "the next" }),
          examples("tool act", ["twice, in a row", "tool act &&\n  tool act"]),
          endings({ 1: "it acted" }),
        ),
      );
    },
    args,
    terminal,
  );
  stdout.end();
  stderr.end();
  return { status, stdout: await text(stdout), stderr: await text(stderr) };
}

const failing = (error: unknown) =>
  run(["act"], () => {
    throw error;
  });

test("ends as its command does", async () => {
  expect(await run(["act"])).toEqual({ status: 1, stdout: "", stderr: "" });
});

test("shows an expected failure as it is, and ends with 2", async () => {
  const sentence = safe`No such file: ${"x".repeat(70)}. Name another one.`;
  const stderr = `No such file:\n  ${"x".repeat(70)}. Name\n  another one.\n`;
  expect(await failing(new UnusableInput(sentence))).toEqual({ status: 2, stdout: "", stderr });
  const lines = safe`${"word ".repeat(30)}end`;
  const withLines = await failing(new UnusableInput(safe`It failed:`, lines));
  expect(withLines.stderr).toBe(`It failed:\n${lines}\n`);
  expect(await failing(new Expected(sentence))).toEqual({ status: 2, stdout: "", stderr });
});

test.each([[new TypeError("odd \u001b[31m\n::error::FORGED")], ["odd"]])(
  "shows where an unexpected failure comes from, harmless, and ends with 2",
  async (error) => {
    const { status, stdout, stderr } = await failing(error);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^tool failed\. Please report this:\n(?:TypeError: )?odd/);
    expect(stderr).not.toContain("\u001b");
    expect(stderr).not.toMatch(/^\s*::/m);
    if (error instanceof Error) {
      expect(stderr).toMatch(/run\.test\.ts/);
    }
  },
);

test("shows help in the width of its terminal", async () => {
  const { stdout } = await run(["act", "--help"], undefined, "44");
  expect(stdout).toBe(`Usage: tool act [options]

Options:
  -h, --help  show this help

It does what it is given to do, and no more
than that.

Words:
  one     the first of all numbers that are counted
  second  the next

Examples:
  $ tool act
  # twice, in a row
  $ tool act &&
      tool act

Exit status:
  1  it acted
`);
});

test("suggests the nearest name", async () => {
  expect(await run(["akt"])).toEqual({
    status: 2,
    stdout: "",
    stderr: "error: unknown command 'akt' (Did you mean act?)\n(--help shows how to use it)\n",
  });
});
