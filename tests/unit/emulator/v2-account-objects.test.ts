import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody } from "./bodies";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator({
    restrictedKeys: { rpa_tags: ["all:read", "tags:write"], rpa_none: ["pods:read"] },
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const create = async (route: string, body: object) => {
  const answer = await emulator.call("POST", route, body);
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
};
const status = async (method: string, route: string, body?: object, key?: string) =>
  (
    await emulator.call(
      method,
      route,
      body,
      key === undefined ? undefined : { authorization: `Bearer ${key}` },
    )
  ).status;

/** What a pod with this environment prints of it. */
const printed = async (id: string) =>
  (await emulator.logs(id, "source=container")).map(({ line }) => line);
const printing = (env: Record<string, string>) =>
  podBody({ image: "ubuntu:24.04", env, cmd: ["bash", "-c", 'echo "is $A"; sleep infinity'] });

const SECRET = { name: "hf_token", value: "hf_1" };

describe("secrets", () => {
  const route = "/v2/account/secrets";

  test("show everything but their value", async () => {
    const secret = await create(route, { ...SECRET, description: "for the hub" });
    expect(secret).toEqual({
      id: expect.any(String),
      name: "hf_token",
      description: "for the hub",
      createdAt: expect.any(String),
      valueLastUpdatedAt: expect.any(String),
    });
    expect((await emulator.call("GET", `${route}?name=HF_TOKEN`)).body.secrets).toEqual([secret]);
    expect((await emulator.call("GET", `${route}?name=hf`)).body.secrets).toEqual([]);
    expect(JSON.stringify(await emulator.requests())).not.toContain("hf_1");
  });

  test("are in no list of requests, however they were sent", async () => {
    const graphql = `mutation { saveRegistryAuth(input: {name: "r", username: "u", password: "hidden-1"}) { id } }`;
    for (const [to, body] of [
      [route, '{"name":"a","value":"hidden-2"'],
      [route, [{ name: "a", value: "hidden-3" }]],
      ["/v2/registries", '{"name":"r","password":"hidden-4",}'],
      ["/graphql", { query: graphql }],
      [
        "/graphql",
        { query: "mutation M($p: String) { a(password: $p) }", variables: { p: "hidden-5" } },
      ],
    ] as const) {
      await emulator.call("POST", to, body);
    }
    expect(JSON.stringify(await emulator.requests())).not.toContain("hidden-");
  });

  test("have names that are unique and not RunPod's", async () => {
    await create(route, SECRET);
    expect(await status("POST", route, { ...SECRET, name: "HF_TOKEN" })).toBe(409);
    expect(await status("POST", route, { ...SECRET, name: "Runpod_x" })).toBe(400);
    expect(await status("POST", route, { ...SECRET, name: "1x" })).toBe(422);
  });

  test("show when their value was changed, and not when only the description was", async () => {
    const secret = await create(route, SECRET);
    await emulator.advance(60);
    const described = await emulator.call("PATCH", `${route}/${secret.id}`, { description: "d" });
    expect(described.body.valueLastUpdatedAt).toBe(secret.valueLastUpdatedAt);
    const changed = await emulator.call("PATCH", `${route}/${secret.id}`, { value: "hf_2" });
    expect(Date.parse(changed.body.valueLastUpdatedAt)).toBeGreaterThan(
      Date.parse(secret.valueLastUpdatedAt),
    );
    expect(changed.body.description).toBe("d");
    expect(await status("PATCH", `${route}/${secret.id}`, { name: "other" })).toBe(422);
  });

  test("are read by a container when it boots, and by no API", async () => {
    const secret = await create(route, SECRET);
    const env = { A: "x-{{ RUNPOD_SECRET_hf_token }}" };
    const pod = await create("/v2/pods", printing(env));
    expect(await printed(pod.id)).toEqual(["is x-hf_1"]);
    expect((await emulator.call("GET", `/v2/pods/${pod.id}`)).body.env).toMatchObject(env);
    await emulator.call("PATCH", `${route}/${secret.id}`, { value: "hf_2" });
    expect(await printed(pod.id)).toEqual(["is x-hf_1"]);
    await emulator.call("POST", `/v2/pods/${pod.id}/action`, { action: "restart" });
    expect(await printed(pod.id)).toEqual(["is x-hf_1", "is x-hf_2"]);
  });

  test("can be deleted while a pod refers to them; then the reference stays as written", async () => {
    const secret = await create(route, SECRET);
    const pod = await create("/v2/pods", printing({ A: "{{ RUNPOD_SECRET_hf_token }}" }));
    expect(await status("DELETE", `${route}/${secret.id}`)).toBe(204);
    expect(await status("DELETE", `${route}/${secret.id}`)).toBe(404);
    await emulator.call("POST", `/v2/pods/${pod.id}/action`, { action: "restart" });
    expect(await printed(pod.id)).toContain("is {{ RUNPOD_SECRET_hf_token }}");
  });
});

describe("private images", () => {
  const system = async (id: string) =>
    (await emulator.logs(id, "source=system")).map(({ line }) => line).join("\n");
  const withImage = (image: string, more: object = {}) =>
    create("/v2/pods", podBody({ image, cmd: ["sleep", "infinity"], ...more }));

  test.each([
    ["acme-private/worker:1", "pull access denied for acme-private/worker"],
    ["private.example.com/acme/worker:1", "https://private.example.com/token"],
    ["123456789012.dkr.ecr.us-east-1.amazonaws.com/worker:1", "403 Forbidden"],
  ])("%s is not pulled without credentials", async (image, text) => {
    const pod = await withImage(image);
    expect(await system(pod.id)).toContain(text);
    expect((await emulator.call("GET", `/v2/pods/${pod.id}`)).body.status).toBe("ERROR");
    const registry = await create("/v2/registries", { name: "r", username: "u", password: "p" });
    const other = await withImage(image, { registry: registry.id });
    expect(await system(other.id)).toContain("Pull complete");
  });

  test("only the host and the owner count", async () => {
    const pod = await withImage("acme/private-worker:1");
    expect(await system(pod.id)).toContain("Pull complete");
  });

  test("wrong credentials are refused, and nothing shows the password", async () => {
    const credentials = { name: "r", username: "u", password: "wrong-1" };
    const registry = await create("/v2/registries", credentials);
    expect(registry).toEqual({ id: expect.any(String), name: "r" });
    const pod = await withImage("acme-private/worker:1", { registry: registry.id });
    expect(await system(pod.id)).toContain("unauthorized: incorrect username or password");
    expect(JSON.stringify(await emulator.requests())).not.toContain("wrong-1");
  });

  test("a delegation opens the repository that it names", async () => {
    const route = "/v2/registries/delegations";
    const resource = "arn:aws:ecr:us-east-1:123456789012:repository/team/worker";
    const delegation = await create(route, { resource });
    expect(delegation).toMatchObject({ awsUser: "123456789012", repository: "team/worker" });
    expect(JSON.stringify(delegation)).not.toContain("arn:");
    const host = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    expect(await system((await withImage(`${host}/team/worker:1`)).id)).toContain("Pull complete");
    expect(await system((await withImage(`${host}/other:1`)).id)).toContain("403 Forbidden");
    expect((await emulator.call("GET", route)).body.delegations).toEqual([delegation]);
    expect(await status("GET", `${route}/${delegation.id}`)).toBe(405);
    expect(await status("POST", route, { resource: "worker" })).toBe(400);
    expect(await status("DELETE", `${route}/${delegation.id}`)).toBe(204);
    expect(await status("DELETE", `${route}/${delegation.id}`)).toBe(404);
  });
});

describe("tags", () => {
  test("are trimmed, unique, and never RunPod's own", async () => {
    const tag = await create("/v2/tags", { key: " team ", value: "ml" });
    expect(tag).toMatchObject({ key: "team", value: "ml" });
    expect(tag).not.toHaveProperty("resources");
    expect(await status("POST", "/v2/tags", { key: "team", value: "ml" })).toBe(409);
    expect(await status("POST", "/v2/tags", { key: "RunPod:x", value: "" })).toBe(400);
    const changed = await emulator.call("PATCH", `/v2/tags/${tag.id}`, { value: "infra" });
    expect(changed.body).toMatchObject({ id: tag.id, key: "team", value: "infra" });
    expect(await status("DELETE", `/v2/tags/${tag.id}`)).toBe(204);
    expect(await status("DELETE", `/v2/tags/${tag.id}`)).toBe(204);
  });

  test("are put on what exists, once or twice, and taken off", async () => {
    const tag = await create("/v2/tags", { key: "team", value: "" });
    const pod = await create("/v2/pods", podBody());
    const on = `/v2/tags/${tag.id}/resources`;
    for (const method of ["PUT", "PUT", "DELETE", "DELETE"]) {
      expect(await status(method, `${on}/POD/${pod.id}`)).toBe(204);
    }
    expect(await status("PUT", `${on}/POD/none`)).toBe(404);
    expect(await status("PUT", `${on}/SANDBOX/${pod.id}`)).toBe(422);
    expect(await status("PUT", `/v2/tags/none/resources/POD/${pod.id}`)).toBe(404);
  });
});

describe("cost centers", () => {
  test("list their resources, of which each has one cost center", async () => {
    const one = await create("/v2/cost-centers", { value: "Research" });
    const other = await create("/v2/cost-centers", { value: "Sales" });
    const pod = await create("/v2/pods", podBody());
    const of = async (id: string) =>
      (await emulator.call("GET", `/v2/cost-centers/${id}/resources`)).body.resources;
    for (const { id } of [one, other]) {
      expect(await status("PUT", `/v2/cost-centers/${id}/resources/POD/${pod.id}`)).toBe(204);
    }
    expect([await of(one.id), await of(other.id)]).toEqual([[], [{ type: "POD", id: pod.id }]]);
    await emulator.call("DELETE", `/v2/pods/${pod.id}`);
    expect(await of(other.id)).toEqual([]);
    const found = (await emulator.call("GET", "/v2/cost-centers?search=SEAR")).body.costCenters;
    expect(found).toEqual([one]);
    expect(await status("POST", "/v2/cost-centers", { value: " Sales " })).toBe(409);
  });
});

test("global volumes are created, renamed and deleted", async () => {
  const volume = await create("/v2/global-volumes", { name: "weights" });
  expect(volume).toMatchObject({ id: expect.stringMatching(/^gsb_/), createdByUserId: null });
  const route = `/v2/global-volumes/${volume.id}`;
  expect((await emulator.call("PATCH", route, { name: "models" })).body.name).toBe("models");
  expect(await status("DELETE", route)).toBe(204);
  expect((await emulator.call("GET", "/v2/global-volumes")).body.globalVolumes).toEqual([]);
  const { globalVolumes } = (await emulator.call("GET", "/_emulator/ledger")).body;
  expect(globalVolumes).toMatchObject([{ name: "models", endedAt: expect.any(String) }]);
});

test("a key writes only what it may", async () => {
  const tag = { key: "team", value: "ml" };
  expect(await status("POST", "/v2/tags", tag, "rpa_tags")).toBe(201);
  expect(await status("POST", "/v2/cost-centers", { value: "v" }, "rpa_tags")).toBe(403);
  expect(await status("POST", "/v2/account/secrets", SECRET, "rpa_tags")).toBe(403);
  expect(await status("GET", "/v2/tags", undefined, "rpa_none")).toBe(403);
});

test.each([
  ["/v2/account/secrets", "secrets", SECRET],
  ["/v2/registries", "registries", { name: "r", username: "u", password: "p" }],
  ["/v2/tags", "tags", { key: "k", value: "v" }],
  ["/v2/cost-centers", "costCenters", { value: "v" }],
  ["/v2/global-volumes", "globalVolumes", { name: "n" }],
])("faults and lag reach %s", async (route, key, body) => {
  await emulator.fault("reset:after", { method: "POST", path: `^${route}$`, times: 1 });
  await expect(emulator.call("POST", route, body)).rejects.toThrow();
  const [lost] = (await emulator.call("GET", route)).body[key];
  await emulator.call("DELETE", `${route}/${lost.id}`);
  await emulator.fault("lag:60000:list", { method: "POST", path: `^${route}$`, times: 1 });
  const { id } = await create(route, body);
  expect((await emulator.call("GET", route)).body[key]).toEqual([]);
  expect(await status("GET", `${route}/${id}`)).toBe(200);
});

test("everything is kept in the state file, and a running pod keeps its old secret", async () => {
  const stateFile = path.join(mkdtempSync(path.join(tmpdir(), "emulator-")), "state.json");
  let kept = await startTestEmulator({ stateFile });
  const post = async (route: string, body: object) =>
    (await kept.call("POST", route, body)).body.id as string;
  const secret = await post("/v2/account/secrets", SECRET);
  const registry = { name: "r", username: "u", password: "p" };
  const registryId = await post("/v2/registries", registry);
  const tag = await post("/v2/tags", { key: "k", value: "v" });
  await post("/v2/cost-centers", { value: "v" });
  await post("/v2/global-volumes", { name: "n" });
  const arn = "arn:aws:ecr:us-east-1:123456789012:repository/x";
  await post("/v2/registries/delegations", { resource: arn });
  const env = { A: "{{ RUNPOD_SECRET_hf_token }}" };
  const pod = await post("/v2/pods", { ...printing(env), registry: registryId });
  await kept.call("PUT", `/v2/tags/${tag}/resources/POD/${pod}`);
  await kept.call("PATCH", `/v2/account/secrets/${secret}`, { value: "hf_2" });
  const before = await kept.ledger();
  await kept.close();

  expect(readFileSync(stateFile, "utf8")).not.toContain('"password"');
  kept = await startTestEmulator({ stateFile });
  expect(await kept.ledger()).toMatchObject(
    Object.fromEntries(Object.entries(before).map(([key, { length }]) => [key, { length }])),
  );
  const lines = (await kept.logs(pod, "source=container")).map(({ line }) => line);
  expect(lines).toEqual(["is hf_1"]);
  await kept.close();
});

test("a state file of an earlier release keeps its registries", async () => {
  const stateFile = path.join(mkdtempSync(path.join(tmpdir(), "emulator-")), "state.json");
  const first = await startTestEmulator({ stateFile });
  await first.close();
  const state = JSON.parse(readFileSync(stateFile, "utf8"));
  const [{ secrets, delegations, tags, costCenters, globalVolumes, ...account }] = state.accounts;
  const { pods, networkVolumes, templates } = state.ledger;
  const older = {
    ...state,
    accounts: [{ ...account, registries: [{ id: "reg1", seq: 1, name: "hub" }] }],
    ledger: { pods, networkVolumes, templates },
  };
  writeFileSync(stateFile, JSON.stringify(older));
  const kept = await startTestEmulator({ stateFile });
  expect((await kept.call("GET", "/v2/registries")).body.registries).toEqual([
    { id: "reg1", name: "hub" },
  ]);
  expect((await kept.call("DELETE", "/v2/registries/reg1")).status).toBe(204);
  await kept.close();
});
