import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody, templateBody } from "./bodies";

describe("/_emulator", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = async (changes = {}) =>
    (await emulator.call("POST", "/v2/pods", { ...podBody(), ...changes })).body;
  const status = async (id: string) => (await emulator.call("GET", `/v2/pods/${id}`)).body.status;

  test("needs no key, and is not in the request log", async () => {
    const answer = await fetch(`${emulator.url}/_emulator/ledger`);
    const lists = (await answer.json()) as Record<string, unknown[]>;
    expect(Object.keys(lists)).toEqual(expect.arrayContaining(["pods", "secrets", "tags"]));
    expect(Object.values(lists).flat()).toEqual([]);
    expect(await emulator.requests()).toEqual([]);
  });

  test("the request log shows each request and client, and can be emptied", async () => {
    const headers = { "user-agent": "tester/1.0" };
    await emulator.call("POST", "/v2/templates?x=1", templateBody(), headers);
    await emulator.call("GET", "/proxy/nope-1/x");
    expect(await emulator.requests()).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        method: "POST",
        path: "/v2/templates",
        query: "x=1",
        status: 201,
        client: "tester/1.0",
        body: templateBody(),
      },
      expect.objectContaining({ method: "GET", path: "/proxy/nope-1/x", status: 404 }),
    ]);
    await emulator.clearRequests();
    expect(await emulator.requests()).toEqual([]);
  });

  test("the clock goes forward only", async () => {
    const { id } = await create();
    await status(id);
    await emulator.advance(1000);
    const { body } = await emulator.call("GET", `/v2/pods/${id}`);
    expect(body.runtime.uptime).toBeGreaterThanOrEqual(1000);
    await expect(emulator.advance(-1)).rejects.toThrow(
      "advance -1 must be a number from 0 to 315360000",
    );
  });

  test("reset forgets everything", async () => {
    const { id } = await create();
    await emulator.fault("status:500:before");
    await emulator.reset();
    expect((await emulator.call("GET", `/v2/pods/${id}`)).status).toBe(404);
    expect((await emulator.ledger()).pods).toEqual([]);
    expect(await emulator.requests()).toHaveLength(1);
  });

  test("a pod is stopped as in the console, even a locked one", async () => {
    const { id } = await create();
    await emulator.call("PATCH", `/v2/pods/${id}`, { locked: true });
    await emulator.call("POST", `/_emulator/pods/${id}`, { event: "stop" });
    expect(await status(id)).toBe("EXITED");
  });

  test("a broken machine stops its pod and never starts it again", async () => {
    const { id } = await create();
    await emulator.call("POST", `/_emulator/pods/${id}`, { event: "break-machine" });
    expect(await status(id)).toBe("EXITED");
    const start = await emulator.call("POST", `/v2/pods/${id}/action`, { action: "start" });
    expect(start).toMatchObject({
      status: 400,
      body: { detail: "There are not enough free GPUs on the host machine to start this pod." },
    });
  });

  test("damaged weights fail the server's next start", async () => {
    const mounts = { persistent: { size: 100, path: "/workspace" } };
    const { id } = await create({ mounts, env: { HF_HOME: "/workspace/hf", VLLM_API_KEY: "k" } });
    const damage = () =>
      emulator.call("POST", `/_emulator/pods/${id}`, { event: "damage-weights" });
    const health = async () => (await emulator.call("GET", `/proxy/${id}-8000/health`)).status;
    expect(await health()).toBe(200);
    expect((await damage()).status).toBe(204);
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "restart" });
    expect(await health()).toBe(502);
  });

  test("weights can be damaged only on a volume", async () => {
    const { id } = await create();
    const damage = emulator.call("POST", `/_emulator/pods/${id}`, { event: "damage-weights" });
    expect(await damage).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("has no model weights on a volume. Wait until") },
    });
  });

  describe("zero-gpus", () => {
    const action = (id: string, name: string) =>
      emulator.call("POST", `/v2/pods/${id}/action`, { action: name });
    const away = (id: string) =>
      emulator.call("POST", `/_emulator/pods/${id}`, { event: "zero-gpus" });

    test("stops the pod, and each start gives it no GPU and no server", async () => {
      const { id, cost } = await create();
      expect((await away(id)).status).toBe(204);
      expect(await status(id)).toBe("EXITED");
      for (let round = 0; round < 2; round++) {
        expect((await action(id, "start")).status).toBe(200);
        const pod = (await emulator.call("GET", `/v2/pods/${id}`)).body;
        expect(pod).toMatchObject({ status: "RUNNING", gpu: { count: 0 }, cost });
        expect((await emulator.call("GET", `/proxy/${id}-8000/health`)).status).toBe(502);
        await action(id, "stop");
      }
      const lines = (await emulator.logs(id, "tail=2000")).map(({ line }) => line);
      expect(lines.some((line) => line.includes("Failed to infer device type"))).toBe(true);
    });

    test("leaves the GPUs to others, whatever happens to the pod", async () => {
      const gpuTypeId = "NVIDIA H100 80GB HBM3";
      const { id, dataCenterId } = await create();
      await emulator.call("POST", "/_emulator/capacity", { gpuTypeId, available: 0 });
      await away(id);
      await action(id, "start");
      await emulator.call("DELETE", `/v2/pods/${id}`);
      const next = await emulator.call(
        "POST",
        "/v2/pods",
        podBody({ dataCenterIds: [dataCenterId] }),
      );
      expect(next.status).toBe(400);
    });

    test("is refused for a CPU pod", async () => {
      const cpu = { gpu: undefined, cpu: { id: "cpu3c", vcpuCount: 2 } };
      const { id } = (await emulator.call("POST", "/v2/pods", podBody(cpu))).body;
      expect(await away(id)).toMatchObject({
        status: 400,
        body: { detail: `pod ${id} has no GPUs. Use a pod that was created with GPUs.` },
      });
      expect(await status(id)).toBe("RUNNING");
    });
  });

  test.each([
    ["pods/nope", { event: "stop" }, 404],
    ["accounts/9", { balance: 1 }, 404],
    ["accounts/__proto__", { balance: 1 }, 404],
    ["nonsense", {}, 501],
  ])("POST %s %j is refused with %i", async (path, body, code) => {
    expect((await emulator.call("POST", `/_emulator/${path}`, body)).status).toBe(code);
  });

  const A40 = { gpuTypeId: "NVIDIA A40", available: 1 };
  test.each([
    ["clock", 5, "the body 5 must be a JSON object"],
    ["clock", [], "the body [] must be a JSON object"],
    ["clock", "{", "request body is not valid JSON"],
    ["clock", {}, "advance is required and must be a number from 0 to 315360000"],
    ["clock", '{"advance":1e308}', "advance 1e+308 must be a number"],
    ["clock", '{"advance":1e999}', "advance null must be a number"],
    ["clock", { advance: -1 }, "advance -1 must be a number"],
    ["clock", { advance: "60" }, 'advance "60" must be a number'],
    ["clock", { advence: 60 }, '"advence" is not a field of the body. Use advance.'],
    ["capacity", { ...A40, gpuTypeId: "nope" }, 'gpuTypeId "nope" must be one of '],
    ["capacity", { gpuTypeId: "NVIDIA A40" }, "available is required"],
    ["capacity", { ...A40, available: 1.5 }, "available 1.5 must be a whole number"],
    ["capacity", { ...A40, available: 1e300 }, "available 1e+300 must be a whole number"],
    ["capacity", { ...A40, dataCenterId: "MARS-1" }, 'dataCenterId "MARS-1" must be one of '],
    ["capacity", { ...A40, dataCenterId: 5 }, "dataCenterId 5 must be one of "],
    ["capacity", { ...A40, cloud: "secure" }, 'cloud "secure" must be one of SECURE, COMMUNITY'],
    ["accounts/1", { balance: 1e300 }, "balance 1e+300 must be a number"],
    ["accounts/1", { balance: null }, "balance null must be a number"],
    ["faults", { fault: "html", match: "GET" }, 'match "GET" must be a JSON object'],
    [
      "faults",
      { fault: "html", match: { paht: "x" } },
      '"paht" is not a field of match. Use method, path.',
    ],
    ["faults", { fault: "html", match: { method: 5 } }, "method 5 must be a string"],
    [
      "faults",
      { fault: "html", match: { path: "[" } },
      'path "[" must be a regular expression in RE2\'s syntax',
    ],
    [
      "faults",
      { fault: "html", match: { path: "(?=x)" } },
      'path "(?=x)" must be a regular expression',
    ],
    [
      "faults",
      { match: { path: "x".repeat(1001) } },
      "must be a string of at most 1000 characters",
    ],
    ["faults", { fault: "html", times: null }, "times null must be a whole number"],
    ["faults", { fault: "html", after: -1 }, "after -1 must be a whole number"],
    ["faults", { fault: 5 }, "fault 5 must be one of reset:before|after"],
    ["faults", {}, "fault is required"],
  ])("POST %s %j is refused with a sentence", async (path, body, sentence) => {
    expect(await emulator.call("POST", `/_emulator/${path}`, body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(sentence) },
    });
    expect((await emulator.call("POST", "/_emulator/clock", { advance: 0 })).status).toBe(200);
  });

  test("an event that does not exist is refused", async () => {
    const { id } = await create();
    expect(
      await emulator.call("POST", `/_emulator/pods/${id}`, { event: "explode" }),
    ).toMatchObject({
      status: 400,
      body: {
        detail: 'event "explode" must be one of stop, break-machine, zero-gpus, damage-weights',
      },
    });
  });

  test("the clock stays within ten years however often it is advanced, and reset sets it back", async () => {
    const year = 365 * 86_400;
    for (let round = 0; round < 9; round++) {
      await emulator.advance(year);
    }
    await expect(emulator.advance(2 * year)).rejects.toThrow(
      `advance ${2 * year} would set the clock more than ten years ahead`,
    );
    expect((await emulator.call("GET", "/v2/pods")).status).toBe(200);
    await emulator.reset();
    await emulator.advance(year);
  });

  test("a regular expression that takes others years is evaluated instantly", async () => {
    await emulator.fault("status:500:before", { path: "^/v2/(a+)+(a+)+$" });
    expect((await emulator.call("GET", `/v2/${"a".repeat(8000)}!`)).status).toBe(501);
    expect((await emulator.call("GET", `/v2/${"a".repeat(8000)}`)).status).toBe(500);
  });

  test("a failure of the emulator shows no stack in the answer, only in its log", async () => {
    const lines: string[] = [];
    const broken = await startTestEmulator({
      log: (line) => lines.push(line),
      time: () => (lines.length === 0 ? Date.now() : Number.NaN),
    });
    await broken.call("GET", "/v2/pods");
    const { status, body } = await broken.call("GET", "/v2/pods");
    expect(status).toBe(500);
    expect(JSON.stringify(body)).toContain("the emulator failed: Invalid time value");
    expect(JSON.stringify(body)).not.toMatch(/\bat |\.ts|\\n/);
    expect(lines.some((line) => /^error ".*RangeError.*at /.test(line))).toBe(true);
    await broken.close();
  });
});
