import type { Values } from "@runpod-stack/provider/schema";
import {
  COLLECTIONS,
  type FaultScene,
  inputsOf,
  type StoredKind,
  startFaultScene,
} from "../support/faults";

const POD: Values = { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] };
const VOLUME: Values = { size: 10, dataCenterId: "EU-RO-1" };
const ENDPOINT: Values = {
  imageName: "runpod/worker-v1-vllm:v2.7.0stable-cuda12.1.0",
  gpuTypeIds: ["NVIDIA L4"],
};
const kinds: readonly [StoredKind, Values, string][] = [
  ["Pod", POD, "POD"],
  ["Volume", VOLUME, "NETWORK_VOLUME"],
  ["ServerlessEndpoint", ENDPOINT, "SERVERLESS_ENDPOINT"],
  ["Cluster", inputsOf("Cluster"), "CLUSTER"],
];

// Lookups after a lost answer take their time.
jest.setTimeout(60_000);

let scene: FaultScene;
beforeAll(async () => {
  scene = await startFaultScene();
});
afterEach(async () => {
  await scene.emulator.reset();
  await scene.kill();
});
afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) =>
  (await scene.emulator.call(method, path, body)).body;
const tags = async (): Promise<{ id: string; key: string; value: string }[]> =>
  (await call("GET", "/v2/tags")).tags;

/** What has been attached and detached since the last time, as "PUT team=ml", sorted. */
async function attachments(): Promise<string[]> {
  const named = new Map((await tags()).map(({ id, key, value }) => [id, `${key}=${value}`]));
  const requests = await scene.emulator.requests();
  await scene.emulator.clearRequests();
  const found = requests.flatMap(({ method, path, status }) => {
    const [, id = ""] = /^\/v2\/(?:tags|cost-centers)\/([^/]+)\/resources\//.exec(path) ?? [];
    return id === "" || status === null || status >= 300
      ? []
      : [`${method} ${named.get(id) ?? id}`];
  });
  return found.sort();
}

describe.each(kinds)("the tags of a %s", (kind, inputs, type) => {
  test("are attached, changed and detached, and the object stays as it is", async () => {
    const one = scene.resource(kind, "one");
    await one.up({ ...inputs, tags: { team: "ml", app: "chat" } });
    expect(await attachments()).toEqual(["PUT app=chat", "PUT team=ml"]);
    const { id } = one;
    expect(await one.up({ ...inputs, tags: { team: "web" } })).toBe("updated");
    expect(await attachments()).toEqual(["DELETE app=chat", "DELETE team=ml", "PUT team=web"]);
    expect(await one.up(inputs)).toBe("updated");
    expect(await attachments()).toEqual(["DELETE team=web"]);
    expect([one.id, await one.refresh(), await one.up(inputs)]).toEqual([id, true, "unchanged"]);
    const other = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
    expect(other).toEqual([]);
    await one.destroy();
  });

  test("are added to one that an earlier release created, in place and without a restart", async () => {
    const one = scene.resource(kind, "one");
    await one.up(inputs);
    one.becomeUnpacked(({ __labels, ...outputs }) => outputs);
    const before = await call("GET", `${COLLECTIONS[kind]}/${one.id}`);
    await scene.emulator.clearRequests();
    expect(await one.up({ ...inputs, tags: { team: "ml" } })).toBe("updated");
    expect(await attachments()).toEqual(["PUT team=ml"]);
    const after = await call("GET", `${COLLECTIONS[kind]}/${one.id}`);
    expect({ ...after, runtime: null }).toEqual({ ...before, runtime: null });
    await one.destroy();
  });

  test("and its cost center are attached under their type, and the cost center moves", async () => {
    const [research, sales] = await Promise.all(
      ["Research", "Sales"].map((value) => call("POST", "/v2/cost-centers", { value })),
    );
    const one = scene.resource(kind, "one");
    await one.up({ ...inputs, costCenterId: research.id });
    const of = async (id: string) =>
      (await call("GET", `/v2/cost-centers/${id}/resources`)).resources;
    expect(await of(research.id)).toEqual([{ type, id: one.id }]);
    expect(await one.up({ ...inputs, costCenterId: sales.id })).toBe("updated");
    expect([await of(research.id), await of(sales.id)]).toEqual([[], [{ type, id: one.id }]]);
    expect(await one.up(inputs)).toBe("updated");
    expect(await of(sales.id)).toEqual([]);
    await one.destroy();
  });
});

test("a failure to tag loses nothing: the pod is in the state, and the next up tries again", async () => {
  const program = { ...POD, tags: { team: "ml" } };
  const pod = scene.resource("Pod", "llm");
  await scene.emulator.fault("status:403:before", { method: "PUT", path: "^/v2/tags/", times: 1 });
  expect(await pod.up(program)).toBe("created");
  expect(scene.output()).toMatch(
    /warning: pod 'llm-\w+' \(\w+\): tag team=ml could not be attached: .*403.* The object itself is not affected\. The next `pulumi up` tries again\./,
  );
  const { id } = pod;
  expect(await pod.refresh()).toBe(false);
  await scene.emulator.clearRequests();
  expect(await pod.up(program)).toBe("updated");
  expect(await attachments()).toEqual(["PUT team=ml"]);
  expect([pod.id, await pod.up(program)]).toEqual([id, "unchanged"]);
  await pod.destroy();
});

test("a retry of tags does not touch what was changed elsewhere in the meantime", async () => {
  const program = { ...POD, env: { A: "1" }, tags: { team: "ml" } };
  const pod = scene.resource("Pod", "llm");
  await scene.emulator.fault("status:403:before", { method: "POST", path: "^/v2/tags$", times: 1 });
  await pod.up(program);
  await call("PATCH", `/v2/pods/${pod.id}`, { env: { A: "theirs" } });
  await scene.emulator.clearRequests();
  expect(await pod.up(program)).toBe("updated");
  const writes = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
  expect(writes.map(({ method, path }) => `${method} ${path.split("/")[2]}`)).toEqual([
    "POST tags",
    "PUT tags",
  ]);
  await pod.destroy();
});

test("what could not be finished is finished with the next up, also if tags are missing too", async () => {
  const program = { ...POD, locked: true, tags: { team: "ml" } };
  const pod = scene.resource("Pod", "llm");
  await scene.emulator.fault("status:400:before", {
    method: "PATCH",
    path: "^/v2/pods/",
    times: 1,
  });
  await expect(pod.up(program)).rejects.toThrow("not fully configured");
  await scene.emulator.clearRequests();
  expect(await pod.up(program)).toBe("updated");
  expect((await call("GET", `/v2/pods/${pod.id}`)).locked).toBe(true);
  expect(await attachments()).toEqual(["PUT team=ml"]);
  expect(await pod.up(program)).toBe("unchanged");
  await pod.destroy();
});

test("many objects share a tag, which is created once, also after a lost answer", async () => {
  await scene.emulator.fault("reset:after", { method: "POST", path: "^/v2/tags$", times: 1 });
  const pods = ["a", "b", "c", "d"].map((name) => scene.resource("Pod", name));
  await Promise.all(pods.map((pod) => pod.up({ ...POD, tags: { team: "ml" } })));
  expect(await tags()).toMatchObject([{ key: "team", value: "ml" }]);
  const calls = (await scene.emulator.requests()).map(
    ({ method, path }) => `${method} ${path.replace(/resources.*/, "")}`,
  );
  expect(calls.filter((one) => one === "POST /v2/tags")).toHaveLength(1);
  await Promise.all(pods.map((pod) => pod.destroy()));
});

test("a tag that exists is used, and one that was deleted is made again", async () => {
  const { id } = await call("POST", "/v2/tags", { key: "team", value: "ml" });
  const pod = scene.resource("Pod", "a");
  await pod.up({ ...POD, tags: { team: "ml" } });
  expect(await attachments()).toEqual(["PUT team=ml"]);
  await call("DELETE", `/v2/tags/${id}`);
  const other = scene.resource("Pod", "b");
  await other.up({ ...POD, tags: { team: "ml" } });
  expect(await attachments()).toEqual(["PUT team=ml"]);
  expect(await pod.up(POD)).toBe("updated");
  await pod.destroy();
  await other.destroy();
});

test("without tags, nothing is asked about tags", async () => {
  const pod = scene.resource("Pod", "a");
  await pod.up(POD);
  await pod.refresh();
  await pod.destroy();
  const paths = (await scene.emulator.requests()).map(({ path }) => path);
  expect(paths.filter((path) => /tags|cost-centers/.test(path))).toEqual([]);
});

test("an imported object keeps the tags that it has, and gets those that the program adds", async () => {
  const body = { name: "by hand", image: "ubuntu:24.04", gpu: { id: "NVIDIA L4", count: 1 } };
  const { id } = await call("POST", "/v2/pods", body);
  const pod = scene.resource("Pod", "it");
  pod.state = { id, inputs: POD, outputs: POD, unfinished: false };
  await scene.emulator.clearRequests();
  expect(await pod.up({ ...POD, tags: { team: "ml" } })).toBe("updated");
  const writes = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
  expect(writes.map(({ path }) => path.split("/")[2])).toEqual(["tags", "tags"]);
  await pod.destroy();
});

test.each([
  [{ tags: { "runpod:x": "v" } }, "must not begin with runpod:"],
  [{ tags: { " team": "v" } }, "must not begin or end with a space"],
  [{ tags: { team: 5 } }, "must be a string"],
  [{ tags: { team: "v".repeat(192) } }, "must have at most 191 characters"],
  [{ tags: ["team"] }, "must be a map from keys to values"],
  [{ costCenterId: "no id!" }, "must be a RunPod id"],
])("%j is refused at preview", async (labels, message) => {
  const pod = scene.resource("Pod", "a");
  expect(await pod.up({ ...POD, ...labels })).toBe("refused");
  expect(pod.failures.join()).toContain(message);
});
