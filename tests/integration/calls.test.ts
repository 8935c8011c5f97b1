import type { Kind, Values } from "@runpod-stack/provider/schema";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { EngineState } from "../support/engine-state";
import { type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

jest.setTimeout(30_000);

/** Short pages: seven objects are on three of them. */
const PAGE = 3;
const N = 7;
const PAGES = Math.ceil(N / PAGE);

const inputs: Record<"Pod" | "Template" | "Volume" | "ServerlessEndpoint", Values> = {
  Pod: {
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
    gpuTypeIds: ["NVIDIA L4"],
    containerDiskInGb: 30,
    ports: ["8000/http"],
  },
  Template: { imageName: "python:3.12" },
  Volume: { size: 10, dataCenterId: "EU-RO-1" },
  ServerlessEndpoint: { imageName: "python:3.12", cpuFlavorIds: ["cpu3c"], workersMax: 1 },
};
/** What creating any number of a kind reads once. */
const READ: Readonly<Record<string, Record<string, number>>> = {
  // For prices.
  ServerlessEndpoint: { "GET /v2/catalog/cpus": 1 },
};
/** How old a list may be that an endpoint uses. */
const POLL_MS = 5_000;

const LISTS = {
  Pod: "/v2/pods",
  Template: "/v2/templates",
  Volume: "/v2/network-volumes",
  ServerlessEndpoint: "/v2/serverless",
} as const;
/** A lost object of these kinds is confirmed by a GET. */
const CONFIRMED: readonly string[] = ["Pod", "ServerlessEndpoint"];

let emulator: TestEmulator;
let plugin: Plugin;
let state: EngineState;

beforeEach(async () => {
  emulator = await startTestEmulator({ pageSize: PAGE });
  state = new EngineState();
  plugin = await startPlugin(pluginConfig(emulator), {}, state);
});

afterEach(async () => {
  await plugin.close();
  state.close();
  await emulator.close();
});

describe.each(["Pod", "Template", "Volume", "ServerlessEndpoint"] as const)("%s", (kind) => {
  test("creating N takes N POSTs and nothing else, whatever the account has", async () => {
    await foreign(kind);

    await upAll(resources(kind), inputs[kind]);

    expect(await calls()).toEqual({ ...READ[kind], [`POST ${LISTS[kind]}`]: N });
  });

  test("creating N after an interrupted run takes one more list, which finds what the run left", async () => {
    await foreign(kind);
    const id = await new TestResource(plugin, kind, "n0").cutOff(inputs[kind]);
    await restart();

    const [cutOff, ...others] = resources(kind) as [TestResource, ...TestResource[]];
    await cutOff.up(inputs[kind]);
    await upAll(others, inputs[kind]);

    expect(cutOff.id).toBe(id);
    // The others on their pages, and the lost one.
    const pages = Math.ceil((PAGE + 2) / PAGE);
    expect(await calls()).toEqual({
      ...READ[kind],
      [`GET ${LISTS[kind]}`]: pages,
      ...(CONFIRMED.includes(kind) && { [`GET ${LISTS[kind]}/${id}`]: 1 }),
      [`PATCH ${LISTS[kind]}/${id}`]: 1,
      [`POST ${LISTS[kind]}`]: N - 1,
    });
  });

  test("an update of N without changes takes no call", async () => {
    const all = resources(kind);
    await upAll(all, inputs[kind]);
    await emulator.clearRequests();

    expect(await upAll(all, inputs[kind])).toEqual(all.map(() => "unchanged"));

    expect(await calls()).toEqual({});
  });

  test("a refresh of N takes one list, in a new process", async () => {
    const all = resources(kind);
    await upAll(all, inputs[kind]);
    const anew = await inAnotherProcess(kind, all);

    expect(await Promise.all(anew.map((one) => one.refresh()))).toEqual(all.map(() => true));

    expect(await calls()).toEqual({ [`GET ${LISTS[kind]}`]: PAGES });
  });
});

test("endpoints share the pods' list: N of them wait with one status poll, and refresh with one more", async () => {
  const pods = resources("Pod");
  await upAll(pods, inputs.Pod);
  await restart();
  const endpoints = pods.map((pod, index) => {
    const endpoint = new TestResource(plugin, "PodEndpoint", `n${index}`);
    return { endpoint, given: { podId: pod.id, port: 8000, interval: "250ms" } };
  });

  const begun = performance.now();
  const steps = await Promise.all(endpoints.map(({ endpoint, given }) => endpoint.up(given)));
  const polls = 1 + Math.floor((performance.now() - begun) / POLL_MS);

  expect(steps).toEqual(endpoints.map(() => "created"));
  const { "GET /v2/pods": pages = 0, ...others } = await calls();
  expect(others).toEqual({});
  expect(pages).toBeLessThanOrEqual(polls * PAGES);

  const again = await inAnotherProcess("Pod", pods);
  const waited = endpoints.map(({ endpoint }, index) => {
    const one = new TestResource(plugin, "PodEndpoint", `n${index}`);
    one.state = endpoint.state;
    return one;
  });
  await Promise.all([...again, ...waited].map((one) => one.refresh()));
  expect(await calls()).toEqual({ "GET /v2/pods": PAGES });
});

test("20 endpoints with GPUs are 20 POSTs, and one look at the catalog for all", async () => {
  const gpus = {
    imageName: "python:3.12",
    gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"],
    workersMax: 1,
  };
  const endpoints = Array.from(
    { length: 20 },
    (_, index) => new TestResource(plugin, "ServerlessEndpoint", `n${index}`),
  );
  await upAll(endpoints, gpus);
  expect(await calls()).toEqual({ "GET /v2/catalog/gpus": 1, "POST /v2/serverless": 20 });
  await emulator.clearRequests();

  await upAll(endpoints, { ...gpus, env: { A: "1" } });
  const expected = endpoints.flatMap(({ id }) => [
    [`GET /v2/serverless/${id}`, 1],
    [`PATCH /v2/serverless/${id}`, 1],
  ]);
  expect(await calls()).toEqual(Object.fromEntries(expected));
});

test("GPU fallbacks take one POST each, and no lookup in between", async () => {
  await emulator.fault("capacity", { method: "POST", path: "^/v2/pods$", times: 2 });
  const pod = new TestResource(plugin, "Pod", "p");
  await pod.up({ ...inputs.Pod, gpuTypeIds: ["NVIDIA L4", "NVIDIA A40", "NVIDIA L40S"] });
  expect(await calls()).toEqual({ "POST /v2/pods": 3 });
});

test("names that the program chose are looked up in one list", async () => {
  const volumes = resources("Volume");
  await Promise.all(volumes.map((one, index) => one.up({ ...inputs.Volume, name: `v${index}` })));
  expect(await calls()).toEqual({ "GET /v2/network-volumes": 1, "POST /v2/network-volumes": N });
});

test("a stack's identity takes no call except its last lookup, which is a list of each kind that is billed", async () => {
  const { id, outputs } = await plugin.create("Ownership", {});
  await plugin.read("Ownership", id, outputs);
  expect(await calls()).toEqual({});
  await plugin.delete("Ownership", id, outputs);
  expect(await calls()).toEqual({
    "GET /v2/clusters": 1,
    "GET /v2/network-volumes": 1,
    "GET /v2/pods": 1,
    "GET /v2/serverless": 1,
  });
});

/** N resources of a kind, not yet created. */
function resources(kind: Kind): TestResource[] {
  return Array.from({ length: N }, (_, index) => new TestResource(plugin, kind, `n${index}`));
}

function upAll(all: readonly TestResource[], given: Values) {
  return Promise.all(all.map((one) => one.up(given)));
}

/** The same resources in a new plugin process, as another run of the CLI has them. */
async function inAnotherProcess(kind: Kind, all: readonly TestResource[]): Promise<TestResource[]> {
  await restart();
  return all.map(({ state }, index) => {
    const one = new TestResource(plugin, kind, `n${index}`);
    one.state = state;
    return one;
  });
}

async function restart(): Promise<void> {
  await plugin.close();
  plugin = await startPlugin(pluginConfig(emulator), {}, state);
  await emulator.clearRequests();
}

/** More than a page of other objects. */
async function foreign(kind: keyof typeof inputs): Promise<void> {
  const others = await Promise.all(
    Array.from({ length: PAGE + 1 }, (_, index) => create(kind, `other${index}`)),
  );
  expect(others.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  await emulator.clearRequests();
}

function create(kind: keyof typeof inputs, name: string) {
  const bodies = {
    Pod: { name, image: "python:3.12", cpu: { id: "cpu3c", vcpuCount: 2 } },
    Template: { name, image: "python:3.12" },
    Volume: { name, size: 10, dataCenter: "EU-RO-1" },
    ServerlessEndpoint: {
      name,
      type: "QUEUE",
      image: "python:3.12",
      cpu: [{ id: "cpu3c", vcpuCount: 2 }],
      scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
      workers: { min: 0, max: 1 },
    },
  };
  return emulator.call("POST", LISTS[kind], bodies[kind]);
}

/** How often each call was made, probes of services aside. */
async function calls(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { method, path } of await emulator.requests()) {
    if (path.startsWith("/proxy/")) {
      continue;
    }
    const call = `${method} ${path}`;
    counts[call] = (counts[call] ?? 0) + 1;
  }
  return counts;
}
