// How long the CLI takes, compared with the same program with resources whose handlers do nothing.
import { type Bench, type Measurement, median } from "./support/measure.mts";
import type { Operation, Stack } from "./support/stack.mts";

const PROGRAMS = ["pods", "nothing"] as const;

/** How often each operation is measured of stacks of a size, and how many times as long as doing nothing it may take. */
interface Size {
  readonly count: number;
  /** New stacks, each brought up once. */
  readonly ups: number;
  readonly previews: number;
  readonly refreshes: number;
  readonly bars: Readonly<Partial<Record<Operation, number>>>;
}

const SIZES: readonly Size[] = [
  { count: 100, ups: 3, previews: 3, refreshes: 3, bars: {} },
  { count: 200, ups: 1, previews: 7, refreshes: 0, bars: { preview: 1.3 } },
  { count: 800, ups: 3, previews: 5, refreshes: 0, bars: { up: 1.1, preview: 1.15 } },
];

/** Milliseconds of one round, for both programs in turn. */
type Pair = Record<(typeof PROGRAMS)[number], number>;

interface Timed {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly bar: number | undefined;
}

export const times: Measurement = async (bench) => {
  const timed: Timed[] = [];
  for (const size of SIZES) {
    timed.push(...(await timesOf(bench, size)));
  }
  return {
    tables: [
      {
        columns: ["unchanged but for `up`", "pods", "doing nothing", "ratio", "bar"],
        rows: timed.map(({ name, pairs, bar }) => [
          name,
          ...PROGRAMS.map((program) => seconds(median(pairs.map((pair) => pair[program])))),
          ratioOf(pairs).toFixed(2),
          bar ?? "",
        ]),
      },
    ],
    raw: timed,
    missed: timed.flatMap(({ name, pairs, bar }) =>
      bar === undefined || ratioOf(pairs) <= bar
        ? []
        : [
            `${name} takes ${ratioOf(pairs).toFixed(2)} times as long with pods as with resources that do nothing, more than ${bar}.`,
          ],
    ),
  };
};

async function timesOf(bench: Bench, size: Size): Promise<Timed[]> {
  const { count, ups, previews, refreshes, bars } = size;
  const timed = new Map<Operation, Pair[]>();
  const measure = async (stacks: Stacks, operation: Operation, times: number) => {
    for (let left = times; left > 0; left--) {
      const pairs = timed.get(operation) ?? [];
      bench.progress(`times: ${operation} of ${count}, round ${pairs.length + 1}`);
      timed.set(operation, [...pairs, await pairOf(stacks, operation, pairs.length)]);
    }
  };
  for (let left = ups; left > 0; left--) {
    const stacks = await stacksOf(bench, count);
    await measure(stacks, "up", 1);
    if (left === 1) {
      await measure(stacks, "preview", previews);
      await measure(stacks, "refresh", refreshes);
    }
    for (const name of PROGRAMS) {
      stacks[name].remove();
    }
  }
  return [...timed].map(([operation, pairs]) => ({
    name: `${operation} of ${count}`,
    pairs,
    bar: bars[operation],
  }));
}

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
  for (const name of order) {
    pair[name] = await stacks[name].run(operation);
  }
  return pair;
}

function ratioOf(pairs: readonly Pair[]): number {
  return median(pairs.map(({ pods, nothing }) => pods / nothing));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
