import { startFaultScene } from "../support/faults";
import {
  cellsOf,
  KINDS,
  KINDS_IN_TESTS,
  OPERATIONS,
  runCell,
  type Verdict,
} from "../support/faults-matrix";
import { writeMatrix } from "../support/faults-table";

const { UPDATE_DOCS, FAULT_KINDS } = process.env;
const KINDS_NOW =
  FAULT_KINDS === undefined
    ? UPDATE_DOCS === undefined
      ? KINDS_IN_TESTS
      : KINDS
    : KINDS.filter((kind) => FAULT_KINDS.split(",").includes(kind));
const LANES = KINDS_NOW.flatMap((kind) => OPERATIONS.map((operation) => cellsOf(kind, operation)));
const CELLS = LANES.flat();
const PARALLEL = 8;
const verdicts: Verdict[] = [];

// Cells wait most of the time, so lanes run in parallel, each with its own RunPod.
beforeAll(async () => {
  for (let first = 0; first < LANES.length; first += PARALLEL) {
    const ended = await Promise.all(LANES.slice(first, first + PARALLEL).map(runLane));
    verdicts.push(...ended.flat());
  }
  if (UPDATE_DOCS !== undefined) {
    writeMatrix(verdicts);
  }
}, 900_000);

async function runLane(cells: typeof CELLS): Promise<Verdict[]> {
  const scene = await startFaultScene();
  const ended: Verdict[] = [];
  try {
    for (const [index, cell] of cells.entries()) {
      ended.push(await runCell(scene, cell, `cell${index}`));
    }
  } finally {
    await scene.close();
  }
  return ended;
}

test.each(CELLS)(
  "$operation $kind, $fault $phase, lists $listLag s behind: one object, then none",
  (cell) => {
    expect(verdicts.find((verdict) => verdict.cell === cell)?.broken).toBeNull();
  },
);
