// How many API calls an update, an update without changes, and a refresh take.
import type { Measurement } from "./support/measure.mts";

const COUNTS = [1, 10, 100];
const PROGRAMS = [
  { what: "pods", kinds: ["Pod"] },
  { what: "pods with an endpoint each", kinds: ["Pod", "PodEndpoint"] },
];
const STEPS = ["up", "up without changes", "refresh"] as const;
const PAGE_SIZE = 100;

type Step = (typeof STEPS)[number];

interface Counted {
  readonly what: string;
  readonly step: Step;
  readonly count: number;
  readonly calls: number;
  /** How many there may be; null without a bar. */
  readonly bar: number | null;
}

export const calls: Measurement = async (bench) => {
  const counted: Counted[] = [];
  for (const { what, kinds } of PROGRAMS) {
    for (const count of COUNTS) {
      const stack = await bench.stack({ name: "pods", count, kinds });
      for (const step of STEPS) {
        bench.progress(`API calls: ${step} of ${count} ${what}`);
        await bench.emulator.takeCalls();
        await stack.run(step === "refresh" ? "refresh" : "up");
        const { length } = await bench.emulator.takeCalls();
        const bar = barOf(step, count, kinds.includes("PodEndpoint"));
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

/** Endpoints poll the status of their pods while they wait: how often depends on the services. */
function barOf(step: Step, count: number, isWaiting: boolean): number | null {
  if (step === "up without changes") return 0;
  if (step === "refresh") return Math.ceil(count / PAGE_SIZE);
  return isWaiting ? null : Math.floor(1.1 * count + 5);
}

function rowsOf(counted: readonly Counted[]): (string | number)[][] {
  const bars: Record<Step, string> = {
    up: "1.1 N + 5",
    "up without changes": "0",
    refresh: "1 per page of 100",
  };
  return PROGRAMS.flatMap(({ what, kinds }) =>
    STEPS.map((step) => {
      const own = counted.filter((one) => one.what === what && one.step === step);
      const isFree = step === "up" && kinds.includes("PodEndpoint");
      return [`${step}, N ${what}`, ...own.map(({ calls }) => calls), isFree ? "none" : bars[step]];
    }),
  );
}
