import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import {
  type Proof,
  proofOf,
  SCENARIO_KINDS,
  SCENARIOS,
  type Scenario,
} from "../../tests/support/scenarios.mts";
import { titlesOf } from "./test-titles.mts";

const WORDS = { CLI: "CLI", plugin: "plugin", matrix: "matrix", unit: "unit", none: "–" } as const;

/**
 * The table of kinds and scenarios, and the list of its tests.
 * @throws if a kind is missing, or if what should prove a cell does not exist or does not hold
 */
export function kindTable(root: string): string {
  assertComplete(root);
  const scenarios: readonly Scenario[] = Object.values(SCENARIOS);
  const matrix = matrixOf(root);
  const notes: string[] = [];
  const cell = (scenario: Scenario, kind: (typeof SCENARIO_KINDS)[number]) => {
    const proof = proofOf(scenario, kind);
    assertHolds(root, matrix, proof, `${scenario.title}, ${kind}`, kind);
    if (proof.by !== "none") {
      return WORDS[proof.by];
    }
    if (!notes.includes(proof.why)) {
      notes.push(proof.why);
    }
    return `${WORDS.none} ${notes.indexOf(proof.why) + 1}`;
  };
  const rows = SCENARIO_KINDS.map((kind) =>
    row([`\`${kind}\``, ...scenarios.map((scenario) => cell(scenario, kind))]),
  );
  return [
    row(["", ...scenarios.map(({ title }) => title)]),
    row(["---", ...scenarios.map(() => "---")]),
    ...rows,
    "",
    ...notes.map((why, index) => `– ${index + 1}: ${why}`),
    "",
    row(["scenario", "what happens", "test"]),
    row(["---", "---", "---"]),
    ...scenarios.map((scenario) => row([scenario.title, scenario.outcome, testsOf(scenario)])),
  ].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The files that prove a scenario. */
function testsOf(scenario: Scenario): string {
  const proofs = SCENARIO_KINDS.map((kind) => proofOf(scenario, kind));
  const files = proofs.flatMap((proof) =>
    proof.by === "matrix" ? "the fault matrix" : proof.by === "none" ? [] : `\`${proof.file}\``,
  );
  return [...new Set(files)].join(", ");
}

/** @throws if the package has a kind that the table does not have */
function assertComplete(root: string): void {
  const schema = createRequire(import.meta.url)(path.join(root, "provider/dist/schema/index.js"));
  const kinds: readonly string[] = schema.KINDS;
  const missing = kinds.filter(
    // The stack's own record is in every stack.
    (kind) => kind !== "Ownership" && !(SCENARIO_KINDS as readonly string[]).includes(kind),
  );
  if (missing.length > 0) {
    throw new Error(`tests/support/scenarios.mts lacks the kind ${missing.join(", ")}`);
  }
}

function assertHolds(
  root: string,
  matrix: ReadonlyMap<string, readonly string[]>,
  proof: Proof,
  of: string,
  kind: string,
): void {
  if (proof.by === "none") {
    return;
  }
  if (proof.by === "matrix") {
    for (const operation of proof.operations) {
      const counts = (matrix.get(`${operation} ${kind}`) ?? []).filter((count) => count !== "");
      if (counts.length === 0 || counts.some((count) => !/^(\d+)\/\1$/.test(count))) {
        throw new Error(`${of}: the fault matrix has no passed cells for ${operation} ${kind}`);
      }
    }
    return;
  }
  const titles = titlesOf(path.join(root, proof.file));
  if (!titles.some(({ test, scenario }) => test === proof.test || scenario === proof.test)) {
    throw new Error(`${of}: ${proof.file} has no test "${proof.test}"`);
  }
}

/** The counts of the fault matrix, by operation and kind. */
function matrixOf(root: string): Map<string, string[]> {
  const page = readFileSync(path.join(root, "docs/reliability.md"), "utf8");
  const [, table = ""] = page.split("<!-- generated: fault matrix -->");
  const rows = [...table.matchAll(/^\| (\w+ \w+) \|(.*)\|$/gm)];
  return new Map(
    rows.map(([, name = "", cells = ""]) => [name, cells.split("|").map((cell) => cell.trim())]),
  );
}
