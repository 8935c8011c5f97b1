import { rules } from "@runpod-stack/policies";
import { seal, UNKNOWN } from "@runpod-stack/provider/schema";
import { version } from "../../../policies/package.json";
import { type Analyzer, type Resource, startAnalyzer, urnOf } from "./analyzer";

jest.setTimeout(60_000);

const GOOD = {
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3.8-27B", "--max-model-len", "16384"],
  gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
  gpuCount: 1,
  minCudaVersion: "13.0",
  containerDiskInGb: 100,
  volumeInGb: 100,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http"],
  env: { VLLM_API_KEY: seal("{{ RUNPOD_SECRET_vllm }}") },
  terminateAfter: "8h",
};
const { volumeInGb: _, volumeMountPath: __, ...unmounted } = GOOD;
const BAD = { ...unmounted, containerDiskInGb: 20 };

const pod = (props: Resource["props"]): Resource => ({ kind: "Pod", name: "llm", props });

let analyzer: Analyzer;

beforeAll(async () => {
  analyzer = await startAnalyzer();
});
beforeEach(() => analyzer.configure({}));
afterAll(() => analyzer.close());

test("the pack reports its rules, their levels and its version", async () => {
  expect(await analyzer.info()).toEqual({
    name: "runpod",
    version,
    policies: rules.map(({ name, level }) => ({ name, level })),
  });
});

test("a good pod passes, and a bad one is refused by both rules of the guide", async () => {
  expect(await analyzer.analyze(pod(GOOD))).toEqual([]);
  expect(await analyzer.analyze(pod(BAD))).toMatchObject([
    { policy: "container-disk-size", level: "mandatory", message: expect.stringContaining("87") },
    { policy: "persistent-hf-cache", level: "mandatory" },
  ]);
});

test("a serverless endpoint is checked, and passes if it is right", async () => {
  const props = {
    type: "QUEUE",
    imageName: "runpod/worker-v1-vllm:v2.25.2",
    gpuTypeIds: ["NVIDIA A100 80GB PCIe", "NVIDIA A100-SXM4-80GB"],
    minCudaVersion: "13.0",
    workersMin: 0,
    workersMax: 3,
    idleTimeout: 5,
    scalerType: "QUEUE_DELAY",
    flashboot: "FLASHBOOT",
    executionTimeout: "10m",
    networkVolumeIds: [UNKNOWN],
    containerDiskInGb: 30,
    env: { MODEL_NAME: seal("Qwen/Qwen3.8-27B"), MAX_MODEL_LEN: seal("16384") },
  };
  const endpoint = (changes: Record<string, unknown>): Resource => ({
    kind: "ServerlessEndpoint",
    name: "llm",
    props: { ...props, ...changes },
  });
  expect(await analyzer.analyze(endpoint({}))).toEqual([]);
  expect(await analyzer.analyze(endpoint({ gpuTypeIds: ["NVIDIA L4"] }))).toMatchObject([
    { policy: "gpu-memory", level: "mandatory" },
    { policy: "gpu-fallbacks", level: "advisory" },
  ]);
});

test("a doubtful finding is advice, even if its policy is mandatory", async () => {
  const doubtful = pod({ ...BAD, dockerStartCmd: ["acme/secret-llm"], containerDiskInGb: 60 });
  const disk = async () =>
    (await analyzer.analyze(doubtful)).filter(({ policy }) => policy === "container-disk-size");
  expect(await disk()).toMatchObject([{ level: "advisory" }]);
  const options = { models: { "acme/secret-llm": { weightsGb: 200 } } };
  await analyzer.configure({ "container-disk-size": { level: "mandatory", options } });
  expect(await disk()).toMatchObject([
    { level: "mandatory", message: expect.stringContaining("your figure") },
  ]);
});

test("newer prices are configured for one rule and used by both", async () => {
  const prices = { date: "2026-11-24", gpus: { "NVIDIA B200": { secure: 90, community: null } } };
  await analyzer.configure({ "hourly-cost": { level: "advisory", options: { prices } } });
  const dear = { level: "advisory", message: expect.stringContaining("90.") };
  expect(await analyzer.analyze(pod(GOOD))).toMatchObject([{ policy: "hourly-cost", ...dear }]);
  expect(await analyzer.analyzeStack([pod(GOOD)])).toMatchObject([
    { policy: "stack-cost", ...dear },
  ]);
});

test("every policy can run with a preview's unknown values", async () => {
  for (const field of Object.keys(GOOD)) {
    expect(await analyzer.analyze(pod({ ...GOOD, [field]: UNKNOWN }))).toEqual([]);
  }
  const network = {
    ...unmounted,
    volumeMountPath: "/root/.cache/huggingface",
    networkVolumeId: UNKNOWN,
  };
  expect(await analyzer.analyze(pod(network))).toEqual([]);
});

test("a pod and its volume are checked together", async () => {
  const volume: Resource = {
    kind: "Volume",
    name: "cache",
    props: { size: 40, dataCenterId: "EU-RO-1" },
  };
  const mounting = {
    ...pod({
      ...unmounted,
      ...{ volumeMountPath: GOOD.volumeMountPath, dataCenterIds: ["US-KS-2"] },
    }),
    dependencies: { networkVolumeId: [urnOf(volume)] },
  };
  const props = { ...mounting.props, networkVolumeId: UNKNOWN };
  expect(await analyzer.analyzeStack([volume, { ...mounting, props }])).toMatchObject([
    { policy: "cache-volume-size", level: "mandatory", urn: urnOf(volume) },
    { policy: "volume-placement", level: "mandatory", urn: urnOf(mounting) },
  ]);
});

test("a pod and the endpoint that asks it are checked together, before the pod has an id", async () => {
  const asked = pod(GOOD);
  const endpoint: Resource = {
    kind: "PodEndpoint",
    name: "openai",
    props: { podId: UNKNOWN, port: 9000, path: "/v1/models" },
    dependencies: { podId: [urnOf(asked)] },
  };
  expect(await analyzer.analyze(endpoint)).toEqual([]);
  expect(await analyzer.analyzeStack([asked, endpoint])).toMatchObject([
    {
      policy: "port-reachable",
      level: "mandatory",
      message: expect.stringContaining("must include 9000/http: PodEndpoint openai asks that port"),
      urn: urnOf(asked),
    },
  ]);
});

test("a remediation sets the right value, and loses neither secrets nor the provider's hidden fields", async () => {
  const level = { level: "remediate" };
  await analyzer.configure({ "container-disk-size": level, "cuda-floor": level });
  const { minCudaVersion: ___, ...open } = BAD;
  const inputs = {
    ...open,
    __provider: "exports.handler=…",
    __resolved: true,
    templateId: UNKNOWN,
  };
  const remediated = await analyzer.remediate(pod(inputs));
  expect(remediated).toEqual({
    "container-disk-size": { ...inputs, containerDiskInGb: 87 },
    "cuda-floor": { ...inputs, containerDiskInGb: 87, minCudaVersion: "13.0" },
  });
  expect(await analyzer.remediate(pod(GOOD))).toEqual({});
});
