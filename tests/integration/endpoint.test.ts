import type { Values } from "@runpod-stack/provider/schema";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { type Failure, type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

jest.setTimeout(60_000);

/** A service: its pod, and what its endpoint expects. */
interface Service {
  readonly pod: Values;
  readonly endpoint: Values;
}

interface Brought {
  readonly pod: TestResource;
  readonly endpoint: TestResource;
  /** The error of the endpoint. */
  readonly failure: Failure | undefined;
}

const SMALL = "Qwen/Qwen2.5-0.5B-Instruct";
const LARGE = "Qwen/Qwen3.8-27B";
const vllm = (model: string, more: Values = {}): Values => ({
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["--model", model, "--served-model-name", "qwen"],
  gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
  containerDiskInGb: 100,
  ports: ["8000/http"],
  ...more,
});
const small = vllm(SMALL, { env: { VLLM_API_KEY: "service-key" } });
const web: Values = {
  ...vllm(SMALL),
  imageName: "nginx:1.29",
  dockerStartCmd: [],
  ports: ["80/http"],
};
const silent: Values = { ...web, imageName: "ubuntu:24.04", dockerStartCmd: ["sleep", "infinity"] };
const local = ["--model", SMALL, "--host", "127.0.0.1"];
const page = { port: 80, path: "/", expectBody: "/Welcome to nginx/" };

/** All of them start in parallel, as in a stack. */
const services = {
  good: { pod: small, endpoint: { port: 8000, apiKey: "service-key", expectModel: "qwen" } },
  "wrong key": { pod: small, endpoint: { port: 8000, apiKey: "another-key" } },
  "wrong model": { pod: vllm(SMALL), endpoint: { port: 8000, expectModel: "llama" } },
  "web page": { pod: web, endpoint: page },
  "full disk": { pod: vllm(LARGE, { containerDiskInGb: 20 }), endpoint: { port: 8000 } },
  "CUDA 803": {
    pod: vllm(SMALL, { imageName: "vllm/vllm-openai:v0.16.0-cu130" }),
    endpoint: { port: 8000 },
  },
  "unknown image": {
    pod: vllm(SMALL, { imageName: "vllm/vllm-openai:v9.9.9" }),
    endpoint: { port: 8000 },
  },
  localhost: { pod: vllm(SMALL, { dockerStartCmd: local }), endpoint: { port: 8000 } },
  "another port": {
    pod: vllm(SMALL, { dockerStartCmd: ["--model", SMALL, "--port", "8080"] }),
    endpoint: { port: 8000 },
  },
  "behind a gateway": {
    pod: vllm(SMALL, {
      dockerEntrypoint: ["bash", "-c"],
      dockerStartCmd: [
        `python3 -m http.server 9000 --bind 127.0.0.1 & sleep 5; vllm serve ${SMALL}`,
      ],
    }),
    endpoint: { port: 8000 },
  },
  parked: {
    pod: { ...web, volumeInGb: 50, volumeMountPath: "/data", desiredStatus: "EXITED" },
    endpoint: { ...page, __desiredStatus: "EXITED" },
  },
  stopped: { pod: { ...web, desiredStatus: "EXITED" }, endpoint: page },
  "no service": { pod: silent, endpoint: { ...page, timeout: "40s" } },
  "to be stopped": { pod: silent, endpoint: { ...page, timeout: "40s", onFailure: "stop" } },
} satisfies Record<string, Service>;

let emulator: TestEmulator;
let plugin: Plugin;
let brought: Record<keyof typeof services, Promise<Brought>>;

beforeAll(async () => {
  emulator = await startTestEmulator({ speed: "fast" });
  // Slower than the emulator's clock, so that immediate events there are immediate for the plugin.
  plugin = await startPlugin(pluginConfig(emulator), { RUNPOD_STACK_CLOCK_SPEED: "15" });
  brought = Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, bring(name, service)]),
  ) as typeof brought;
});

afterAll(async () => {
  await Promise.all(Object.values(brought));
  await plugin.close();
  await emulator.close();
});

async function bring(name: string, { pod: given, endpoint: expected }: Service): Promise<Brought> {
  const pod = new TestResource(plugin, "Pod", name);
  await pod.up({ name, ...given });
  const endpoint = new TestResource(plugin, "PodEndpoint", name);
  const failure = await up(endpoint, pod, expected);
  return { pod, endpoint, failure };
}

/** Updates the endpoint for the current pod. */
async function up(
  endpoint: TestResource,
  pod: TestResource,
  expected: Values,
): Promise<Failure | undefined> {
  const ofPod = {
    podId: pod.id,
    revision: pod.outputs["revision"],
    __podPorts: pod.outputs["ports"],
  };
  return endpoint.up({ ...expected, ...ofPod }).then(
    () => undefined,
    (error) => error,
  );
}

const reasonOf = async (name: keyof typeof services) => (await brought[name]).failure?.reasons?.[0];
const statusOf = async (pod: TestResource) =>
  (await emulator.call("GET", `/v2/pods/${pod.id}`)).body.status;

describe("an endpoint succeeds", () => {
  test("when the model answers to the service's key", async () => {
    const { endpoint, failure, pod } = await brought.good;
    expect(failure).toBeUndefined();
    const url = `${emulator.url}/proxy/${pod.id}-8000`;
    expect(endpoint.outputs).toMatchObject({
      url,
      openaiBaseUrl: `${url}/v1`,
      models: ["qwen"],
      readyAt: expect.any(String),
      dataCenterId: pod.outputs["dataCenterId"],
      costPerHr: pod.outputs["costPerHr"],
      sshCommand: expect.stringMatching(/^ssh /),
      sshHost: null,
      sshPort: null,
    });
    const probes = (await emulator.requests()).filter(({ path }) =>
      path.startsWith(`/proxy/${pod.id}`),
    );
    expect(probes.at(-1)).toMatchObject({ path: `/proxy/${pod.id}-8000/v1/models`, status: 200 });
    expect(await endpoint.refresh()).toBe(true);
  });

  test("when any web server shows the expected page", async () => {
    const { endpoint, failure } = await brought["web page"];
    expect(failure).toBeUndefined();
    expect(endpoint.outputs).toMatchObject({ models: [], readyAt: expect.any(String) });
  });
});

test("an endpoint succeeds next to a helper that only the container reaches", async () => {
  const { endpoint, failure } = await brought["behind a gateway"];
  expect(failure).toBeUndefined();
  expect(endpoint.outputs).toMatchObject({ models: [SMALL], readyAt: expect.any(String) });
});

describe("an endpoint whose pod the program wants stopped", () => {
  test("succeeds without waiting, and waits once the pod is started", async () => {
    const { pod, endpoint, failure } = await brought.parked;
    expect(failure).toBeUndefined();
    expect(endpoint.outputs).toMatchObject({
      url: `${emulator.url}/proxy/${pod.id}-80`,
      readyAt: null,
    });
    const { pod: parked, endpoint: expected } = services.parked;
    const step = async (program: Values) => {
      await pod.up({ name: "parked", ...parked, ...program });
      const { desiredStatus } = pod.outputs;
      return up(endpoint, pod, { ...expected, __desiredStatus: desiredStatus });
    };
    expect(await step({})).toBeUndefined();
    expect(await step({ imageName: "nginx:1.28" })).toBeUndefined();
    expect(endpoint.outputs).toMatchObject({ revision: 2, readyAt: null });
    expect(await step({ imageName: "nginx:1.28", desiredStatus: "RUNNING" })).toBeUndefined();
    expect(endpoint.outputs).toMatchObject({ revision: 3, readyAt: expect.any(String) });
    expect(await step({ imageName: "nginx:1.28", desiredStatus: "EXITED" })).toBeUndefined();
    expect(await statusOf(pod)).toBe("EXITED");
  });
});

describe("an endpoint reports why it does not serve", () => {
  test.each([
    [
      "full disk",
      /^The container in pod \w+ is failing\.\nDiagnosis: disk-full-download \((certain|likely)\)/,
    ],
    ["CUDA 803", /Diagnosis: cuda-803-driver-library-conflict \(certain\).*LD_LIBRARY_PATH/],
    ["unknown image", /^Pod \w+ is ERROR, so nothing can serve\.\nDiagnosis: image-tag-not-found/],
    [
      "localhost",
      /^http\S+: the server in pod \w+ is up but cannot be reached on port 8000\.\nDiagnosis: listens-on-loopback \(likely\)\..* Start it with --host 0\.0\.0\.0\./,
    ],
    [
      "another port",
      /Diagnosis: server-on-other-port \(likely\)\. The server listens on port 8080, not on 8000\. Start it with --port 8000, or add "8080\/http" to the pod's ports/,
    ],
    ["stopped", /^Pod \w+ is EXITED, so nothing can serve\./],
    [
      "wrong key",
      /^http\S+: 401: the service is running but rejects the key\. Set the endpoint's apiKey to the service's own key/,
    ],
    ["wrong model", /^http\S+: it serves qwen, not llama\. Set expectModel to the served name/],
    [
      "no service",
      /did not serve within 40s: 502 from the proxy: nothing listens on the port yet\.\n/,
    ],
  ] as const)("for %s", async (name, text) => {
    const { pod, endpoint, failure } = await brought[name];
    const reason = await reasonOf(name);
    expect(reason).toMatch(text);
    expect(reason).toMatch(
      /Pod \w+ stays in the state and is (billed at [\d.]+ \$\/h|(stopped|not running), so its GPU is not billed). Correct the program/,
    );
    expect(reason).not.toContain("service-key");
    expect(failure?.id).toBe(`${pod.id}-${endpoint.outputs["port"]}`);
    expect(endpoint.outputs).toMatchObject({ readyAt: null, models: [] });
  });

  test("and stops the pod if the program says so", async () => {
    expect(await reasonOf("to be stopped")).toContain("was stopped (onFailure)");
    const { pod } = await brought["to be stopped"];
    expect(await statusOf(pod)).toBe("EXITED");
    expect(await statusOf((await brought["no service"]).pod)).toBe("RUNNING");
  });
});

describe("the next up", () => {
  test("waits again for an unfinished endpoint, and changes nothing else", async () => {
    const { pod, endpoint } = await brought["no service"];
    const again = await up(endpoint, pod, { ...page, timeout: "20s" });
    expect(again?.reasons?.[0]).toContain("did not serve within 20s");
    await pod.up({ name: "no service", ...web });
    expect(await up(endpoint, pod, page)).toBeUndefined();
    expect(endpoint.outputs).toMatchObject({ readyAt: expect.any(String) });
  });

  test("does not wait for a service that serves already", async () => {
    const { pod, endpoint } = await brought["web page"];
    const before = (await emulator.requests()).length;
    await up(endpoint, pod, page);
    expect((await emulator.requests()).length).toBe(before);
  });

  test("waits again for a restarted container, and fails with a broken image", async () => {
    const { pod, endpoint } = await brought.good;
    const expected = services.good.endpoint;
    await pod.up({ name: "good", ...small, imageName: "vllm/vllm-openai:v9.9.9" });
    expect(pod.outputs).toMatchObject({ revision: 2 });
    const failure = await up(endpoint, pod, expected);
    expect(failure?.reasons?.[0]).toContain("image-tag-not-found");
  });
});

test("endpoints that wait at the same time share one poll of the pods", async () => {
  const pods = await Promise.all(
    ["one", "two"].map(async (name) => {
      const pod = new TestResource(plugin, "Pod", name);
      await pod.up({ name, ...silent });
      return pod;
    }),
  );
  await emulator.clearRequests();
  await Promise.all(
    pods.map((pod) => {
      const endpoint = new TestResource(plugin, "PodEndpoint", pod.id);
      return up(endpoint, pod, { ...page, timeout: "30s", interval: "2s" });
    }),
  );
  const requests = await emulator.requests();
  const probes = requests.filter(({ path }) => path.startsWith("/proxy/"));
  const lists = requests.filter(({ path }) => path === "/v2/pods");
  expect(lists.length).toBeLessThan(probes.length / pods.length);
  expect(requests.filter(({ path }) => /^\/v2\/pods\/\w+$/.test(path))).toEqual([]);
});
