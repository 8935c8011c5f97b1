import fc from "fast-check";
import { spentAt } from "../../../../emulator/src/money/billing";
import { createEndpoint } from "../../../../emulator/src/serverless/create";
import {
  advanceServerless,
  deleteEndpoint,
  requestArrived,
  settleEndpoint,
} from "../../../../emulator/src/serverless/life";
import { queueOf } from "../../../../emulator/src/serverless/requests";
import { updateEndpoint } from "../../../../emulator/src/serverless/update";
import type { Account } from "../../../../emulator/src/state/store";
import { createWorld } from "../../../../emulator/src/state/world";

const START = Date.UTC(2026, 10, 27);
const GPU = "NVIDIA GeForce RTX 4090";
const CLOUD = ["SECURE"] as const;

const step = fc.oneof(
  fc.record({ do: fc.constant("run" as const), seconds: fc.integer({ min: 0, max: 900 }) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 0, max: 4000 }) }),
  fc.record({ do: fc.constant("days" as const), seconds: fc.constantFrom(86_400, 300_000) }),
  fc.record({ do: fc.constant("max" as const), seconds: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ do: fc.constant("min" as const), seconds: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ do: fc.constant("release" as const), seconds: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: fc.constant("stock" as const), seconds: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant("cancel" as const), seconds: fc.constant(0) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Runs the steps, and ends the endpoint. */
function live(steps: readonly Step[], scaler: "QUEUE_DELAY" | "REQUEST_COUNT", every: number) {
  let now = START;
  const world = createWorld({
    apiKeys: ["rpa_random"],
    seed: 1,
    speed: "real",
    credit: 1e9,
    spendLimit: null,
    time: () => now,
  });
  world.capacity.setAvailable(GPU, CLOUD, null, 3);
  const account = world.store.accounts[0] as Account;
  const endpoint = createEndpoint(world, account, {
    name: "random",
    type: "QUEUE",
    image: "acme/handler:1",
    gpu: { pools: ["ADA_24"] },
    flashboot: "FLASHBOOT",
    scaling:
      scaler === "QUEUE_DELAY"
        ? { type: scaler, queueDelay: 4 }
        : { type: scaler, requestCount: 2 },
  });
  settleEndpoint(world, endpoint);
  const queue = queueOf(world, endpoint);
  const problems: string[] = [];
  let stock = 3;
  const change = (body: Parameters<typeof updateEndpoint>[3]) => {
    updateEndpoint(world, account, endpoint, body);
    settleEndpoint(world, endpoint);
  };
  const wait = (seconds: number) => {
    const until = now + seconds * 1000;
    while (now < until) {
      now = Math.min(until, now + every * 1000);
      advanceServerless(world);
    }
  };
  const check = () => {
    const { fleet, workers, entry } = endpoint;
    const placed = fleet.filter(({ place }) => place !== null);
    const free = world.capacity.poolsOf(GPU, "SECURE").reduce((sum, pool) => sum + pool.free, 0);
    const busy = fleet.reduce((sum, worker) => sum + worker.busy, 0);
    const idle = fleet.filter(({ phase, busy: its }) => phase === "ready" && its === 0);
    const billed = fleet.filter(({ phase }) => phase === "ready" || phase === "starting");
    const rules = {
      "no more workers than allowed": fleet.filter((one) => !one.leaving).length <= workers.max,
      "each worker has its GPU": free + placed.length === stock,
      "each job in progress has a worker": busy === queue.inProgress(),
      "idle workers know since when": idle.every(({ idleSince }) => idleSince !== null),
      "exactly the right ones are billed":
        (billed.length === 0) === entry.meter.perHr < 1e-9 &&
        fleet.every((one) => billed.includes(one) === (one.billedSince !== null)),
      "the account pays what the endpoint costs":
        Math.abs(account.meter.perHr - entry.meter.perHr) < 1e-9,
    };
    problems.push(...Object.keys(rules).filter((rule) => !rules[rule as keyof typeof rules]));
  };
  for (const { do: what, seconds } of steps) {
    if (what === "run") {
      const request = { isSync: false, webhook: null, executionTimeout: null, ttl: 1e9 };
      queue.add({ ...request, input: { emulator: { seconds } }, lowPriority: false }, now);
      requestArrived(world, endpoint);
    } else if (what === "wait" || what === "days") {
      wait(seconds);
    } else if (what === "max") {
      change({ workers: { max: seconds, min: Math.min(seconds, endpoint.workers.min) } });
    } else if (what === "min") {
      change({ workers: { min: Math.min(seconds, endpoint.workers.max) } });
    } else if (what === "release") {
      change({ env: { RELEASE: String(seconds) } });
    } else if (what === "stock") {
      const pool = world.capacity.poolsOf(GPU, "SECURE")[0] as { free: number };
      const more = Math.max(-pool.free, seconds - 1);
      pool.free += more;
      stock += more;
      advanceServerless(world);
    } else {
      const [job] = queue.list(now).filter(({ end }) => end === null);
      if (job) {
        queue.cancel(job, now);
        settleEndpoint(world, endpoint);
      }
    }
    check();
  }
  deleteEndpoint(world, account, endpoint);
  const free = world.capacity.poolsOf(GPU, "SECURE").reduce((sum, pool) => sum + pool.free, 0);
  if (free !== stock || account.meter.perHr > 1e-9 || queue.inProgress() > 0) {
    problems.push("deletion leaves something");
  }
  return { problems, spent: spentAt(endpoint.entry.meter, now), paid: spentAt(account.meter, now) };
}

test.each(["QUEUE_DELAY", "REQUEST_COUNT"] as const)(
  "whatever happens to an endpoint with %s, its workers, GPUs and bill agree",
  (scaler) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const inJumps = live(steps, scaler, Number.POSITIVE_INFINITY);
        expect(inJumps.problems).toEqual([]);
        expect(inJumps.paid).toBeCloseTo(inJumps.spent, 6);
        // Time in small pieces gives the same.
        const inPieces = live(steps, scaler, 61);
        expect(inPieces.problems).toEqual([]);
        expect(inPieces.spent).toBeCloseTo(inJumps.spent, 6);
      }),
      { numRuns: 60 },
    );
  },
);
