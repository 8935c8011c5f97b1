import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FAULTS, KINDS, OPERATIONS, type Verdict } from "./faults-matrix";

const FILE = path.join(__dirname, "../../docs/reliability.md");
const MARKER = "<!-- generated: fault matrix -->";

/** Writes the result of a run into docs/reliability.md, after the marker. */
export function writeMatrix(verdicts: readonly Verdict[]): void {
  const [upper] = readFileSync(FILE, "utf8").split(MARKER);
  writeFileSync(FILE, `${upper}${MARKER}\n${matrix(verdicts)}`);
}

function matrix(verdicts: readonly Verdict[]): string {
  const columns = [...FAULTS, { phase: "after commit", fault: "delete lag" }];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const held = verdicts.filter(({ broken }) => broken === null).length;
  const rows = KINDS.flatMap((kind) =>
    OPERATIONS.map((operation) => {
      const own = verdicts.filter(({ cell }) => cell.kind === kind && cell.operation === operation);
      const counts = columns.map(({ phase, fault }) =>
        count(own.filter(({ cell }) => cell.phase === phase && cell.fault === fault)),
      );
      return row([`${operation} ${kind}`, ...counts]);
    }),
  );
  return [
    "## The fault matrix",
    "",
    `${verdicts.length} cells run, ${held} passed, ${verdicts.length - held} failed. Creates and reads run three times, with lists 0, 5 and 30 seconds behind. Made by \`npm run faults\`.`,
    "",
    row(["", ...columns.map(({ phase, fault }) => `${fault}, ${phase}`)]),
    row(["---", ...columns.map(() => "---")]),
    ...rows,
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
