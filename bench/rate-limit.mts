// An update of more pods than the rate limit allows in a minute: this provider, and a naive one.
import { besideNaive, pairTable } from "./support/beside-naive.mts";
import { type BenchEmulator, startEmulator } from "./support/emulator.mts";
import type { Bench, Measurement } from "./support/measure.mts";
import type { Program } from "./support/stack.mts";

const COUNT = 120;
const QUOTA = 60;
const WINDOW_MS = 60_000;
const LIMIT = `${QUOTA}/60,3000/3600`;
/** The longest that all runs of `up` together may take. */
const PATIENCE_MS = 600_000;
const BAR = 1.2;

interface Outcome {
  /** Runs of `up`. */
  readonly ups: number;
  readonly succeeded: boolean;
  readonly ms: number;
  /** From the beginning until the second fresh window, the least that the creates need. */
  readonly windowsMs: number;
  readonly calls: number;
  /** Requests that were sent earlier than the server allowed. */
  readonly refused: number;
  readonly created: number;
  /** Pods that are billed and missing from the state. */
  readonly unknown: number;
}

export const rateLimit: Measurement = async (bench) => {
  const pair = await besideNaive((name) => measure(bench, name));
  const table = pairTable(`up of ${COUNT} pods`, pair, [
    ["runs of `up`", endOf, ""],
    ["API calls", ({ calls }) => calls, ""],
    ["of these answered 429", ({ refused }) => refused, 0],
    ["seconds", ({ ms }) => (ms / 1000).toFixed(1), ""],
    ["until the second fresh window", ({ windowsMs }) => (windowsMs / 1000).toFixed(1), ""],
    ["ratio", (outcome) => ratioOf(outcome).toFixed(2), BAR],
    ["pods created", ({ created }) => created, COUNT],
    ["of these billed and not in the state", ({ unknown }) => unknown, 0],
  ]);
  return { tables: [table], raw: pair, missed: missedBy(pair.ours) };
};

async function measure(bench: Bench, name: Program["name"]): Promise<Outcome> {
  const emulator = await startEmulator("--rate-limit", LIMIT);
  try {
    const stack = await bench.stack({ name, count: COUNT }, emulator);
    const freshAt = await spend(emulator);
    await emulator.takeCalls();
    const begun = performance.now();
    const deadline = begun + PATIENCE_MS;
    let ups = 0;
    let succeeded = false;
    while (!succeeded && performance.now() < deadline) {
      ups += 1;
      bench.progress(`rate limit: up of ${COUNT} pods, ${name}, run ${ups}`);
      succeeded = await stack.attempt("up", Math.ceil(deadline - performance.now()));
    }
    const ms = performance.now() - begun;
    const calls = await emulator.takeCalls();
    const created = await emulator.pods();
    const known = new Set((await stack.state()).map(({ id }) => id));
    return {
      ups,
      succeeded,
      ms,
      windowsMs: freshAt + WINDOW_MS - begun,
      calls: calls.length,
      refused: calls.filter(({ status }) => status === 429).length,
      created: created.length,
      unknown: created.filter(({ id }) => !known.has(id)).length,
    };
  } finally {
    await emulator.close();
  }
}

/**
 * Uses up the current window except for one call, as another tool would. The answer to the next
 * call shows that it is used up.
 * @returns when the next window begins, at the earliest
 */
async function spend({ origin, apiKey }: BenchEmulator): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}` };
  let told = "";
  for (let call = 1; call < QUOTA; call++) {
    const answer = await fetch(`${origin}/v2/templates`, { headers });
    told = answer.headers.get("ratelimit") ?? "";
  }
  const [, seconds] = /"minute";r=1;t=(\d+)/.exec(told) ?? [];
  if (seconds === undefined) {
    throw new Error(`One call should be left in the minute, not ${told}.`);
  }
  // The server reports whole seconds, rounded up.
  return performance.now() + (Number(seconds) - 1) * 1000;
}

function endOf({ ups, succeeded }: Outcome): string {
  return succeeded ? String(ups) : `${ups}, given up after ${PATIENCE_MS / 60_000} minutes`;
}

function ratioOf({ ms, windowsMs }: Outcome): number {
  return ms / windowsMs;
}

function missedBy(ours: Outcome): string[] {
  const { succeeded, refused, created, unknown } = ours;
  const ratio = ratioOf(ours);
  const what = `Under the rate limit, up of ${COUNT} pods`;
  return [
    ...(succeeded ? [] : [`${what} does not succeed.`]),
    ...(refused === 0 ? [] : [`${what} is answered 429 ${refused} times.`]),
    ...(ratio <= BAR
      ? []
      : [`${what} takes ${ratio.toFixed(2)} times as long as it must, more than ${BAR}.`]),
    ...(created === COUNT && unknown === 0
      ? []
      : [`${what} creates ${created} pods, ${unknown} of them not in the state.`]),
  ];
}
