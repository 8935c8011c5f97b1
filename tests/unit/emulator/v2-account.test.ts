import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody, templateBody } from "./bodies";

describe("An account", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator({ apiKeys: ["rpa_one", "rpa_two"] });
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const call = (method: string, path: string, body?: unknown, key = "rpa_one") =>
    emulator.call(method, path, body, { authorization: `Bearer ${key}` });

  test.each([
    [{ authorization: "" }, "missing bearer token"],
    [{ authorization: "Basic x" }, "missing bearer token"],
    [{ authorization: "Bearer rpa_wrong" }, "invalid API key"],
  ])("needs its key: %j", async (headers, detail) => {
    const answer = await emulator.call("GET", "/v2/pods", undefined, headers);
    expect(answer).toMatchObject({
      status: 401,
      body: { title: "Unauthorized", status: 401, detail },
    });
    expect(answer.headers.get("x-request-id")).toBeTruthy();
  });

  test("sees and changes nothing of another account", async () => {
    const { id } = (await call("POST", "/v2/pods", podBody())).body;
    expect((await call("GET", "/v2/pods", undefined, "rpa_two")).body.pods).toEqual([]);
    for (const [method, body] of [["GET"], ["PATCH", { name: "x" }], ["DELETE"]] as const) {
      expect((await call(method, `/v2/pods/${id}`, body, "rpa_two")).status).toBe(404);
    }
    expect((await call("GET", `/v2/pods/${id}/logs`, undefined, "rpa_two")).status).toBe(404);
    await call("POST", "/v2/pods", podBody(), "rpa_two");
    expect((await emulator.ledger()).pods.map(({ account }) => account)).toEqual([1, 2]);
  });

  test("keeps valid SSH keys", async () => {
    const keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@example.com"];
    expect((await call("PUT", "/v2/account/ssh-keys", { keys })).body).toEqual({ keys });
    expect((await call("GET", "/v2/account/ssh-keys")).body).toEqual({ keys });
    expect((await call("GET", "/v2/account/ssh-keys", undefined, "rpa_two")).body.keys).toEqual([]);
    expect((await call("PUT", "/v2/account/ssh-keys", { keys: ["~/.ssh/id"] })).status).toBe(422);
  });

  test("protects registry credentials from deletion while a pod uses them, but not for templates", async () => {
    const credentials = { name: "hub", username: "me", password: "secret" };
    const registry = (await call("POST", "/v2/registries", credentials)).body;
    expect(registry).toEqual({ id: expect.any(String), name: "hub" });
    const path = `/v2/registries/${registry.id}`;
    const template = (await call("POST", "/v2/templates", templateBody({ registry: registry.id })))
      .body;
    const pod = (await call("POST", "/v2/pods", podBody({ registry: registry.id }))).body;
    expect((await call("DELETE", path)).body.detail).toMatch(`in use by pod ${pod.id}`);
    await call("DELETE", `/v2/pods/${pod.id}`);
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("GET", `/v2/templates/${template.id}`)).body.registry).toBeNull();
    expect((await call("GET", "/v2/registries")).body.registries).toEqual([]);
  });

  test("a create without the money for an hour is 402", async () => {
    await call("POST", "/_emulator/accounts/1", { balance: 3 });
    expect((await call("POST", "/v2/pods", podBody())).status).toBe(402);
    await call("POST", "/_emulator/accounts/1", { balance: 5 });
    expect((await call("POST", "/v2/pods", podBody())).status).toBe(201);
  });
});

describe("Routes that do not exist", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator.close());

  test.each([
    [
      "GET",
      "/v2/serverless",
      501,
      "GET /v2/serverless is part of RunPod's API and is not emulated",
    ],
    [
      "GET",
      "/v2/clusters/x/pods",
      501,
      "GET /v2/clusters/x/pods is part of RunPod's API and is not emulated",
    ],
    ["POST", "/v2/pod", 501, "unknown route: the emulator has no POST /v2/pod"],
    ["GET", "/", 501, "unknown route: the emulator has no GET /"],
    ["PUT", "/v2/pods", 405, "The requested method is not allowed for this path."],
  ])("%s %s is a loud %d", async (method, path, status, detail) => {
    const answer = await emulator.call(method, path);
    expect(answer).toMatchObject({ status, body: { status, detail } });
    if (status === 405) {
      expect(answer.headers.get("allow")).toBe("GET, POST");
    }
  });
});
