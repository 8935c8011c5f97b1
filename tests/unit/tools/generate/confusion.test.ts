import { readFileSync } from "node:fs";
import path from "node:path";
import { rules } from "@runpod-stack/policies";
import {
  confusionTable,
  type Expected,
  mistakes,
  type Report,
} from "../../../../tools/generate/confusion.mts";
import { readPart } from "../../../../tools/generate/part.mts";
import { run } from "../../policies/cli/run";

const ROOT = path.join(__dirname, "../../../..");
const FOLDER = path.join(ROOT, "tests/cases");
const NAMES = rules.map(({ name }) => name);
const all: Expected[] = JSON.parse(readFileSync(path.join(FOLDER, "expected.json"), "utf8"));
const cases = all.filter(({ cause }) => cause === undefined);

describe("The rules about real specs", () => {
  let report: Report;
  beforeAll(async () => {
    const files = cases.map(({ file }) => path.join(FOLDER, file));
    report = JSON.parse((await run(["check", "--json", ...files])).stdout);
  });

  test("refuse none that works, and miss none that does not", () => {
    expect(mistakes(cases, report, NAMES)).toEqual([]);
  });

  test("are as often right as docs/policies.md shows", () => {
    const shown = readPart(path.join(ROOT, "docs/policies.md"), "confusion");
    expect(shown).toBe(confusionTable(cases, report, NAMES));
  });
});

describe("A table of how often rules are right", () => {
  const violation = (rule: string, level: string, file: string) => ({ rule, level, file });
  const works: Expected = { file: "works.json", why: "it works", rules: [] };
  const fails: Expected = { file: "fails.json", why: "it fails", mandatory: ["a"], rules: ["b"] };
  const partly: Expected = { file: "partly.json", why: "the disk holds it", notMandatory: ["a"] };
  const report: Report = {
    violations: [
      violation("a", "mandatory", "x/works.json"),
      violation("b", "advisory", "x/works.json"),
      violation("a", "advisory", "x/fails.json"),
      violation("b", "advisory", "x/fails.json"),
      violation("b", "mandatory", "x/partly.json"),
    ],
    judged: { pod: 1, template: 1 },
    unjudged: [{}],
  };

  test("counts what a rule says by what it should", () => {
    const [summary, , header, , ...rows] = confusionTable([works, fails, partly], report, [
      "a",
      "b",
    ]).split("\n");
    expect(summary).toBe("3 specs: 2 judged as a whole, 1 not.");
    expect(header).toBe(
      "| rule | must object: does | does not | must not refuse: silent | advises | refuses | nothing expected: objects |",
    );
    expect(rows).toEqual(["| `a` | 0 | 1 | 1 | 0 | 1 | 0 |", "| `b` | 1 | 0 | 0 | 1 | 0 | 1 |"]);
  });

  test("names what is wrong", () => {
    expect(mistakes([works, fails, partly], report, ["a", "b"])).toEqual([
      "a refused works.json: it works",
      "a missed fails.json: it fails",
    ]);
  });
});
