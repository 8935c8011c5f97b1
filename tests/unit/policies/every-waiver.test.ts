import { type Item, judgement, rules, settingsOf, specOf } from "@runpod-stack/policies";
import { HAPPY_ENDPOINT, HAPPY_POD, HAPPY_VOLUME, LOAD_BALANCER, WITHOUT_VOLUME } from "./scene";

type Kind = Item["spec"]["kind"];
type Inputs = Readonly<Record<string, unknown>>;

const { gpuTypeIds: _, gpuCount: __, minCudaVersion: ___, ...HAPPY_TEMPLATE } = HAPPY_POD;
const HAPPY: Readonly<Partial<Record<Kind, Inputs>>> = {
  Pod: HAPPY_POD,
  Template: HAPPY_TEMPLATE,
  Volume: HAPPY_VOLUME,
  ServerlessEndpoint: HAPPY_ENDPOINT,
};

const SECRETS = { HF_TOKEN: `hf_${"a".repeat(34)}` };
const everywhere = (inputs: Inputs) => ({
  Pod: inputs,
  Template: inputs,
  ServerlessEndpoint: inputs,
});
const deployed = (inputs: Inputs) => ({ Pod: inputs, ServerlessEndpoint: inputs });
const endpoint = (inputs: Inputs) => ({ ServerlessEndpoint: inputs });
const on = (image: string, inputs: Inputs = {}) => ({
  ...LOAD_BALANCER,
  ...inputs,
  imageName: image,
});

/** For each rule, a change to each kind of resource that it judges, by which the rule objects. */
const FAULTS: Readonly<Record<string, Readonly<Partial<Record<Kind, Inputs>>>>> = {
  "container-disk-size": {
    Pod: { ...WITHOUT_VOLUME, containerDiskInGb: 20 },
    Template: { ...WITHOUT_VOLUME, containerDiskInGb: 20 },
    ServerlessEndpoint: { networkVolumeIds: undefined, containerDiskInGb: 20 },
  },
  "command-serves": {
    Pod: { dockerStartCmd: ["vllm", "serve", "Qwen/Qwen3.8-27B"] },
    Template: { dockerStartCmd: ["vllm", "serve", "Qwen/Qwen3.8-27B"] },
    ServerlessEndpoint: {
      ...LOAD_BALANCER,
      dockerStartCmd: ["vllm", "serve", "Qwen/Qwen3.8-27B"],
    },
  },
  "persistent-hf-cache": {
    Pod: WITHOUT_VOLUME,
    Template: WITHOUT_VOLUME,
    ServerlessEndpoint: { ...LOAD_BALANCER, networkVolumeIds: undefined },
  },
  "cache-volume-size": {
    Pod: { volumeInGb: 40 },
    Template: { volumeInGb: 40 },
    Volume: { size: 40 },
  },
  "gpu-memory": deployed({ gpuTypeIds: ["NVIDIA L4"] }),
  "tensor-parallel": {
    Pod: { gpuCount: 3 },
    ServerlessEndpoint: {
      gpuCount: 2,
      env: { ...Object(HAPPY_ENDPOINT["env"]), TENSOR_PARALLEL_SIZE: "4" },
    },
  },
  "port-reachable": {
    Pod: { ports: ["9000/http"] },
    Template: { ports: ["9000/http"] },
    ServerlessEndpoint: { ...LOAD_BALANCER, ports: ["9000/http"], env: { PORT: "9000" } },
  },
  "worker-image": endpoint({ imageName: "vllm/vllm-openai:v0.20.0" }),
  "gpu-architecture": {
    Pod: { imageName: "vllm/vllm-openai:v0.8.5", gpuTypeIds: ["NVIDIA B200"] },
    ServerlessEndpoint: on("vllm/vllm-openai:v0.8.5", { gpuTypeIds: ["NVIDIA B200"] }),
  },
  "cuda-floor": deployed({ minCudaVersion: undefined }),
  "cuda-compat": {
    Pod: { imageName: "vllm/vllm-openai:v0.16.0" },
    Template: { imageName: "vllm/vllm-openai:v0.16.0" },
    ServerlessEndpoint: on("vllm/vllm-openai:v0.16.0"),
  },
  "image-pinned": {
    Pod: { imageName: "vllm/vllm-openai" },
    Template: { imageName: "vllm/vllm-openai" },
    ServerlessEndpoint: { imageName: "runpod/worker-v1-vllm" },
  },
  "secret-env": everywhere({ env: SECRETS }),
  "public-endpoint-auth": { Pod: { env: {} }, Template: { env: {} } },
  "load-balancer-auth": {
    Template: { ...LOAD_BALANCER, ports: ["8000/tcp"], isServerless: true },
    ServerlessEndpoint: { ...LOAD_BALANCER, ports: ["8000/tcp"] },
  },
  "reserved-env": everywhere({ env: { RUNPOD_POD_ID: "x" } }),
  "ssh-exposure": everywhere({ ports: ["22/tcp"] }),
  "gpu-fallbacks": deployed({ gpuTypeIds: ["NVIDIA B200"] }),
  "allowed-gpus": deployed({ gpuTypeIds: ["NVIDIA A40"] }),
  "allowed-data-centers": {
    Pod: { dataCenterIds: ["US-KS-2"] },
    Volume: { dataCenterId: "US-KS-2" },
    ServerlessEndpoint: { dataCenterIds: ["US-KS-2"] },
  },
  "cloud-type": { Pod: { cloudType: "COMMUNITY" } },
  "volume-placement": {
    Pod: { ...WITHOUT_VOLUME, networkVolumeId: "volume", dataCenterIds: ["US-KS-2"] },
    ServerlessEndpoint: { networkVolumeIds: ["volume"], dataCenterIds: ["US-KS-2"] },
  },
  "volume-protected": { Volume: {} },
  unjudged: everywhere({ imageName: "ghcr.io/me/unknown:1", dockerStartCmd: ["./run.sh"] }),
  "spec-size": {
    ...everywhere({ imageName: "x".repeat(5_000) }),
    Volume: { dataCenterId: "x".repeat(5_000) },
  },
  "spec-valid": everywhere({ ports: ["8000"] }),
  "hourly-cost": { Pod: { gpuCount: 8 } },
  "end-of-life": { Pod: { terminateAfter: undefined } },
  "min-workers-cost": endpoint({ workersMin: 3 }),
  "max-workers-budget": endpoint({ workersMax: 300 }),
  "idle-timeout": endpoint({ idleTimeout: 3_000 }),
  "execution-timeout": endpoint({ executionTimeout: undefined }),
  flashboot: endpoint({ flashboot: "OFF" }),
};

/** Rules about the stack or about waivers, which no resource can waive. */
const OF_NO_RESOURCE = ["stack-cost", "waiver-valid"];

const CONFIG = {
  "allowed-gpus": { allowed: ["NVIDIA L40S"] },
  "allowed-data-centers": { allowed: ["EU-RO-1"] },
};

/** A resource with the fault, and a volume or a pod to which it belongs. */
function itemsWith(rule: string, kind: Kind, inputs: Inputs, waivers: readonly object[]): Item[] {
  const props = { ...HAPPY[kind], ...inputs, policyWaivers: waivers };
  const spec = specOf(kind, props);
  const isVolume = kind === "Volume";
  const own: Item = {
    id: "it",
    spec: isVolume ? { ...spec, isProtected: rule !== "volume-protected" } : spec,
    dependencies: { networkVolumeId: ["volume"], networkVolumeIds: ["volume"] },
  } as Item;
  const volume = specOf("Volume", HAPPY_VOLUME);
  const user = specOf("Pod", {
    ...HAPPY_POD,
    ...WITHOUT_VOLUME,
    networkVolumeId: "it",
    volumeMountPath: "/root/.cache/huggingface",
  });
  const other: Item = isVolume
    ? { id: "user", spec: user, dependencies: { networkVolumeId: ["it"] } }
    : { id: "volume", spec: { ...volume, isProtected: true } as Item["spec"], dependencies: {} };
  return [own, other];
}

const PAIRS = Object.entries(FAULTS).flatMap(([rule, kinds]) =>
  Object.entries(kinds).map(([kind, inputs]) => [rule, kind as Kind, inputs] as const),
);

test.each(PAIRS)("%s can be waived on a %s, and only there", (rule, kind, inputs) => {
  const judged = (waivers: readonly object[]) => {
    const { violations, waived } = judgement(
      itemsWith(rule, kind, inputs, waivers),
      settingsOf(CONFIG),
    );
    const ofRule = (list: typeof violations) =>
      list.filter((one) => one.rule === rule && one.item?.id === "it");
    return [ofRule(violations).length, ofRule(waived).length];
  };
  const waiver = { rule, reason: "the test says so", until: "2999-01-01" };
  const [found = 0, none] = judged([]);
  expect([found > 0, none]).toEqual([true, 0]);
  expect(judged([waiver])).toEqual([0, found]);
  const another = rule === "flashboot" ? "idle-timeout" : "flashboot";
  expect(judged([{ ...waiver, rule: another }])).toEqual([found, 0]);
});

test("every rule is among them", () => {
  expect([...Object.keys(FAULTS), ...OF_NO_RESOURCE].sort()).toEqual(
    rules.map(({ name }) => name).sort(),
  );
});
