import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { effort } from "../support/faults-effort";
import {
  assertBalanced,
  balance,
  CLI_SPEED,
  firstCreate,
  fivePods,
  killVictim,
  pluginsOf,
  recover,
  type Victim,
} from "../support/faults-kills";
import { createStack, type TestStack } from "../support/stack";

const { kills, seed, from, tell } = effort();
/** Milliseconds that each pod's creation takes, one after the other. */
const CREATE_MS = 200;
/** 20 s for the plugin. */
const LAG_MS = 20_000 / CLI_SPEED;

let emulator: TestEmulator;
let stack: TestStack;

beforeEach(async () => {
  emulator = await startTestEmulator();
  const env = { ...emulator.env, RUNPOD_STACK_CLOCK_SPEED: String(CLI_SPEED) };
  stack = await createStack({ env, program: fivePods(0) });
  await emulator.fault(`slow:${CREATE_MS}`, { method: "POST", path: "^/v2/pods$" });
});

afterEach(async () => {
  await stack.close();
  await emulator.close();
});

/** Signals as a canceled workflow gets them, each with the milliseconds until the next. */
const GITHUB: readonly (readonly [NodeJS.Signals, number])[] = [
  ["SIGINT", 7_500],
  ["SIGTERM", 2_500],
  ["SIGKILL", 0],
];

/** When to kill which process. */
interface Kill {
  readonly victim: Victim;
  /** Milliseconds since the first pod was requested. */
  readonly after: number;
  readonly isLagging: boolean;
}

const anyKill: fc.Arbitrary<Kill> = fc.record({
  victim: fc.constantFrom<Victim>("the CLI", "the plugin", "both"),
  after: fc.nat({ max: 6 * CREATE_MS }),
  isLagging: fc.boolean(),
});

/** Five pods that replace five others, killed on the way. */
async function survive(generation: number, { victim, after, isLagging }: Kill): Promise<void> {
  stack.write(fivePods(generation));
  if (isLagging) {
    await emulator.fault(`lag:${LAG_MS}:list`, { method: "POST", path: "^/v2/pods$", times: 5 });
  }
  await emulator.clearRequests();
  const up = stack.startUp("--parallel", "1");
  await firstCreate(emulator);
  await delay(after);
  killVictim(stack, victim, () => up.kill("SIGKILL"));
  await up.ended;
  await recover(stack);
  if (isLagging) {
    // What lists did not show was created a second time. Now they show it.
    await delay(LAG_MS);
    await stack.up("--refresh");
  }
  await assertBalanced(stack, emulator);
}

test(`an up killed at any moment is recovered, and every pod exists once (${kills} kills, seed ${seed})`, async () => {
  const instants = fc.sample(anyKill, { seed, numRuns: kills });
  for (const [index, kill] of instants.entries()) {
    if (index < from) {
      continue;
    }
    await survive(index, kill).catch((error: Error) => {
      error.message = `kill ${index} of seed ${seed}, ${JSON.stringify(kill)}: ${error.message}`;
      throw error;
    });
    tell(`kills: ${index + 1} of ${kills} survived, seed ${seed}`);
  }
  await stack.destroy();
  expect((await balance(stack, emulator)).live).toEqual([]);
}, 7_200_000);

/** What is live and not in the state. */
async function orphans(): Promise<string[]> {
  const { live, inState } = await balance(stack, emulator);
  return live.filter((id) => !inState.includes(id));
}

test("a first Ctrl-C lets running creates end and records them", async () => {
  const up = stack.startUp();
  await firstCreate(emulator);
  up.kill("SIGINT");
  expect((await up.ended).code).not.toBe(0);
  expect(await orphans()).toEqual([]);
  await stack.up();
  await assertBalanced(stack, emulator);
}, 120_000);

test("after a second Ctrl-C, the next run finds the interrupted creates", async () => {
  const up = stack.startUp();
  await firstCreate(emulator);
  up.kill("SIGINT");
  await delay(50);
  up.kill("SIGINT");
  expect((await up.ended).code).not.toBe(0);
  await recover(stack);
  await assertBalanced(stack, emulator);
}, 120_000);

test("a pipeline canceled as by GitHub loses no pod", async () => {
  await emulator.clearFaults();
  await emulator.fault("slow:8500", { method: "POST", path: "^/v2/pods$" });
  stack.env["RUNPOD_STACK_CLOCK_SPEED"] = "1";
  const up = stack.startUp("--parallel", "2");
  await firstCreate(emulator);
  for (const [signal, patience] of GITHUB) {
    up.kill(signal);
    await delay(patience);
  }
  await up.ended;
  await emulator.clearFaults();
  await recover(stack);
  await assertBalanced(stack, emulator);
}, 120_000);

test("a plugin that outlives its engine creates nothing more, and ends", async () => {
  const up = stack.startUp("--parallel", "1");
  await firstCreate(emulator);
  up.kill("SIGKILL");
  await up.ended;
  while (pluginsOf(stack).length > 0) {
    await delay(50);
  }
  const posts = (await emulator.requests()).filter(({ method }) => method === "POST");
  expect(posts).toMatchObject([{ status: 201 }]);
}, 60_000);
