import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FAULTS, KINDS, KINDS_IN_TESTS, OPERATIONS, type Verdict } from "./faults-matrix";

const FILE = path.join(__dirname, "../../docs/reliability.md");
const MARKER = "<!-- generated: fault matrix -->";
const COLUMNS = [...FAULTS, { phase: "after commit", fault: "delete lag" }];

/** Writes the rows of a run into docs/reliability.md, after the marker. Rows of other kinds stay. */
export function writeMatrix(verdicts: readonly Verdict[]): void {
  const [upper, old = ""] = readFileSync(FILE, "utf8").split(MARKER);
  const rows = new Map([...rowsOf(old), ...newRows(verdicts)]);
  writeFileSync(FILE, `${upper}${MARKER}\n${matrix(rows)}`);
}

/** The rows of an earlier table, by operation and kind. */
function rowsOf(table: string): [string, string[]][] {
  return [...table.matchAll(/^\| (\w+ \w+) \|(.*)\|$/gm)].map(([, name = "", cells = ""]) => [
    name,
    cells.split("|").map((cell) => cell.trim()),
  ]);
}

function newRows(verdicts: readonly Verdict[]): [string, string[]][] {
  const nameOf = ({ cell }: Verdict) => `${cell.operation} ${cell.kind}`;
  return [...new Set(verdicts.map(nameOf))].map((name) => {
    const own = verdicts.filter((verdict) => nameOf(verdict) === name);
    const counts = COLUMNS.map(({ phase, fault }) =>
      count(own.filter(({ cell }) => cell.phase === phase && cell.fault === fault)),
    );
    return [name, counts];
  });
}

function matrix(rows: ReadonlyMap<string, readonly string[]>): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const names = KINDS.flatMap((kind) => OPERATIONS.map((operation) => `${operation} ${kind}`));
  const counts = [...rows.values()].flat().filter((cell) => cell !== "");
  const sum = (part: 0 | 1) =>
    counts.reduce((total, cell) => total + Number(cell.split("/")[part]), 0);
  const [passed, run] = [sum(0), sum(1)];
  return [
    "## The fault matrix",
    "",
    `${run} cells run, ${passed} passed, ${run - passed} failed. Creates and reads run three times, with lists 0, 5 and 30 seconds behind; the account's SSH keys are in no list. Made by \`npm run faults\`; with \`FAULT_KINDS=Tag,Secret\` it renews the rows of those kinds only. \`npm test\` runs the kinds whose handlers share the least: ${KINDS_IN_TESTS.join(", ")}.`,
    "",
    row(["", ...COLUMNS.map(({ phase, fault }) => `${fault}, ${phase}`)]),
    row(["---", ...COLUMNS.map(() => "---")]),
    ...names.map((name) => row([name, ...(rows.get(name) ?? COLUMNS.map(() => ""))])),
    "",
  ].join("\n");
}

/** Passed and run; empty where the fault cannot happen. */
function count(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) {
    return "";
  }
  return `${verdicts.filter(({ broken }) => broken === null).length}/${verdicts.length}`;
}
