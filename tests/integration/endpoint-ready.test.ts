import type { Values } from "@runpod-stack/provider/schema";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { type Failure, type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

jest.setTimeout(60_000);

/** An endpoint as RunPod is asked for it, and what is expected of it. */
interface Case {
  readonly endpoint: Values;
  readonly ready: Values;
}

interface Brought {
  readonly endpointId: string;
  readonly ready: TestResource;
  readonly failure: Failure | undefined;
}

const GPU = "NVIDIA L4";
const RARE = "NVIDIA B200";
const queue = (more: Values = {}): Values => ({
  type: "QUEUE",
  image: "example.com/worker:1",
  scaling: { type: "QUEUE_DELAY", queueDelay: 1 },
  ...more,
});
const balanced: Values = {
  type: "LOAD_BALANCER",
  image: "nginx:1.29",
  scaling: { type: "REQUEST_COUNT", requestCount: 4 },
  env: { HEALTH_CHECK_PATH: "/" },
};
const vllm = (model: string, disk = 60) =>
  queue({ image: "runpod/worker-v1-vllm:v2.11.0", disk, env: { MODEL_NAME: model } });

/** All of them start in parallel, as in a stack. */
const cases = {
  good: { endpoint: queue(), ready: { input: { prompt: "Hello" }, expectOutput: "/Hell[o]/" } },
  "a model": {
    endpoint: vllm("Qwen/Qwen2.5-0.5B-Instruct"),
    ready: { input: { prompt: "Hello" } },
  },
  "a page": { endpoint: balanced, ready: { path: "/", expectOutput: "Welcome to nginx" } },
  "another page": {
    endpoint: balanced,
    ready: { path: "/", expectOutput: "Welcome to Apache", interval: "1s" },
  },
  "another status": {
    endpoint: balanced,
    ready: { path: "/", expectStatus: 201, interval: "1s" },
  },
  "a wrong answer": {
    endpoint: queue(),
    ready: { input: { emulator: { output: { text: "no" } } }, expectOutput: '"yes"' },
  },
  "a failing job": {
    endpoint: queue({ env: { TOKEN: "hush-hush" } }),
    ready: { input: { emulator: { error: "ValueError: no prompt given to hush-hush" } } },
  },
  "a slow job": {
    endpoint: queue(),
    ready: { input: { emulator: { seconds: 3_000 } }, timeout: "60s" },
  },
  parked: { endpoint: queue({ workers: { min: 0, max: 0 } }), ready: { input: {} } },
  throttled: { endpoint: queue({ gpuTypeId: RARE }), ready: { input: {} } },
  "an unknown image": {
    endpoint: queue({ image: "vllm/vllm-openai:v9.9.9" }),
    ready: { input: {} },
  },
  "a full disk": { endpoint: vllm("Qwen/Qwen3.8-27B", 20), ready: { input: { prompt: "Hello" } } },
} satisfies Record<string, Case>;

let emulator: TestEmulator;
let plugin: Plugin;
let pools: Map<string, string>;
let brought: Record<keyof typeof cases, Promise<Brought>>;

beforeAll(async () => {
  emulator = await startTestEmulator({ speed: "fast" });
  const { gpus } = (await emulator.call("GET", "/v2/catalog/gpus")).body;
  pools = new Map(gpus.map((gpu: { id: string; pool: string }) => [gpu.id, gpu.pool]));
  await emulator.call("POST", "/_emulator/capacity", { gpuTypeId: RARE, available: 0 });
  // Slower than the emulator's clock, so that immediate events there are immediate for the plugin.
  plugin = await startPlugin(pluginConfig(emulator), { RUNPOD_STACK_CLOCK_SPEED: "15" });
  brought = Object.fromEntries(
    Object.entries(cases).map(([name, given]) => [name, bring(name, given)]),
  ) as typeof brought;
});

afterAll(async () => {
  await Promise.all(Object.values(brought));
  await plugin.close();
  await emulator.close();
});

async function create(name: string, { gpuTypeId = GPU, ...endpoint }: Values): Promise<string> {
  const all = [...pools].filter(([, pool]) => pool === pools.get(String(gpuTypeId)));
  const excludedTypes = all.map(([id]) => id).filter((id) => id !== gpuTypeId);
  const gpu = { pools: [pools.get(String(gpuTypeId))], excludedTypes, count: 1 };
  const workers = { min: 0, max: 1 };
  const { status, body } = await emulator.call("POST", "/v2/serverless", {
    name,
    gpu,
    workers,
    timeout: 0,
    flashboot: "OFF",
    ...endpoint,
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body.id;
}

async function bring(name: string, { endpoint, ready: expected }: Case): Promise<Brought> {
  const endpointId = await create(name, endpoint);
  const ready = new TestResource(plugin, "EndpointReady", name);
  return { endpointId, ready, failure: await up(ready, { endpointId, ...expected }) };
}

async function up(ready: TestResource, inputs: Values): Promise<Failure | undefined> {
  return ready.up(inputs).then(
    () => undefined,
    (error) => error,
  );
}

const reasonOf = async (name: keyof typeof cases) => {
  const { failure } = await brought[name];
  return failure?.reasons?.[0] ?? String(failure);
};
const jobsOf = async (endpointId: string) =>
  (await emulator.call("GET", `/serverless/v2/${endpointId}/requests`)).body.requests;

describe("an endpoint is ready", () => {
  test("when a job is answered", async () => {
    const { ready, failure, endpointId } = await brought.good;
    expect(failure).toBeUndefined();
    const base = `${emulator.url}/serverless/v2/${endpointId}`;
    expect(ready.outputs).toMatchObject({
      endpointId,
      url: `${base}/run`,
      openaiBaseUrl: `${base}/openai/v1`,
      readyAt: expect.any(String),
      output: { input: { prompt: "Hello" } },
      delayTime: expect.any(Number),
      executionTime: expect.any(Number),
    });
    expect(await jobsOf(endpointId)).toMatchObject([{ status: "COMPLETED" }]);
    expect(await ready.refresh()).toBe(true);
  });

  test("when the model has been loaded after a cold start", async () => {
    const { ready, failure } = await brought["a model"];
    expect(failure).toBeUndefined();
    expect(Number(ready.outputs["delayTime"])).toBeGreaterThan(10_000);
  });

  test("when a load balancer's page is as expected", async () => {
    const { ready, failure, endpointId } = await brought["a page"];
    expect(failure).toBeUndefined();
    expect(ready.outputs).toMatchObject({
      url: `${emulator.url}/lb/${endpointId}`,
      output: expect.stringContaining("Welcome to nginx"),
      delayTime: null,
    });
  });
});

describe("an endpoint fails", () => {
  test("on a wrong answer, which is shown", async () => {
    const id = (await brought["a wrong answer"]).endpointId;
    expect(await reasonOf("a wrong answer")).toMatch(
      new RegExp(
        `^Endpoint ${id} answered job [\\w-]+, but the answer does not contain "yes"\\. It is: {"text":"no"}\nEndpoint ${id} stays in the state and is billed for each worker that a job starts\\.`,
      ),
    );
  });

  test("on a wrong page or status", async () => {
    expect(await reasonOf("another page")).toContain(
      "answered /, but the answer does not contain Welcome to Apache.",
    );
    expect(await reasonOf("another status")).toContain(
      "answered /, but with status 200 instead of 201. Set expectStatus to 200 if that is right",
    );
  });

  test("on a job that fails, with its error and no secret", async () => {
    const reason = await reasonOf("a failing job");
    expect(reason).toContain("failed: ValueError: no prompt given to");
    expect(reason).not.toContain("hush-hush");
  });

  test("when the time is over, and its job is canceled", async () => {
    const { endpointId, ready } = await brought["a slow job"];
    expect(await reasonOf("a slow job")).toMatch(
      /^Endpoint \w+ did not answer within 1m: job [\w-]+ is running; workers: 1 ready\./,
    );
    expect(await jobsOf(endpointId)).toMatchObject([{ status: "CANCELLED" }]);
    expect(ready.outputs).toMatchObject({ endpointId, readyAt: null });
  });

  test("immediately, without a job, if it may have no workers", async () => {
    const { endpointId } = await brought.parked;
    expect(await reasonOf("parked")).toContain(
      `Endpoint ${endpointId} has workersMax 0, so nothing takes its requests. Set workersMax to 1 or more.`,
    );
    expect(await jobsOf(endpointId)).toEqual([]);
  });

  test("early, if all of its workers are throttled", async () => {
    const { endpointId } = await brought.throttled;
    expect(await reasonOf("throttled")).toMatch(
      /^All workers of endpoint \w+ have been throttled for \d+m[\ds ]*: RunPod has no free machine for them\. Add GPU types to gpuTypeIds/,
    );
    expect(await jobsOf(endpointId)).toMatchObject([{ status: "CANCELLED" }]);
  });

  test("early, with the cause from the workers' logs", async () => {
    expect(await reasonOf("an unknown image")).toContain("Diagnosis: image-");
    expect(await reasonOf("a full disk")).toContain("Diagnosis: disk-");
  });
});

test("a lost answer to the job is reported, and the next one counts", async () => {
  const endpointId = await create("lost", queue());
  const path = `^/serverless/v2/${endpointId}/run$`;
  await emulator.fault("reset:after", { method: "POST", path, times: 1 });
  const ready = new TestResource(plugin, "EndpointReady", "lost");
  expect(await up(ready, { endpointId, input: { prompt: "a" } })).toBeUndefined();
  expect(await jobsOf(endpointId)).toHaveLength(2);
  expect(plugin.output()).toContain("the answer to the job was lost, so it is sent again");
});

test("a new revision sends another job, a new timeout does not, and a delete nothing", async () => {
  const { ready, endpointId } = await brought.good;
  const inputs = { endpointId, ...cases.good.ready };
  expect(await ready.up(inputs)).toBe("unchanged");
  expect(await ready.up({ ...inputs, timeout: "10m" })).toBe("updated");
  expect(await jobsOf(endpointId)).toHaveLength(1);
  expect(await ready.up({ ...inputs, timeout: "10m", revision: 2 })).toBe("updated");
  expect(await jobsOf(endpointId)).toHaveLength(2);
  await emulator.clearRequests();
  await ready.destroy();
  expect(await emulator.requests()).toEqual([]);
});

test.each<[string, Values, string]>([
  ["nothing", {}, "input is required, or path for a LOAD_BALANCER."],
  ["both", { input: {}, path: "/" }, 'path "/" cannot be combined with input:'],
  [
    "a job's status",
    { input: {}, expectStatus: 201 },
    "expectStatus 201 is not available for a job",
  ],
  [
    "a job for a load balancer",
    { input: {}, __endpointType: "LOAD_BALANCER" },
    "input is not available on a LOAD_BALANCER, which has no jobs. Set path instead.",
  ],
  [
    "a path for a queue",
    { path: "/", __endpointType: "QUEUE" },
    'path "/" is not available on a QUEUE. Set input instead, to a job.',
  ],
  ["a text as input", { input: "Hello" }, 'input "Hello" must be an object'],
  [
    "a long interval",
    { input: {}, interval: "1h", timeout: "5m" },
    "must not be longer than timeout",
  ],
])("a preview refuses %s", async (_, inputs, message) => {
  const ready = new TestResource(plugin, "EndpointReady", "refused");
  expect(await ready.up({ endpointId: "abc", ...inputs })).toBe("refused");
  expect(ready.failures.join("\n")).toContain(message);
});
