import { unprovenDefenses, unprovenIn } from "../../../../tools/checks/security.mts";

const table = (...rows: string[]) =>
  ["| who | what | against | test |", "| --- | --- | --- | --- |", ...rows].join("\n");

describe("The check of SECURITY.md", () => {
  test("finds the test of every row", () => {
    expect(unprovenDefenses()).toEqual([]);
  });

  test.each([
    ["| a page | reads it | nothing |", 'SECURITY.md: no test proves "reads it"'],
    ["| | reads it | nothing | see below |", 'SECURITY.md: no test proves "reads it"'],
    [
      "| | reads it | names | `tests/a.test.ts`, `tests/gone.test.ts` |",
      'SECURITY.md: tests/gone.test.ts, the proof of "reads it", is no test of this repository',
    ],
    [
      "| | reads it | names | `tests/support.ts` |",
      'SECURITY.md: tests/support.ts, the proof of "reads it", is no test of this repository',
    ],
  ])("reports the row %s", (row, problem) => {
    const files = new Set(["tests/a.test.ts", "tests/support.ts"]);
    expect(unprovenIn(table(row), files)).toEqual([problem]);
    expect(unprovenIn(table("| a | b | c | `tests/a.test.ts` |"), files)).toEqual([]);
  });

  test("reports a missing table", () => {
    expect(unprovenIn("# Security\n", new Set())).toEqual(["SECURITY.md has no table of defenses"]);
  });
});
