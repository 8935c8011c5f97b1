import { startFaultScene } from "../support/faults";
import { cellsOf, KINDS, OPERATIONS, runCell, type Verdict } from "../support/faults-matrix";
import { writeMatrix } from "../support/faults-table";

const LANES = KINDS.flatMap((kind) => OPERATIONS.map((operation) => cellsOf(kind, operation)));
const CELLS = LANES.flat();
const verdicts: Verdict[] = [];

// Cells wait most of the time, so lanes run in parallel, each with its own RunPod.
beforeAll(async () => {
  const all = await Promise.all(LANES.map(runLane));
  verdicts.push(...all.flat());
  if (process.env["UPDATE_DOCS"] !== undefined) {
    writeMatrix(verdicts);
  }
}, 300_000);

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
