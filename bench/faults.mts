// What is left when answers to creates are lost: this provider, and a naive one.
import { besideNaive, pairTable } from "./support/beside-naive.mts";
import type { Bench, Measurement } from "./support/measure.mts";
import type { Program } from "./support/stack.mts";

const COUNT = 20;
/** How often a user tries again. */
const UPS = 3;
const LAG_MS = 2_000;
/** More creates than any of the programs send. */
const CREATES = 200;
const HOURS_PER_DAY = 24;

interface Outcome {
  readonly ups: number;
  readonly succeeded: boolean;
  readonly calls: number;
  readonly created: number;
  /** Pods that are billed and missing from the state. */
  readonly unknown: number;
  /** Pods that are still billed after `destroy`. */
  readonly left: number;
  /** Cost of these pods in dollars per day. */
  readonly leftPerDay: number;
}

export const faults: Measurement = async (bench) => {
  const pair = await besideNaive((name) => suffer(bench, name));
  const table = pairTable(`${COUNT} pods`, pair, [
    ["runs of `up`", endOf, ""],
    ["API calls of these", ({ calls }) => calls, ""],
    ["pods created", ({ created }) => created, COUNT],
    ["of these billed and not in the state", ({ unknown }) => unknown, 0],
    ["billed still after `destroy`", ({ left }) => left, 0],
    ["which cost, a day", ({ leftPerDay }) => `$${leftPerDay.toFixed(2)}`, ""],
  ]);
  return { tables: [table], raw: pair, missed: missedBy(pair.ours) };
};

async function suffer(bench: Bench, name: Program["name"]): Promise<Outcome> {
  const { emulator } = bench;
  const stack = await bench.stack({ name, count: COUNT });
  await spoil(bench);
  let ups = 0;
  let succeeded = false;
  while (!succeeded && ups < UPS) {
    ups += 1;
    bench.progress(`faults: up of ${COUNT} pods, ${name}, run ${ups}`);
    succeeded = await stack.attempt("up");
  }
  const calls = (await emulator.takeCalls()).length;
  const created = await emulator.pods();
  const known = new Set((await stack.state()).map(({ id }) => id));
  await emulator.clearFaults();
  bench.progress(`faults: destroy, ${name}`);
  await stack.attempt("destroy");
  const left = (await emulator.pods()).filter(({ endedAt }) => endedAt === null);
  return {
    ups,
    succeeded,
    calls,
    created: created.length,
    unknown: created.filter(({ id, endedAt }) => endedAt === null && !known.has(id)).length,
    left: left.length,
    leftPerDay: left.reduce((sum, { costPerHr }) => sum + costPerHr, 0) * HOURS_PER_DAY,
  };
}

/** Every fourth create is answered 500, and every fifth is cut off, both with the pod created. Lists lag. */
async function spoil({ emulator }: Bench): Promise<void> {
  await emulator.spoilCreates(`lag:${LAG_MS}:list`);
  for (let create = 1; create <= CREATES; create++) {
    if (create % 4 === 0) {
      await emulator.spoilCreates("status:500:after", create - 1);
    } else if (create % 5 === 0) {
      await emulator.spoilCreates("reset:after", create - 1);
    }
  }
}

function endOf({ ups, succeeded }: Outcome): string {
  return succeeded ? String(ups) : `${ups}, none succeeded`;
}

function missedBy({ succeeded, created, unknown, left }: Outcome): string[] {
  return [
    ...(succeeded ? [] : [`Under faults no up of ${COUNT} pods succeeded.`]),
    ...(created === COUNT ? [] : [`Under faults ${created} pods were created for ${COUNT}.`]),
    ...(unknown === 0
      ? []
      : [`Under faults ${unknown} pods are billed and missing from the state.`]),
    ...(left === 0 ? [] : [`Under faults ${left} pods are still billed after destroy.`]),
  ];
}
