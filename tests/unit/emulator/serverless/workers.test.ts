import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Answer, startTestEmulator, type TestEmulator } from "../../../support/emulator";
import { endpointBody, podBody, volumeBody } from "../bodies";

const NOON = Date.UTC(2026, 10, 27, 12);
/** An image that the emulator does not know: its handler returns its input. */
const HANDLER = { image: "acme/handler:1", env: {}, disk: 10 };
const ONE_TYPE = { pools: ["ADA_24"] };
const PRICE = 1.116;
const DISK = (10 * 0.1) / 730;
const DAY_S = 86_400;

let emulator: TestEmulator;
let now = NOON;

/** Time stands still unless a test moves it. */
const start = async (options: Parameters<typeof startTestEmulator>[0] = {}) => {
  emulator = await startTestEmulator({ speed: "real", time: () => now, ...options });
};
const pass = (seconds: number) => {
  now += seconds * 1000;
};
beforeEach(() => {
  now = NOON;
  return start();
});
afterEach(() => emulator.close());

const create = async (changes: Record<string, unknown> = {}): Promise<string> => {
  const body = endpointBody({ ...HANDLER, gpu: ONE_TYPE, ...changes });
  return (await emulator.call("POST", "/v2/serverless", body)).body.id;
};
const patch = (id: string, body: unknown) => emulator.call("PATCH", `/v2/serverless/${id}`, body);
const run = async (id: string, seconds = 1): Promise<string> =>
  (await emulator.call("POST", `/serverless/v2/${id}/run`, { input: { emulator: { seconds } } }))
    .body.id;
const jobState = async (id: string, job: string) =>
  (await emulator.call("GET", `/serverless/v2/${id}/status/${job}`)).body.status;
const workersOf = async (id: string): Promise<Answer["body"]> =>
  (await emulator.call("GET", `/v2/serverless/${id}/workers`)).body;
/** Such as `INITIALIZING RUNNING`. */
const statuses = async (id: string): Promise<string> =>
  (await workersOf(id)).workers.map(({ status }: { status: string }) => status).join(" ");
const bill = async () => (await emulator.ledger()).endpoints[0];

/** Seconds until the endpoint's workers show these statuses. */
async function secondsUntil(id: string, wanted: string, most = 600): Promise<number> {
  for (let seconds = 0; seconds <= most; seconds++) {
    if ((await statuses(id)) === wanted) {
      return seconds;
    }
    pass(1);
  }
  throw new Error(`the workers are ${await statuses(id)}`);
}

describe("a worker", () => {
  test("pulls its image free of charge, starts, works and idles billed, and ends by the second", async () => {
    const id = await create();
    expect(await statuses(id)).toBe("");
    const job = await run(id, 5);
    expect(await statuses(id)).toBe("INITIALIZING");
    expect(await bill()).toMatchObject({ costPerHr: 0, spent: 0 });
    await secondsUntil(id, "RUNNING");
    expect((await bill())?.costPerHr).toBeCloseTo(PRICE + DISK, 6);
    const { workers, summary, endpointVersion } = await workersOf(id);
    expect(workers).toEqual([
      {
        id: expect.stringMatching(/^[a-z0-9]{14}$/),
        status: "RUNNING",
        isStale: false,
        version: 1,
        image: "acme/handler:1",
        gpuCount: 1,
        gpuTypeId: "NVIDIA GeForce RTX 4090",
        dataCenterId: expect.any(String),
        startedAt: new Date(NOON).toISOString(),
        uptimeSeconds: expect.any(Number),
      },
    ]);
    expect(summary).toMatchObject({ running: 1, total: 1 });
    expect(endpointVersion).toBe(1);
    expect(await secondsUntil(id, "IDLE")).toBeLessThanOrEqual(5);
    expect(await jobState(id, job)).toBe("COMPLETED");
    expect(await secondsUntil(id, "")).toBeGreaterThanOrEqual(9);
    // Three seconds to start, five for the job, ten idle; the disk by five minutes.
    const spent = (18 * PRICE + 300 * DISK) / 3600;
    expect(await bill()).toMatchObject({ costPerHr: 0, spent: expect.closeTo(spent, 6) });
    pass(DAY_S);
    expect((await bill())?.spent).toBeCloseTo(spent, 6);
  });

  test("starts faster where an earlier one has left the image, and much faster with FlashBoot", async () => {
    const coldStart = async (id: string) => {
      await run(id);
      const seconds = await secondsUntil(id, "RUNNING");
      await secondsUntil(id, "");
      return seconds;
    };
    const slow = await create({ flashboot: "OFF" });
    expect(await coldStart(slow)).toBeGreaterThan(20);
    expect(await coldStart(slow)).toBe(8);
    const fast = await create({ flashboot: "FLASHBOOT" });
    expect(await coldStart(fast)).toBeGreaterThan(20);
    expect(await coldStart(fast)).toBe(2);
    await patch(fast, { env: { A: "1" } });
    expect(await coldStart(fast)).toBe(8);
  });

  test("loads a model from the network volume of its data center", async () => {
    const body = volumeBody({ dataCenter: "EU-RO-1" });
    const { id: volume } = (await emulator.call("POST", "/v2/network-volumes", body)).body;
    const vllm = endpointBody({ networkVolumes: [volume], gpu: { pools: ["AMPERE_48"] } });
    const { id } = (await emulator.call("POST", "/v2/serverless", vllm)).body;
    const downloads = async () => {
      await run(id);
      await secondsUntil(id, "RUNNING");
      const { workers } = await workersOf(id);
      expect(workers[0].dataCenterId).toBe("EU-RO-1");
      const lines = await workerLogs(id, workers[0].id);
      pass(60);
      return lines.filter((line) => line.includes("Time spent downloading weights")).length;
    };
    expect(await downloads()).toBeGreaterThan(0);
    expect(await downloads()).toBe(0);
  });

  test("is THROTTLED without a free machine, and starts when one is free", async () => {
    const gpuTypeId = "NVIDIA GeForce RTX 4090";
    await emulator.call("POST", "/_emulator/capacity", { gpuTypeId, available: 0 });
    const id = await create();
    const job = await run(id);
    pass(3600);
    expect(await workersOf(id)).toMatchObject({
      workers: [{ status: "THROTTLED", gpuTypeId: null, dataCenterId: null, startedAt: null }],
      summary: { throttled: 1, total: 1 },
    });
    expect(await bill()).toMatchObject({ spent: 0 });
    await emulator.call("POST", "/_emulator/capacity", { gpuTypeId, available: 1 });
    await secondsUntil(id, "RUNNING");
    pass(1);
    expect(await jobState(id, job)).toBe("COMPLETED");
  });

  test("is UNHEALTHY and costs nothing while its container crashes", async () => {
    const id = await create({
      image: "runpod/worker-v1-vllm:v2.25.2",
      env: { MODEL_NAME: "a/no-such" },
    });
    await run(id);
    await secondsUntil(id, "UNHEALTHY");
    const { spent = 0 } = (await bill()) ?? {};
    pass(3600);
    expect(await statuses(id)).toBe("UNHEALTHY");
    expect(await bill()).toMatchObject({ costPerHr: 0, spent });
  });

  test("is UNHEALTHY after seven minutes without a handler, or as many seconds as asked", async () => {
    const bare = { image: "nginx:1.29", env: {} };
    const id = await create(bare);
    await run(id);
    const seconds = await secondsUntil(id, "UNHEALTHY");
    expect(seconds).toBeGreaterThanOrEqual(420);
    const other = await create({ ...bare, env: { RUNPOD_INIT_TIMEOUT: "60" } });
    await run(other);
    expect(await secondsUntil(other, "UNHEALTHY")).toBeLessThan(100);
  });

  test("boots with the secrets and the registry of its account", async () => {
    const secret = { name: "token", value: "hf_secret" };
    await emulator.call("POST", "/v2/account/secrets", secret);
    const id = await create({
      image: "python:3.12",
      cmd: ["sh", "-c", "echo $TOKEN"],
      env: { TOKEN: "{{ RUNPOD_SECRET_token }}" },
      workers: { min: 1 },
    });
    pass(60);
    const [{ id: worker }] = (await workersOf(id)).workers;
    expect(await workerLogs(id, worker)).toContain("hf_secret");
    const { body } = await emulator.call("GET", `/v2/serverless/${id}`);
    expect(body.env).toEqual({ TOKEN: "{{ RUNPOD_SECRET_token }}" });
  });

  test("shows its container's log, also when it is gone", async () => {
    const id = await create();
    await run(id);
    await secondsUntil(id, "RUNNING");
    const [{ id: worker }] = (await workersOf(id)).workers;
    const lines = await workerLogs(id, worker);
    expect(lines).toContain("start container for acme/handler:1: begin");
    await secondsUntil(id, "");
    expect(await workerLogs(id, worker)).toEqual(lines);
    expect((await emulator.call("GET", `/v2/serverless/${id}/workers/none/logs`)).status).toBe(404);
    expect((await emulator.call("GET", `/v2/serverless/none/workers/${worker}/logs`)).status).toBe(
      404,
    );
  });

  test("behind a load balancer serves at its port, or is UNHEALTHY after eight minutes", async () => {
    const scaling = { type: "REQUEST_COUNT", requestCount: 1 };
    const balanced = { type: "LOAD_BALANCER", scaling, workers: { min: 1 } };
    const good = await create(balanced);
    await secondsUntil(good, "IDLE");
    const custom = await create({ ...balanced, env: { PORT: "8000" }, ports: ["8000/http"] });
    await secondsUntil(custom, "IDLE");
    const wrong = await create({ ...balanced, env: { PORT: "8000" }, ports: [] });
    expect(await secondsUntil(wrong, "UNHEALTHY")).toBeGreaterThanOrEqual(480);
  });
});

describe("workers of an endpoint", () => {
  test("are as many as its minimum, always on and billed", async () => {
    const id = await create({ workers: { min: 2 } });
    expect(await statuses(id)).toBe("INITIALIZING INITIALIZING");
    await secondsUntil(id, "IDLE IDLE");
    const { spent = 0 } = (await bill()) ?? {};
    pass(3600);
    expect(await statuses(id)).toBe("IDLE IDLE");
    expect((await bill())?.spent).toBeCloseTo(spent + 2 * (PRICE + DISK), 5);
    await patch(id, { workers: { min: 0 } });
    expect(await statuses(id)).toBe("");
  });

  test("QUEUE_DELAY adds one for each request that has waited too long", async () => {
    const id = await create({ scaling: { type: "QUEUE_DELAY", queueDelay: 60 } });
    for (let job = 0; job < 5; job++) {
      await run(id, 600);
    }
    expect((await workersOf(id)).summary.total).toBe(1);
    pass(59);
    expect((await workersOf(id)).summary.total).toBe(1);
    pass(1);
    // One has a worker by now, the other four are late, and three is the maximum.
    expect((await workersOf(id)).summary.total).toBe(3);
  });

  test("REQUEST_COUNT divides all requests, waiting and in progress", async () => {
    const id = await create({ scaling: { type: "REQUEST_COUNT", requestCount: 2 } });
    for (const total of [1, 1, 2, 2, 3, 3, 3]) {
      await run(id, 30);
      expect((await workersOf(id)).summary.total).toBe(total);
    }
    await secondsUntil(id, "");
  });

  test("a maximum of 0 parks the endpoint: requests wait, and workers end", async () => {
    const id = await create({ workers: { max: 0 } });
    const job = await run(id);
    pass(3600);
    expect(await statuses(id)).toBe("");
    expect(await jobState(id, job)).toBe("IN_QUEUE");
    await patch(id, { workers: { max: 1 } });
    await secondsUntil(id, "RUNNING");
  });

  test("after a release idle ones are replaced immediately, and a running one first ends its job", async () => {
    const id = await create({ workers: { min: 2 } });
    await secondsUntil(id, "IDLE IDLE");
    const job = await run(id, 100);
    const before = (await workersOf(id)).workers;
    await patch(id, { env: { A: "1" } });
    const { workers, endpointVersion } = await workersOf(id);
    expect(endpointVersion).toBe(2);
    expect(workers).toMatchObject([
      { id: before[0].id, status: "RUNNING", isStale: true, version: 1 },
      { status: "INITIALIZING", isStale: false, version: 2 },
      { status: "INITIALIZING", isStale: false, version: 2 },
    ]);
    const rollout = async () =>
      (await emulator.call("GET", `/v2/serverless/${id}/releases`)).body.rollout;
    expect(await rollout()).toEqual({
      inProgress: true,
      workersOnLatest: 2,
      workersTotal: 3,
      percentOnLatest: 66,
    });
    pass(101);
    expect(await jobState(id, job)).toBe("COMPLETED");
    expect(await statuses(id)).toBe("IDLE IDLE");
    expect(await rollout()).toMatchObject({ inProgress: false, percentOnLatest: 100 });
  });

  test("a deleted endpoint ends its workers, and their machines are free again", async () => {
    const gpuTypeId = "NVIDIA GeForce RTX 4090";
    await emulator.call("POST", "/_emulator/capacity", { gpuTypeId, available: 1 });
    const id = await create({ workers: { min: 1 } });
    const pod = podBody({ gpu: { id: gpuTypeId, count: 1 } });
    expect((await emulator.call("POST", "/v2/pods", pod)).status).toBe(400);
    await secondsUntil(id, "IDLE");
    await emulator.call("DELETE", `/v2/serverless/${id}`);
    expect(await bill()).toMatchObject({ costPerHr: 0, endedAt: expect.any(String) });
    expect((await emulator.call("POST", "/v2/pods", pod)).status).toBe(201);
  });

  test("the platform turns an unused endpoint down after three days, and off after seven", async () => {
    const id = await create({ workers: { min: 1, max: 5 } });
    const limits = async () => (await emulator.call("GET", `/v2/serverless/${id}`)).body.workers;
    pass(3 * DAY_S - 1);
    expect(await limits()).toMatchObject({ min: 1, max: 5 });
    pass(1);
    expect(await limits()).toMatchObject({ min: 1, max: 2 });
    pass(4 * DAY_S);
    expect(await limits()).toMatchObject({ min: 0, max: 0 });
    expect(await statuses(id)).toBe("");
    const { spent = 0 } = (await bill()) ?? {};
    expect(spent / (7 * 24 * (PRICE + DISK))).toBeCloseTo(1, 3);
    const job = await run(id);
    pass(60);
    expect(await jobState(id, job)).toBe("IN_QUEUE");
    await patch(id, { workers: { max: 3 } });
    expect(await statuses(id)).toBe("INITIALIZING");
  });

  test("a worker that does not recover for seven days turns its endpoint off", async () => {
    const id = await create({ workers: { min: 1 }, image: "acme/does-not-exist:1" });
    await secondsUntil(id, "UNHEALTHY");
    for (let day = 0; day < 7; day++) {
      expect(await statuses(id)).toBe("UNHEALTHY");
      await run(id);
      pass(DAY_S);
    }
    expect(await statuses(id)).toBe("");
  });

  test("end when the balance is gone, at that moment", async () => {
    const id = await create({ workers: { min: 1 } });
    await secondsUntil(id, "IDLE");
    await emulator.call("POST", "/_emulator/accounts/1", { balance: PRICE + DISK });
    const { spent = 0 } = (await bill()) ?? {};
    pass(DAY_S);
    expect((await bill())?.spent).toBeCloseTo(spent + PRICE + DISK, 3);
    expect(await statuses(id)).toBe("THROTTLED");
    await emulator.call("POST", "/_emulator/accounts/1", { balance: 100 });
    await secondsUntil(id, "IDLE");
  });
});

test("running workers count against the spend limit, of pods as well", async () => {
  await emulator.close();
  await start({ spendLimit: 2 });
  const id = await create({ workers: { min: 2 } });
  pass(300);
  expect(await statuses(id)).toBe("IDLE THROTTLED");
  const gpu = { id: "NVIDIA A40", count: 2 };
  expect((await emulator.call("POST", "/v2/pods", podBody({ gpu }))).status).toBe(201);
  expect((await emulator.call("POST", "/v2/pods", podBody({ gpu }))).status).toBe(400);
});

test("endpoints, their workers and their bill survive a restart", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "runpod-emulator-"));
  const stateFile = path.join(folder, "state.json");
  await emulator.close();
  await start({ stateFile });
  const id = await create({ workers: { min: 1 }, flashboot: "FLASHBOOT" });
  await secondsUntil(id, "IDLE");
  const endpoint = (await emulator.call("GET", `/v2/serverless/${id}`)).body;
  const workers = await workersOf(id);
  const entry = await bill();
  const { url } = emulator;
  await emulator.close();

  await start({ stateFile });
  const after = (await emulator.call("GET", `/v2/serverless/${id}`)).body;
  expect(JSON.stringify(after).replaceAll(emulator.url, url)).toBe(JSON.stringify(endpoint));
  expect(await workersOf(id)).toEqual(workers);
  expect(await bill()).toEqual(entry);
  const job = await run(id);
  expect(await statuses(id)).toBe("RUNNING");
  pass(1);
  expect(await jobState(id, job)).toBe("COMPLETED");
  pass(3599);
  expect((await bill())?.spent).toBeCloseTo((entry?.spent ?? 0) + PRICE + DISK, 5);
  await emulator.reset();
  expect((await emulator.ledger()).endpoints).toEqual([]);
  await emulator.close();
  rmSync(folder, { recursive: true });
  await start();
});

test("in `instant` speed a request is answered as soon as it is sent", async () => {
  await emulator.close();
  await start({ speed: "instant" });
  const id = await create();
  expect(await jobState(id, await run(id, 0))).toBe("COMPLETED");
  expect(await statuses(id)).toBe("IDLE");
});

async function workerLogs(id: string, worker: string): Promise<string[]> {
  const lines = await emulator.workerLogs(id, worker);
  return lines.map(({ line }) => line);
}
