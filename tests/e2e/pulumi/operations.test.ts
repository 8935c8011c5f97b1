import * as fc from "fast-check";
import { effort } from "../../support/faults-effort";
import { play } from "../../support/operations-model";
import { type Step, sequence } from "../../support/operations-steps";

const { sequences, lanes, from, tell } = effort();
const seed = Number(process.env["SOAK_SEED"] ?? 20261126);

/** Runs one; a failure explains how to repeat it. */
async function attempt(steps: readonly Step[], index: number): Promise<string[]> {
  try {
    await play(steps);
    tell(`operations: sequence ${index} of ${sequences} held, seed ${seed}`);
    return [];
  } catch (error) {
    const problem = `sequence ${index} of seed ${seed}: ${(error as Error).message}\nawait play(${JSON.stringify(steps)});`;
    tell(problem);
    return [problem];
  }
}

describe("Random sequences of Pulumi's operations on two stacks of one account", () => {
  test("delete, replace or share nothing that a state has or the user gave up, and both stacks can be destroyed", async () => {
    const left = [...fc.sample(sequence, { seed, numRuns: sequences }).entries()].slice(from);
    const problems: string[] = [];
    const lane = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [index, steps] = next;
        problems.push(...(await attempt(steps, index)));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(problems.join("\n\n")).toBe("");
  }, 36_000_000);
});
