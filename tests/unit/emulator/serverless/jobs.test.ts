import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startTestEmulator, type TestEmulator } from "../../../support/emulator";
import { queue } from "./support";

const WEEK = 7 * 86_400_000;

describe("/serverless/v2/{endpointId}", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  test("a job is queued, done and shown", async () => {
    const api = await queue(emulator);
    const { status, body } = await api.post("run", { input: { prompt: "Hello" } });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-u1$/),
      status: "IN_QUEUE",
    });
    expect(await api.status(body.id)).toEqual({
      id: body.id,
      status: "COMPLETED",
      delayTime: expect.any(Number),
      executionTime: 0,
      output: expect.objectContaining({ input: { prompt: "Hello" } }),
      workerId: expect.stringMatching(/^[a-z0-9]{14}$/),
    });
  });

  test("a synchronous job answers with its result, or after the wait with its state", async () => {
    const api = await queue(emulator);
    const done = await api.post("runsync", { input: "Hello" });
    expect(done.body).toMatchObject({ status: "COMPLETED", id: expect.stringMatching(/^sync-/) });
    const late = await api.post("runsync?wait=1000", { input: { emulator: { seconds: 60 } } });
    expect(late.body).toMatchObject({ status: "IN_PROGRESS", id: expect.stringMatching(/^sync-/) });
    await emulator.advance(60);
    expect((await api.get(`status-sync/${late.body.id}`)).body.status).toBe("COMPLETED");
  });

  test("a failed job has an error and no output, and can be retried with the same id", async () => {
    const api = await queue(emulator);
    const id = await api.run({ error: "no space" });
    expect(await api.status(id)).toMatchObject({ status: "FAILED", error: "no space" });
    expect(await api.status(id)).not.toHaveProperty("output");
    expect((await api.post(`retry/${id}`)).body).toEqual({ id, status: "IN_QUEUE" });
    expect((await api.status(id)).status).toBe("FAILED");
    const done = await api.run();
    expect(await api.post(`retry/${done}`)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("only a failed job can be retried") },
    });
  });

  test("a stream is drained by each call, and ends with the job", async () => {
    const api = await queue(emulator);
    const id = await api.run({ chunks: ["a", "b", "c", "d"], seconds: 4 });
    const stream = async () => (await api.get(`stream/${id}`)).body;
    expect(await stream()).toEqual({ status: "IN_PROGRESS", stream: [] });
    await emulator.advance(2);
    expect(await stream()).toEqual({
      status: "IN_PROGRESS",
      stream: [{ output: "a" }, { output: "b" }],
    });
    await emulator.advance(60);
    expect((await stream()).stream).toEqual([{ output: "c" }, { output: "d" }]);
    expect(await stream()).toEqual({ status: "COMPLETED", stream: [] });
    expect((await api.status(id)).output).toEqual(["a", "b", "c", "d"]);
  });

  test("a job is canceled while it runs or waits, and keeps its state when it has ended", async () => {
    const api = await queue(emulator, { workers: { min: 0, max: 1 } });
    const [running, waits] = [await api.run({ seconds: 60 }), await api.run({ seconds: 60 })];
    for (const id of [running, waits]) {
      expect((await api.post(`cancel/${id}`)).body).toEqual({ id, status: "CANCELLED" });
      expect((await api.status(id)).status).toBe("CANCELLED");
    }
    const done = await api.run();
    await api.status(done);
    expect((await api.post(`cancel/${done}`)).body).toEqual({ id: done, status: "COMPLETED" });
  });

  test("with no workers all jobs wait, until there may be some", async () => {
    const api = await queue(emulator, { workers: { min: 0, max: 0 } });
    const id = await api.run();
    await emulator.advance(3_600);
    expect(await api.status(id)).toEqual({ id, status: "IN_QUEUE" });
    await emulator.call("PATCH", `/v2/serverless/${api.id}`, { workers: { max: 1 } });
    expect(await api.status(id)).toMatchObject({
      status: "COMPLETED",
      delayTime: expect.any(Number),
    });
  });

  test("purging removes what waits", async () => {
    const api = await queue(emulator, { workers: { min: 0, max: 0 } });
    const id = await api.run();
    expect((await api.post("purge-queue")).body).toEqual({ removed: 1, status: "completed" });
    expect((await api.get(`status/${id}`)).status).toBe(404);
  });

  test("the health counts jobs and workers", async () => {
    const api = await queue(emulator, { workers: { min: 0, max: 1 } });
    await api.status(await api.run());
    await api.status(await api.run({ error: "no" }));
    await api.run({ seconds: 60 });
    await api.run();
    expect((await api.get("health")).body).toEqual({
      jobs: { completed: 1, failed: 1, inProgress: 1, inQueue: 1, retried: 0 },
      workers: { idle: 0, initializing: 0, ready: 0, running: 1, throttled: 0, unhealthy: 0 },
    });
  });

  test("all jobs are listed, newest first", async () => {
    const api = await queue(emulator);
    const [first, second] = [await api.run(), await api.run({ error: "no" })];
    expect((await api.get("requests")).body.requests).toEqual([
      expect.objectContaining({ id: second, status: "FAILED" }),
      expect.objectContaining({ id: first, status: "COMPLETED" }),
    ]);
  });

  test("a job's time to live and its result's retention end on the virtual clock", async () => {
    const api = await queue(emulator);
    const kept = await api.run();
    await api.status(kept);
    const short = await api.run({ seconds: 600 }, { policy: { ttl: 60_000 } });
    expect((await api.status(short)).status).toBe("IN_PROGRESS");
    await emulator.advance(60);
    expect((await api.get(`status/${short}`)).status).toBe(404);
    expect((await api.status(kept)).status).toBe("COMPLETED");
    await emulator.advance(1_800);
    expect((await api.get(`status/${kept}`)).status).toBe(404);
    const limited = await api.run({ seconds: 600 });
    expect((await api.get(`status/${limited}?ttl=6000`)).body.status).toBe("IN_PROGRESS");
    await emulator.advance(6);
    expect((await api.get(`status/${limited}`)).status).toBe(404);
  });

  test("a job that takes too long fails", async () => {
    const api = await queue(emulator, { timeout: 30_000 });
    const id = await api.run({ seconds: 60 });
    await emulator.advance(31);
    expect(await api.status(id)).toMatchObject({
      status: "FAILED",
      error: "executionTimeout exceeded",
      executionTime: 30_000,
    });
  });

  test.each<[unknown, string]>([
    ["[]", "the request body must be a JSON object with input"],
    ["", "the request body must be a JSON object with input"],
    [{ prompt: "Hello" }, "input is required"],
    [{ input: 1, policy: 1 }, "policy must be an object"],
    [{ input: 1, policy: { ttl: 1 } }, `policy.ttl 1 must be milliseconds from 10000 to ${WEEK}`],
    [
      { input: 1, policy: { executionTimeout: "5m" } },
      `policy.executionTimeout "5m" must be milliseconds from 5000 to ${WEEK}`,
    ],
    [{ input: 1, webhook: "ftp://a" }, 'webhook "ftp://a" must be an http or https URL'],
  ])("a body %j is refused", async (body, error) => {
    const api = await queue(emulator);
    expect(await api.post("run", body)).toMatchObject({ status: 400, body: { error } });
  });

  test("the key is taken with and without Bearer, and from its own account only", async () => {
    const two = await startTestEmulator({
      apiKeys: ["rpa_one", "rpa_two"],
      restrictedKeys: { rpa_reader: ["serverless:read"], rpa_pods: ["pods:write"] },
    });
    const { id } = await queue(two);
    const health = (authorization: string) =>
      two.call("GET", `/serverless/v2/${id}/health`, undefined, { authorization });
    for (const key of ["rpa_one", "Bearer rpa_one", "bearer rpa_one", "rpa_reader"]) {
      expect([key, (await health(key)).status]).toEqual([key, 200]);
    }
    expect(await health("")).toMatchObject({ status: 401, body: { error: "no token provided" } });
    expect(await health("Bearer")).toMatchObject({ status: 401 });
    expect(await health("rpa_no")).toMatchObject({
      status: 401,
      body: { error: "invalid API key" },
    });
    expect(await health("rpa_two")).toMatchObject({
      status: 404,
      body: { error: `endpoint "${id}" not found` },
    });
    expect((await health("rpa_pods")).status).toBe(403);
    const authorization = "rpa_reader";
    const run = await two.call("POST", `/serverless/v2/${id}/run`, { input: 1 }, { authorization });
    expect(run.status).toBe(403);
    // A worker would start for these.
    for (const route of [`/serverless/v2/${id}/openai/v1/models`, `/lb/${id}/v1/models`]) {
      expect((await two.call("GET", route, undefined, { authorization })).status).toBe(403);
    }
    expect((await health("rpa_reader")).body.jobs.inQueue).toBe(0);
    await two.close();
  });

  test("a job that is unknown, or another endpoint's, is not found", async () => {
    const [one, two] = [await queue(emulator), await queue(emulator)];
    const id = await one.run();
    for (const answer of [
      await two.get(`status/${id}`),
      await two.get(`stream/${id}`),
      await two.post(`cancel/${id}`),
      await two.post(`retry/${id}`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { error: `job "${id}" not found` } });
    }
  });

  test("a load-balancing endpoint has no queue", async () => {
    const scaling = { type: "REQUEST_COUNT", requestCount: 1 };
    const api = await queue(emulator, { type: "LOAD_BALANCER", scaling });
    const refused = { status: 400, body: { error: "not allowed for QB API" } };
    expect(await api.post("run", { input: 1 })).toMatchObject(refused);
    expect((await api.get("health")).body.workers.idle).toBe(0);
  });

  test("bodies end at RunPod's limits", async () => {
    const api = await queue(emulator);
    const mb = (count: number) => ({ input: "x".repeat(count * 1024 * 1024) });
    expect((await api.post("run", mb(9))).status).toBe(200);
    expect((await api.post("run", mb(10))).status).toBe(413);
    expect((await api.post("runsync", mb(11))).status).toBe(200);
  });

  test("each operation has RunPod's limit, if there are limits at all", async () => {
    const limited = await startTestEmulator({ rateLimit: [{ quota: 1000, seconds: 60 }] });
    const api = await queue(limited);
    const purge = async () => (await api.post("purge-queue")).status;
    expect([await purge(), await purge(), await purge()]).toEqual([200, 200, 429]);
    expect((await api.post("purge-queue")).body.error).toBe(
      "too many requests: /purge-queue allows 2 requests per 10 seconds",
    );
    expect((await api.get("health")).status).toBe(200);
    await limited.advance(10);
    expect(await purge()).toBe(200);
    await limited.close();
  });

  test("a deleted endpoint is gone with its jobs", async () => {
    const api = await queue(emulator);
    const id = await api.run({ seconds: 60 });
    await emulator.call("DELETE", `/v2/serverless/${api.id}`);
    expect((await api.get(`status/${id}`)).status).toBe(404);
  });

  describe("webhooks", () => {
    const received: unknown[] = [];
    let statuses: number[] = [];
    const server = createServer(async (request, response) => {
      const chunks = await request.toArray();
      received.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(statuses.shift() ?? 200).end();
    });
    let webhook = "";
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/done`;
    });
    beforeEach(() => {
      received.length = 0;
    });
    afterAll(() => server.close());

    const until = async (count: number) => {
      for (let look = 0; received.length < count && look < 500; look++) {
        await delay(10);
      }
    };

    test("get what /status shows, and are tried three times", async () => {
      const api = await queue(emulator);
      statuses = [500, 404];
      const id = await api.run({ output: "done" }, { webhook });
      await until(3);
      expect(received).toEqual(
        [0, 1, 2].map(() => expect.objectContaining({ id, output: "done" })),
      );
      expect(received[0]).toEqual(await api.status(id));
    });

    test("get the result although nobody asks for it", async () => {
      const fast = await startTestEmulator({ speed: "fast" });
      const api = await queue(fast);
      const id = await api.run({ seconds: 1 }, { webhook });
      await until(1);
      expect(received).toEqual([expect.objectContaining({ id, status: "COMPLETED" })]);
      await fast.close();
    });
  });
});

test("jobs survive the end of the emulator: what was being done is done again", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "jobs-"));
  const options = { stateFile: `${folder}/state.json` };
  const first = await startTestEmulator(options);
  const api = await queue(first, { workers: { min: 0, max: 1 } });
  const done = await api.run({ output: "done" });
  const result = await api.status(done);
  const [running, waits] = [
    await api.run({ seconds: 60, output: 1 }),
    await api.run({ output: 2 }),
  ];
  expect((await api.status(running)).status).toBe("IN_PROGRESS");
  await first.close();
  const second = await startTestEmulator(options);
  const status = async (id: string) =>
    (await second.call("GET", `/serverless/v2/${api.id}/status/${id}`)).body;
  expect(await status(done)).toEqual(result);
  await second.advance(120);
  expect(await status(running)).toMatchObject({ status: "COMPLETED", output: 1 });
  expect(await status(waits)).toMatchObject({ status: "COMPLETED", output: 2 });
  await second.close();
  rmSync(folder, { recursive: true });
});
