// How long the CLI takes, compared with the same program with resources whose handlers do nothing.
import { type Bench, type Measurement, median } from "./support/measure.mts";
import type { Operation, Stack } from "./support/stack.mts";

const PROGRAMS = ["pods", "nothing"] as const;
const OPERATIONS: readonly Operation[] = ["up", "preview", "refresh"];
const COUNT = 100;
const ROUNDS = 3;
const PREVIEWED = 200;
const PREVIEW_ROUNDS = 7;
const PREVIEW_BAR = 1.3;

/** Milliseconds of one round, for both programs in turn. */
type Pair = Record<(typeof PROGRAMS)[number], number>;

export const times: Measurement = async (bench) => {
  const raw: Record<string, Pair[]> = {};
  const note = (name: string, pair: Pair) => {
    raw[name] = [...(raw[name] ?? []), pair];
  };
  for (let round = 1; round <= ROUNDS; round++) {
    bench.progress(`times: ${COUNT} resources, round ${round} of ${ROUNDS}`);
    const stacks = await stacksOf(bench, COUNT);
    for (const operation of OPERATIONS) {
      note(`${operation} of ${COUNT}`, await pairOf(stacks, operation, round));
    }
    for (const name of PROGRAMS) stacks[name].remove();
  }
  const stacks = await stacksOf(bench, PREVIEWED);
  bench.progress(`times: up of ${PREVIEWED} resources`);
  await pairOf(stacks, "up", 0);
  for (let round = 1; round <= PREVIEW_ROUNDS; round++) {
    bench.progress(`times: preview of ${PREVIEWED}, round ${round} of ${PREVIEW_ROUNDS}`);
    note(`preview of ${PREVIEWED}`, await pairOf(stacks, "preview", round));
  }
  const ratio = ratioOf(raw[`preview of ${PREVIEWED}`] ?? []);
  return {
    tables: [
      {
        columns: ["unchanged but for `up`", "pods", "doing nothing", "ratio"],
        rows: Object.entries(raw).map(([name, pairs]) => [
          name,
          ...PROGRAMS.map((program) => seconds(median(pairs.map((pair) => pair[program])))),
          ratioOf(pairs).toFixed(2),
        ]),
      },
    ],
    raw,
    missed:
      ratio <= PREVIEW_BAR
        ? []
        : [
            `A preview of ${PREVIEWED} unchanged pods takes ${ratio.toFixed(2)} times as long as one of resources that do nothing, more than ${PREVIEW_BAR}.`,
          ],
  };
};

type Stacks = Record<keyof Pair, Stack>;

async function stacksOf(bench: Bench, count: number): Promise<Stacks> {
  return {
    pods: await bench.stack({ name: "pods", count }),
    nothing: await bench.stack({ name: "nothing", count }),
  };
}

/** The programs take turns in going first, so that other load on the machine affects both. */
async function pairOf(stacks: Stacks, operation: Operation, round: number): Promise<Pair> {
  const order = round % 2 === 0 ? PROGRAMS : PROGRAMS.toReversed();
  const pair: Pair = { pods: 0, nothing: 0 };
  for (const name of order) pair[name] = await stacks[name].run(operation);
  return pair;
}

function ratioOf(pairs: readonly Pair[]): number {
  return median(pairs.map(({ pods, nothing }) => pods / nothing));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
