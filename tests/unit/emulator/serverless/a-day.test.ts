import type { CreateEndpointRequest } from "@runpod-stack/openapi";
import { seededRandom } from "../../../../emulator/src/core/random";
import { spentAt } from "../../../../emulator/src/money/billing";
import { createEndpoint } from "../../../../emulator/src/serverless/create";
import {
  advanceServerless,
  requestArrived,
  settleEndpoint,
} from "../../../../emulator/src/serverless/life";
import { queueOf } from "../../../../emulator/src/serverless/requests";
import type { Endpoint } from "../../../../emulator/src/state/endpoint";
import { createWorld, type World } from "../../../../emulator/src/state/world";

const MIDNIGHT = Date.UTC(2026, 10, 27);
const DAY_S = 86_400;
const PRICE = 1.116 / 3600;
const DISK = (10 * 0.1) / 730 / 3600;
const DAY_MS = DAY_S * 1000;

interface Job {
  /** Seconds after midnight. */
  at: number;
  seconds: number;
}

/** Quiet for up to half an hour, then up to 15 jobs within half a minute, of up to 20 seconds each. */
function burstyDay(): Job[] {
  const random = seededRandom("a day of bursts");
  const jobs: Job[] = [];
  for (let at = 0; at < DAY_S - 3600; at += Math.round(60 + random() * 1800)) {
    for (let left = Math.ceil(random() * 15); left > 0; left--) {
      const seconds = Math.round(2 + random() * 18);
      jobs.push({ at: at + Math.floor(random() * 30), seconds });
    }
  }
  return jobs.sort((a, b) => a.at - b.at);
}

/** One endpoint on a clock that only the test moves. */
function scene(changes: Partial<CreateEndpointRequest>) {
  let now = MIDNIGHT;
  const world = createWorld({
    apiKeys: ["rpa_day"],
    seed: 1,
    speed: "real",
    credit: 10_000,
    spendLimit: null,
    time: () => now,
  });
  const endpoint = createEndpoint(world, world.store.accounts[0] as World["store"]["accounts"][0], {
    name: "bursts",
    type: "QUEUE",
    image: "acme/handler:1",
    disk: 10,
    gpu: { pools: ["ADA_24"] },
    workers: { max: 5 },
    scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
    ...changes,
  });
  settleEndpoint(world, endpoint);
  const queue = queueOf(world, endpoint);
  return {
    endpoint,
    queue,
    to: (seconds: number) => {
      now = MIDNIGHT + seconds * 1000;
      advanceServerless(world);
    },
    send: ({ seconds }: Job) => {
      const request = { isSync: false, webhook: null, executionTimeout: null, ttl: DAY_MS };
      const input = { emulator: { seconds } };
      const job = queue.add({ ...request, input, lowPriority: false }, now);
      requestArrived(world, endpoint);
      return job;
    },
    spent: () => spentAt(endpoint.entry.meter, now),
    now: () => now,
  };
}

/** Seconds for which each worker was seen in a billed phase. */
type Seen = Map<string, number>;

function see(seen: Seen, { fleet }: Endpoint): void {
  for (const { id, phase } of fleet) {
    if (phase === "starting" || phase === "ready") {
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  }
}

/** A second before, after and for rounding up; disks are billed by five minutes. */
function expectBill(spent: number, seen: Seen): void {
  const sum = (billed: (seconds: number) => number) =>
    [...seen.values()].reduce((total, seconds) => total + billed(seconds), 0);
  expect(spent).toBeGreaterThan(sum((seconds) => (seconds - 1) * (PRICE + DISK)));
  expect(spent).toBeLessThan(sum((seconds) => (seconds + 2) * PRICE + (seconds + 301) * DISK));
}

interface Second {
  fleet: Endpoint["fleet"];
  waiting: readonly number[];
  inProgress: number;
  now: number;
}

/** Runs the day second by second. @param holds what must be true at each of them */
function runDay(changes: Partial<CreateEndpointRequest>, holds: (second: Second) => boolean) {
  const day = scene(changes);
  const jobs = burstyDay();
  const seen: Seen = new Map();
  const sent = [];
  const violations: number[] = [];
  const pulls = new Set<string>();
  for (let second = 0; second <= DAY_S; second++) {
    day.to(second);
    while (jobs[0]?.at === second) {
      sent.push(day.send(jobs.shift() as Job));
    }
    see(seen, day.endpoint);
    const { fleet } = day.endpoint;
    for (const { id, imageCached } of fleet) {
      if (!imageCached) {
        pulls.add(id);
      }
    }
    const waiting = day.queue.waiting();
    if (!holds({ fleet, waiting, inProgress: day.queue.inProgress(), now: day.now() })) {
      violations.push(second);
    }
  }
  expect(violations).toEqual([]);
  expect(sent.filter(({ end }) => end?.state !== "ANSWERED")).toEqual([]);
  expect(day.endpoint.fleet).toEqual([]);
  return { ...day, seen, sent, pulls };
}

/** The same day in jumps from one arrival to the next. */
function runInJumps(changes: Partial<CreateEndpointRequest>): number {
  const day = scene(changes);
  for (const job of burstyDay()) {
    day.to(job.at);
    day.send(job);
  }
  day.to(DAY_S);
  return day.spent();
}

test("QUEUE_DELAY: 24 hours of bursts have the workers, the bill and the cold starts of the formulas", async () => {
  const changes = { workers: { max: 5, idleTimeout: 60 } };
  const { endpoint, queue, seen, spent, sent, pulls } = runDay(
    changes,
    ({ fleet, waiting, now }) => {
      const busy = fleet.filter((worker) => worker.busy > 0).length;
      const late = waiting.filter((since) => since + 4000 <= now).length;
      const isIdle = fleet.some(({ idleSince }) => idleSince !== null && now - idleSince > 60_000);
      return fleet.length >= Math.min(5, busy + late) && fleet.length <= 5 && !isIdle;
    },
  );
  expectBill(spent(), seen);
  expect(seen.size).toBe(endpoint.hired);
  // Each burst after a minute of quiet starts from zero, and no worker starts without a job.
  const starts = sent.filter(({ queuedAt }, index) => {
    const before = sent.slice(0, index).map(({ end }) => end?.at ?? 0);
    return queuedAt - Math.max(...before, 0) > 60_000;
  });
  expect(endpoint.hired).toBeGreaterThanOrEqual(starts.length);
  expect(pulls.size).toBe(5);
  expect(endpoint.hired).toBeLessThanOrEqual(sent.length);
  expect(runInJumps(changes)).toBeCloseTo(spent(), 9);
  await queue.settled();
  expect(queue.counts()).toMatchObject({ completed: sent.length, failed: 0, inQueue: 0 });
});

test("REQUEST_COUNT: the number of workers is that of the formula at every second", () => {
  const changes = { scaling: { type: "REQUEST_COUNT" as const, requestCount: 3 } };
  const { seen, spent, endpoint } = runDay(changes, ({ fleet, waiting, inProgress }) => {
    const wanted = Math.min(5, Math.ceil((waiting.length + inProgress) / 3));
    // A worker that is still starting stays until it could work.
    const useless = fleet.filter(({ phase, busy }) => phase === "ready" && busy === 0);
    return fleet.length >= wanted && (useless.length === 0 || fleet.length === wanted);
  });
  expectBill(spent(), seen);
  expect(endpoint.hired).toBeGreaterThan(10);
  expect(runInJumps(changes)).toBeCloseTo(spent(), 9);
});

test("FlashBoot has as many cold starts, and shorter waits", () => {
  const waits = (flashboot: "OFF" | "FLASHBOOT") => {
    const { sent } = runDay({ flashboot }, () => true);
    return sent.map(({ queuedAt, attempt }) => (attempt?.startedAt ?? 0) - queuedAt);
  };
  const mean = (times: number[]) => times.reduce((sum, time) => sum + time, 0) / times.length;
  expect(mean(waits("FLASHBOOT"))).toBeLessThan(mean(waits("OFF")) / 2);
});

test("a minimum of workers costs its price around the clock", () => {
  const day = scene({ workers: { min: 2, max: 2 } });
  day.to(DAY_S);
  expect(day.spent() / (2 * DAY_S * (PRICE + DISK))).toBeCloseTo(1, 2);
});
