import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody, templateBody } from "./bodies";

describe("/_emulator", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = async () => (await emulator.call("POST", "/v2/pods", podBody())).body;
  const status = async (id: string) => (await emulator.call("GET", `/v2/pods/${id}`)).body.status;

  test("needs no key, and is not in the request log", async () => {
    const answer = await fetch(`${emulator.url}/_emulator/ledger`);
    expect(await answer.json()).toEqual({ pods: [], networkVolumes: [], templates: [] });
    expect(await emulator.requests()).toEqual([]);
  });

  test("the request log tells who asked what, and forgets when told", async () => {
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
    await expect(emulator.advance(-1)).rejects.toThrow("advance must be a number, not negative");
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

  test.each([
    ["pods/nope", { event: "stop" }, 404],
    ["capacity", { gpuTypeId: "nope", available: 1 }, 400],
    ["capacity", { gpuTypeId: "NVIDIA A40" }, 400],
    ["accounts/9", { balance: 1 }, 404],
    ["clock", 5, 400],
    ["nonsense", {}, 501],
  ])("POST %s %j is refused", async (path, body, code) => {
    expect((await emulator.call("POST", `/_emulator/${path}`, body)).status).toBe(code);
  });
});
