import { existsSync } from "node:fs";
import path from "node:path";
import { CLIENTS, type Client, titleOf } from "../../../../tools/clients/clients.mts";
import { lineOf, passed, readStep, tableOf } from "../../../../tools/clients/report.mts";
import { readPart } from "../../../../tools/generate/part.mts";

const ROOT = path.join(__dirname, "../../../..");
const client: Client = {
  registry: "npm",
  package: "openai",
  version: "1.2.3",
  program: "use-openai.mjs",
  settings: "`baseURL`",
};
const works = { step: "chat", seconds: 0.12 };
const last = { step: "nothing is billed at the end", seconds: 0 };
const cannot = { step: "embeddings", seconds: 0, cannot: "a chat model has none" };
const fails = { step: "stream", seconds: 3.21, error: "Error: closed\nby the server" };

describe("The report on other clients", () => {
  test("has one line for each step, with the reason of what did not work", () => {
    expect(lineOf(client, works)).toBe("ok      openai (npm)  chat  0.1 s");
    expect(lineOf(client, cannot)).toBe(
      "cannot  openai (npm)  embeddings  0.0 s: a chat model has none",
    );
    expect(lineOf(client, fails)).toBe(
      "failed  openai (npm)  stream  3.2 s: Error: closed\n    by the server",
    );
  });

  test("reads steps, and ignores what else a client prints", () => {
    expect(readStep(JSON.stringify(works))).toEqual(works);
    for (const line of ["", "1", "null", "{", '{"step":"chat"}', "abc: IN_PROGRESS"]) {
      expect(readStep(line)).toBeUndefined();
    }
  });

  test("passes if every step went as expected, and there was one before the bill", () => {
    expect(passed({ client, steps: [works, cannot, last] })).toBe(true);
    expect(passed({ client, steps: [works, fails, last] })).toBe(false);
    expect(passed({ client, steps: [last] })).toBe(false);
  });

  test("becomes a table with the date, the versions and what is missing", () => {
    const steps = [works, cannot, { ...cannot, step: "images" }, last];
    expect(tableOf([{ client, steps }], "2026-11-27").split("\n")).toEqual([
      "Run on 2026-11-27:",
      "",
      "| client | how to point it to the emulator | steps that work | what it cannot do |",
      "| --- | --- | --- | --- |",
      "| `openai` 1.2.3 (npm) | `baseURL` | 2 | embeddings, images: a chat model has none |",
    ]);
  });
});

describe("The other clients", () => {
  const table = readPart(path.join(ROOT, "docs/emulator.md"), "clients");

  test.each(CLIENTS.map((one) => [titleOf(one), one] as const))(
    "%s has a program, and its version is in the table",
    (_, { registry, package: name, version, program }) => {
      expect(existsSync(path.join(ROOT, "tools/clients/programs", program))).toBe(true);
      expect(table).toContain(`| \`${name}\` ${version} (${registry}) |`);
    },
  );
});
