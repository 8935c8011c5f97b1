// How many API calls an update, an update without changes, and a refresh take.
import type { Measurement } from "./support/measure.mts";
import type { Program } from "./support/stack.mts";

type Step = (typeof STEPS)[number];

/** How many calls this many resources may take. */
interface Bar {
  readonly text: string;
  readonly of: (count: number) => number;
}

interface Counted {
  readonly what: string;
  readonly step: Step;
  readonly count: number;
  readonly calls: number;
  /** Null for no bar. */
  readonly bar: number | null;
}

const COUNTS = [1, 10, 100];
const STEPS = ["up", "up without changes", "refresh"] as const;
const PAGE_SIZE = 100;

const LEAST: Readonly<Record<Step, Bar>> = {
  up: { text: "N", of: (count) => count },
  "up without changes": { text: "0", of: () => 0 },
  refresh: { text: "1 per page of 100", of: (count) => Math.ceil(count / PAGE_SIZE) },
};
/** Endpoints poll the status of their pods while they wait, so the number depends on the services. */
const { up: _, ...WITH_ENDPOINTS } = LEAST;

interface Counting extends Omit<Program, "count"> {
  readonly what: string;
  readonly bars: Readonly<Partial<Record<Step, Bar>>>;
}

const COUNTINGS: readonly Counting[] = [
  { what: "pods", name: "pods", bars: LEAST },
  {
    what: "pods with an endpoint each",
    name: "pods",
    kinds: ["Pod", "PodEndpoint"],
    bars: WITH_ENDPOINTS,
  },
  { what: "pods of the naive provider", name: "naive", bars: {} },
];

export const calls: Measurement = async (bench) => {
  const counted: Counted[] = [];
  for (const { what, bars, ...program } of COUNTINGS) {
    for (const count of COUNTS) {
      const stack = await bench.stack({ ...program, count });
      for (const step of STEPS) {
        bench.progress(`API calls: ${step} of ${count} ${what}`);
        await bench.emulator.takeCalls();
        await stack.run(step === "refresh" ? "refresh" : "up");
        const { length } = await bench.emulator.takeCalls();
        const bar = bars[step]?.of(count) ?? null;
        counted.push({ what, step, count, calls: length, bar });
      }
    }
  }
  return {
    tables: [{ columns: ["API calls", ...COUNTS.map(String), "bar"], rows: rowsOf(counted) }],
    raw: counted,
    missed: counted
      .filter(({ calls, bar }) => bar !== null && calls > bar)
      .map(
        ({ what, step, count, calls, bar }) =>
          `${step} of ${count} ${what} takes ${calls} API calls, more than ${bar}.`,
      ),
  };
};

function rowsOf(counted: readonly Counted[]): (string | number)[][] {
  return COUNTINGS.flatMap(({ what, bars }) =>
    STEPS.map((step) => {
      const own = counted.filter((one) => one.what === what && one.step === step);
      return [`${step}, N ${what}`, ...own.map(({ calls }) => calls), bars[step]?.text ?? "none"];
    }),
  );
}
