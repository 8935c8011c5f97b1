import { type RecordedRequest, startTestEmulator, type TestEmulator } from "../support/emulator";
import { type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

jest.setTimeout(60_000);

const QUOTA = 20;
const WINDOW_S = 5;
const POD = { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] };

let emulator: TestEmulator;
let plugin: Plugin;
/** When the emulator's first window began, in milliseconds since 1970. */
let begun: number;

beforeEach(async () => {
  begun = Date.now();
  emulator = await startTestEmulator({ rateLimit: [{ quota: QUOTA, seconds: WINDOW_S }] });
  plugin = await startPlugin(pluginConfig(emulator));
});

afterEach(async () => {
  await plugin.close();
  await emulator.close();
});

/** Waits for a fresh window, and uses some of its calls as another tool would. */
async function spend(calls: number): Promise<void> {
  for (let spent = 0; spent < calls; spent++) {
    const { headers } = await emulator.call("GET", "/v2/templates");
    const [, left = ""] = /r=(\d+)/.exec(headers.get("ratelimit") ?? "") ?? [];
    if (Number(left) !== QUOTA - 1 - spent) {
      spent = -1;
    }
    if (spent < 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function createPods(count: number): { pods: TestResource[]; created: Promise<unknown> } {
  const pods = Array.from({ length: count }, (_, n) => new TestResource(plugin, "Pod", `pod${n}`));
  return { pods, created: Promise.all(pods.map((pod) => pod.up(POD))) };
}

/** What the provider sent, in order. */
async function sent(): Promise<RecordedRequest[]> {
  return (await emulator.requests()).filter(({ client }) => client === "runpod-stack");
}

function isCreate({ method, path }: RecordedRequest): boolean {
  return method === "POST" && path === "/v2/pods";
}

function perWindow(requests: RecordedRequest[]): number[] {
  const counts = new Map<number, number>();
  for (const { at } of requests) {
    const index = Math.floor((Date.parse(at) - begun) / 1_000 / WINDOW_S);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  return [...counts.keys()].toSorted((a, b) => a - b).map((index) => counts.get(index) ?? 0);
}

test("twice as many pods as a window allows use two fresh windows after a used-up one, and none is refused", async () => {
  await spend(QUOTA - 1);
  await createPods(2 * QUOTA + 1).created;

  const requests = await sent();
  expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  // The first of them uses the last call of the used-up window.
  expect(perWindow(requests)).toEqual([1, QUOTA, QUOTA]);
  expect(requests.every(isCreate)).toBe(true);
  expect(plugin.output()).toMatch(/^rate limit: next call in \d s$/m);
  expect((await emulator.ledger()).pods).toHaveLength(2 * QUOTA + 1);
});

test("a delete goes before waiting creates, from the reserve", async () => {
  await spend(QUOTA - 1);
  const { pods, created } = createPods(2 * QUOTA);
  const first = pods[0] as TestResource;
  while (first.state === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await first.destroy();
  await created;

  const requests = await sent();
  expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  const deleted = requests.findIndex(({ method }) => method === "DELETE");
  const createdBefore = requests.slice(0, deleted).filter(isCreate);
  expect(createdBefore.length).toBeLessThan(QUOTA);
  expect((await emulator.ledger()).pods.filter(({ endedAt }) => endedAt !== null)).toHaveLength(1);
});

test("one call finds out for all that another tool has used up the window", async () => {
  await spend(QUOTA);
  await createPods(10).created;

  const requests = await sent();
  expect(requests.map(({ status }) => status)).toEqual([429, ...Array(10).fill(201)]);
  expect((await emulator.ledger()).pods).toHaveLength(10);
});
