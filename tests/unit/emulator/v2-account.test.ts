import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { endpointBody, podBody, templateBody } from "./bodies";

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
      "/v2/billing/clusters",
      501,
      "GET /v2/billing/clusters is part of RunPod's API and is not emulated",
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

  describe("with restricted keys", () => {
    let restricted: TestEmulator;
    beforeAll(async () => {
      restricted = await startTestEmulator({
        apiKeys: ["rpa_one", "rpa_two"],
        restrictedKeys: {
          rpa_reader: ["all:read"],
          rpa_ci: ["pods:write", "catalog:read"],
        },
      });
    });
    afterAll(() => restricted.close());

    const as = (key: string, method: string, path: string, body?: unknown) =>
      restricted.call(method, path, body, { authorization: `Bearer ${key}` });
    const DENIED = {
      status: 403,
      body: { title: "Forbidden", status: 403, detail: "access denied" },
    };

    test("reads with a key for reading, and changes nothing", async () => {
      const { id } = (await as("rpa_one", "POST", "/v2/pods", podBody())).body;
      expect((await as("rpa_reader", "GET", "/v2/pods")).body.pods).toMatchObject([{ id }]);
      expect((await as("rpa_reader", "GET", "/v2/account/ssh-keys")).status).toBe(200);
      for (const [method, path, body] of [
        ["POST", "/v2/pods", podBody()],
        ["PATCH", `/v2/pods/${id}`, { name: "x" }],
        ["POST", `/v2/pods/${id}/action`, { action: "stop" }],
        ["DELETE", `/v2/pods/${id}`, undefined],
        ["PUT", "/v2/account/ssh-keys", { keys: [] }],
        ["POST", "/v2/serverless", endpointBody()],
      ] as const) {
        expect(await as("rpa_reader", method, path, body)).toMatchObject(DENIED);
      }
      const balance = { query: "{ myself { id } }" };
      expect((await as("rpa_reader", "POST", "/graphql", balance)).status).toBe(200);
      const stop = { query: `mutation { podStop(input: { podId: "${id}" }) { id } }` };
      expect(await as("rpa_reader", "POST", "/graphql", stop)).toMatchObject({
        status: 403,
        body: { errors: [{ message: "access denied" }] },
      });
      expect((await as("rpa_one", "GET", `/v2/pods/${id}`)).body.status).toBe("RUNNING");
    });

    test("does with a restricted key what it allows, in the first account", async () => {
      const { status, body } = await as("rpa_ci", "POST", "/v2/pods", podBody());
      expect(status).toBe(201);
      expect((await as("rpa_one", "GET", `/v2/pods/${body.id}`)).status).toBe(200);
      expect((await as("rpa_two", "GET", `/v2/pods/${body.id}`)).status).toBe(404);
      expect((await as("rpa_ci", "GET", "/v2/catalog/gpus")).status).toBe(200);
      expect(await as("rpa_ci", "GET", "/v2/templates")).toMatchObject(DENIED);
      expect(await as("rpa_ci", "GET", "/v2/serverless")).toMatchObject(DENIED);
      const balance = { query: "{ myself { id } }" };
      expect((await as("rpa_ci", "POST", "/graphql", balance)).status).toBe(403);
    });

    test("refuses an unknown right", async () => {
      await expect(startTestEmulator({ restrictedKeys: { rpa_x: ["pods:own"] } })).rejects.toThrow(
        'right "pods:own" must be <resource>:read or <resource>:write',
      );
    });
  });

  test("answers 404 for a path with a slash at its end", async () => {
    for (const path of ["/v2/pods/", "/v2/pods/abc/", "/v2/catalog/gpus/"]) {
      expect([path, (await emulator.call("GET", path)).status]).toEqual([path, 404]);
    }
    expect((await emulator.call("POST", "/v2/pods/", podBody())).status).toBe(404);
    expect((await emulator.call("GET", "/v2/pod/")).status).toBe(501);
  });
});
