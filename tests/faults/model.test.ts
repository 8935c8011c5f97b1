import * as fc from "fast-check";
import { type FaultScene, startFaultScene } from "../support/faults";
import { effort } from "../support/faults-effort";
import { live } from "../support/model";
import { life } from "../support/model-steps";

const { schedules, seed, from, tell } = effort();
/** Schedules for one seed. The next batch has the next seed, so that a run can be resumed. */
const BATCH = 10;
/** Lives spend most of their time waiting. */
const LANES = 4;

test(`whatever happens to a stack, the ledger has what the program describes in the end (${schedules} lives, seed ${seed})`, async () => {
  const batches = Array.from({ length: Math.ceil(schedules / BATCH) }, (_, index) => index);
  const left = batches.slice(from);
  const lane = async () => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      await runBatch(seed + batch);
      tell(`lives: batch ${batch + 1} of ${batches.length} held, seed ${seed}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}, 7_200_000);

async function runBatch(batchSeed: number): Promise<void> {
  const scene: FaultScene = await startFaultScene();
  try {
    const property = fc.asyncProperty(life, (steps) => live(scene, steps));
    // The leftovers of a failure would fail every shorter life as well.
    await fc.assert(property, { seed: batchSeed, numRuns: BATCH, endOnFailure: true });
  } finally {
    await scene.close();
  }
}
