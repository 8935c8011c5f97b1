import type { Values } from "@runpod-stack/provider/schema";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { EngineState } from "../support/engine-state";
import { type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

jest.setTimeout(60_000);

const inputs: Values = {
  imageName: "runpod/worker-v1-vllm:v2.7.0stable-cuda12.1.0",
  gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"],
  workersMax: 5,
};
const DAY = 86_400;

let emulator: TestEmulator;
let state: EngineState;
let plugin: Plugin;

beforeEach(async () => {
  emulator = await startTestEmulator();
  state = new EngineState();
  await start();
});

afterEach(async () => {
  await plugin.close();
  state.close();
  await emulator.close();
});

test("create sends what RunPod's own defaults get wrong, and GPU types as pools", async () => {
  const endpoint = resource();
  await endpoint.up({ ...inputs, name: "e", env: { A: "1" } });
  const [created] = await bodies("POST");
  expect(created).toEqual({
    name: "e",
    type: "QUEUE",
    image: inputs["imageName"],
    disk: 50,
    env: { A: "1", RUNPOD_STACK_TOKEN: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{24}$/) },
    gpu: {
      count: 1,
      pools: ["ADA_48_PRO", "AMPERE_24"],
      excludedTypes: [
        "NVIDIA GeForce RTX 3090",
        "NVIDIA L40",
        "NVIDIA RTX 6000 Ada Generation",
        "NVIDIA RTX A5000",
      ],
    },
    workers: { min: 0, max: 5, idleTimeout: 5 },
    scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
    flashboot: "FLASHBOOT",
    timeout: 600_000,
  });
});

test("a queue has the URLs of its jobs, and costs by its GPU types", async () => {
  const endpoint = resource();
  await endpoint.up({ ...inputs, workersMin: 1 });
  const base = `${emulator.url}/serverless/v2/${endpoint.id}`;
  expect(endpoint.outputs).toMatchObject({
    runUrl: `${base}/run`,
    runSyncUrl: `${base}/runsync`,
    healthUrl: `${base}/health`,
    openaiBaseUrl: `${base}/openai/v1`,
    loadBalancerUrl: null,
    // An L4 for the least, five L40S for the most.
    costPerHrMin: 0.684,
    costPerHrMax: 9.54,
    revision: 1,
  });
});

test("a load balancer has the URL of its workers' server", async () => {
  const endpoint = resource();
  await endpoint.up({
    ...inputs,
    type: "LOAD_BALANCER",
    ports: ["8000/http"],
    env: { PORT: "8000", HEALTH_CHECK_PATH: "/health" },
  });
  const base = `${emulator.url}/lb/${endpoint.id}`;
  expect(endpoint.outputs).toMatchObject({
    runUrl: null,
    runSyncUrl: null,
    healthUrl: `${base}/health`,
    openaiBaseUrl: `${base}/v1`,
    loadBalancerUrl: base,
    scalerType: "REQUEST_COUNT",
  });
});

test("CPU endpoints need no GPU catalog, and cost by their virtual CPUs", async () => {
  const endpoint = resource();
  await endpoint.up({ imageName: "python:3.12", cpuFlavorIds: ["cpu3c", "cpu5c"], vcpuCount: 4 });
  expect((await bodies("POST"))[0]).toMatchObject({
    cpu: [
      { id: "cpu3c", vcpuCount: 4 },
      { id: "cpu5c", vcpuCount: 4 },
    ],
  });
  expect(endpoint.outputs["costPerHrMax"]).toBeGreaterThan(0);
  expect(await endpoint.refresh()).toBe(true);
});

test.each([
  ["NVIDIA A30", "is available to pods only, not to serverless endpoints"],
  ["NVIDIA Q999", "is not in RunPod's GPU catalog"],
])("%s is refused before anything is created", async (id, rule) => {
  await expect(resource().up({ ...inputs, gpuTypeIds: [id] })).rejects.toThrow(
    `gpuTypeIds "${id}" ${rule}. Nothing was changed.`,
  );
  expect(await bodies("POST")).toEqual([]);
});

test("a release increases the revision, another change does not", async () => {
  const endpoint = resource();
  await endpoint.up(inputs);
  await endpoint.up({ ...inputs, workersMax: 4 });
  expect(endpoint.outputs["revision"]).toBe(1);
  await endpoint.up({ ...inputs, workersMax: 4, env: { A: "1" } });
  expect(endpoint.outputs["revision"]).toBe(2);
});

describe("a refresh", () => {
  test.each<[string, object, Values]>([
    ["other workers", { workers: { min: 0, max: 4 } }, { workersMax: 4 }],
    ["another image", { image: "python:3.13" }, { imageName: "python:3.13" }],
    ["another scaler", scaler(7), { scalerValue: 7 }],
    ["another timeout", { timeout: 90_000 }, { executionTimeout: "1m30s" }],
    ["other GPUs", gpus("ADA_24"), { gpuTypeIds: ["NVIDIA GeForce RTX 4090"] }],
  ])("records %s, and the next update restores it", async (_, body, found) => {
    const endpoint = resource();
    await endpoint.up(inputs);
    await emulator.call("PATCH", `/v2/serverless/${endpoint.id}`, body);

    expect(await endpoint.refresh()).toBe(false);
    expect(endpoint.outputs).toMatchObject(found);
    expect(await endpoint.up(inputs)).toBe("updated");
    expect(await endpoint.refresh()).toBe(true);
    expect(await endpoint.up(inputs)).toBe("unchanged");
  });

  test("takes no stale worker for drift", async () => {
    const endpoint = resource();
    await endpoint.up({ ...inputs, workersMin: 2 });
    await emulator.advance(600);
    await endpoint.up({ ...inputs, workersMin: 2, env: { A: "1" } });
    expect(await endpoint.refresh()).toBe(true);
  });

  test("finds that an endpoint is gone", async () => {
    const endpoint = resource();
    await endpoint.up(inputs);
    await emulator.call("DELETE", `/v2/serverless/${endpoint.id}`);
    await start();
    const again = resource();
    again.state = endpoint.state;
    expect(await again.refresh()).toBe(false);
    expect(again.state).toBeUndefined();
  });
});

describe("what RunPod lowers after days without a request", () => {
  test("is reported, and left so by an update without a change", async () => {
    const endpoint = resource();
    await endpoint.up(inputs);
    await emulator.advance(8 * DAY);

    expect(await endpoint.refresh()).toBe(true);
    expect(plugin.output()).toContain("workersMax is 0 at RunPod, not 5.");
    expect(await endpoint.up(inputs)).toBe("unchanged");
    expect(await live(endpoint)).toMatchObject({ workers: { max: 0 } });
  });

  test("is restored by the next change of the endpoint", async () => {
    const endpoint = resource();
    await endpoint.up(inputs);
    await emulator.advance(4 * DAY);
    expect(await live(endpoint)).toMatchObject({ workers: { max: 2 } });

    await endpoint.up({ ...inputs, env: { A: "1" } });
    expect(await live(endpoint)).toMatchObject({ workers: { max: 5 } });
  });

  test("is drift if the program asks for it", async () => {
    const asked = { ...inputs, restoreWorkers: true };
    const endpoint = resource();
    await endpoint.up(asked);
    await emulator.advance(8 * DAY);

    expect(await endpoint.refresh()).toBe(false);
    expect(await endpoint.up(asked)).toBe("updated");
    expect(await live(endpoint)).toMatchObject({ workers: { max: 5 } });
  });
});

describe("a deletion", () => {
  test("sends nothing before it if there is no worker", async () => {
    const endpoint = resource();
    await endpoint.up(inputs);
    await endpoint.destroy();
    expect(await bodies("PATCH")).toEqual([]);
    expect(await count()).toBe(0);
  });

  test("takes the workers away first", async () => {
    const endpoint = resource();
    await endpoint.up({ ...inputs, workersMin: 1 });
    await emulator.advance(600);
    await endpoint.destroy();
    expect(await bodies("PATCH")).toEqual([{ workers: { min: 0, max: 0 } }]);
  });

  test("says how many queued jobs it cancels", async () => {
    const endpoint = resource();
    await endpoint.up({ ...inputs, workersMax: 0 });
    for (let job = 0; job < 2; job += 1) {
      await emulator.call("POST", `/serverless/v2/${endpoint.id}/run`, { input: {} });
    }
    await endpoint.destroy();
    expect(plugin.output()).toContain("2 queued jobs are canceled");
  });

  test("succeeds if the endpoint is gone", async () => {
    const endpoint = resource();
    await endpoint.up(inputs);
    await emulator.call("DELETE", `/v2/serverless/${endpoint.id}`);
    await endpoint.destroy();
  });
});

describe("after a lost answer", () => {
  test("the endpoint is found by its token, and not created again", async () => {
    await emulator.fault("reset:after", { method: "POST", path: "^/v2/serverless$", times: 1 });
    const endpoint = resource();
    expect(await endpoint.up(inputs)).toBe("created");
    expect(await count()).toBe(1);
  });

  test("a second request follows if nothing was created", async () => {
    await emulator.fault("status:500:before", {
      method: "POST",
      path: "^/v2/serverless$",
      times: 1,
    });
    const endpoint = resource();
    await endpoint.up(inputs);
    expect(await count()).toBe(1);
  });

  test("an interrupted create is adopted by the next run, and changed to match the program", async () => {
    const id = await resource().cutOff(inputs);
    await start();
    const endpoint = resource();
    expect(await endpoint.up({ ...inputs, workersMax: 4 })).toBe("created");
    expect(endpoint.id).toBe(id);
    expect(await live(endpoint)).toMatchObject({ workers: { max: 4 } });
    expect(await count()).toBe(1);
    expect(await endpoint.refresh()).toBe(true);
    expect(await endpoint.up({ ...inputs, workersMax: 4 })).toBe("unchanged");
  });

  test("one that cannot be changed to match is ended", async () => {
    const id = await resource().cutOff(inputs);
    await start();
    const endpoint = resource();
    await endpoint.up({ ...inputs, type: "LOAD_BALANCER" });
    expect(endpoint.id).not.toBe(id);
    expect(await count()).toBe(1);
  });

  test("a clone with the same environment is left alone", async () => {
    const endpoint = resource();
    await endpoint.up(inputs);
    const { env } = await live(endpoint);
    await emulator.advance(60);
    await emulator.call("POST", "/v2/serverless", {
      name: "clone",
      type: "QUEUE",
      image: "python:3.12",
      scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
      cpu: [{ id: "cpu3c", vcpuCount: 2 }],
      env,
    });
    expect(await endpoint.refresh()).toBe(true);
    await endpoint.destroy();
    expect(await count()).toBe(1);
  });
});

test("secrets are sealed, value by value", async () => {
  const endpoint = resource();
  await endpoint.up({ ...inputs, env: { KEY: "swordfish" } });
  expect(JSON.stringify(endpoint.state?.outputs["env"])).toContain(
    "1b47061264138c4ac30d75fd1eb44270",
  );
  expect(plugin.output()).not.toContain("swordfish");
});

test("a template that is given by its id is applied again when another one takes its place", async () => {
  const [one, other] = await Promise.all(
    ["python:3.12", "python:3.13"].map(async (image) => {
      const body = { name: image, image, serverless: true, env: { FROM: image } };
      return (await emulator.call("POST", "/v2/templates", body)).body.id as string;
    }),
  );
  const { imageName: _, ...rest } = inputs;
  const endpoint = resource();
  await endpoint.up({ ...rest, templateId: one });
  expect(await live(endpoint)).toMatchObject({ image: "python:3.12" });
  expect(await endpoint.up({ ...rest, templateId: other })).toBe("updated");
  expect(await live(endpoint)).toMatchObject({
    image: "python:3.13",
    env: { FROM: "python:3.13", RUNPOD_STACK_TOKEN: expect.any(String) },
  });
});

function scaler(queueDelay: number) {
  return { scaling: { type: "QUEUE_DELAY", queueDelay } };
}

function gpus(pool: string) {
  return { gpu: { pools: [pool], excludedTypes: [], count: 1 } };
}

function resource(): TestResource {
  return new TestResource(plugin, "ServerlessEndpoint", "e");
}

/** Starts another plugin process on the same state. */
async function start(): Promise<void> {
  await plugin?.close();
  plugin = await startPlugin(pluginConfig(emulator), { RUNPOD_STACK_CLOCK_SPEED: "30" }, state);
}

async function live({ id }: TestResource) {
  return (await emulator.call("GET", `/v2/serverless/${id}`)).body;
}

/** How many endpoints the account has. */
async function count(): Promise<number> {
  return (await emulator.call("GET", "/v2/serverless")).body.endpoints.length;
}

/** The bodies that this provider sent to endpoints. */
async function bodies(method: string): Promise<unknown[]> {
  const all = await emulator.requests();
  return all
    .filter((one) => one.method === method && one.path.startsWith("/v2/serverless"))
    .map(({ body }) => body);
}
