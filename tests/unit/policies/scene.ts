import { type Config, type Item, judge, settingsOf, specOf } from "@runpod-stack/policies";

type Inputs = Readonly<Record<string, unknown>>;

/** A pod to which no rule objects: the guide's 27B deployment as it should be. */
export const HAPPY_POD: Inputs = {
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3.8-27B", "--max-model-len", "16384"],
  gpuTypeIds: ["NVIDIA B200", "NVIDIA H200"],
  gpuCount: 1,
  minCudaVersion: "13.0",
  cloudType: "SECURE",
  containerDiskInGb: 100,
  volumeInGb: 100,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http"],
  env: { VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}" },
  terminateAfter: "8h",
};

/** The same without a volume: the weights land on the container disk. */
export const WITHOUT_VOLUME: Inputs = { volumeInGb: undefined, volumeMountPath: undefined };

export const HAPPY_VOLUME: Inputs = { size: 100, dataCenterId: "EU-RO-1" };

/** A serverless endpoint to which no rule objects: the same model on RunPod's vLLM worker. */
export const HAPPY_ENDPOINT: Inputs = {
  type: "QUEUE",
  imageName: "runpod/worker-v1-vllm:v2.25.2",
  gpuTypeIds: ["NVIDIA A100 80GB PCIe", "NVIDIA A100-SXM4-80GB"],
  gpuCount: 1,
  minCudaVersion: "13.0",
  workersMin: 0,
  workersMax: 3,
  idleTimeout: 5,
  scalerType: "QUEUE_DELAY",
  scalerValue: 4,
  flashboot: "FLASHBOOT",
  executionTimeout: "10m",
  networkVolumeIds: ["volume"],
  containerDiskInGb: 20,
  env: { MODEL_NAME: "Qwen/Qwen3.8-27B", MAX_MODEL_LEN: "16384" },
};

/** The same behind a load balancer, on vLLM's own image. */
export const LOAD_BALANCER: Inputs = {
  type: "LOAD_BALANCER",
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3.8-27B", "--max-model-len", "16384"],
  scalerType: "REQUEST_COUNT",
  executionTimeout: undefined,
  ports: ["8000/http"],
  env: { PORT: "8000", HF_HOME: "/runpod-volume/huggingface" },
};

/** A resource as the rules see it. */
export function item(kind: Item["spec"]["kind"], inputs: Inputs, more: Partial<Item> = {}): Item {
  return { id: kind, spec: specOf(kind, inputs), dependencies: {}, ...more };
}

/** What one rule, or any, says of resources: "mandatory: message. Remedy." */
export function said(rule: string | undefined, items: readonly Item[], config: Config = {}) {
  return judge(items, settingsOf(config))
    .filter((violation) => rule === undefined || violation.rule === rule)
    .map(({ level, message, remedy, field }) => {
      // Reports place a finding by its field.
      expect(field).toMatch(/^\w+$/);
      return `${level}: ${message} ${remedy}`;
    });
}

/** What a rule says of the happy pod with these inputs changed. */
export function ofPod(rule: string, changes: Inputs = {}, config: Config = {}): string[] {
  return said(rule, [item("Pod", { ...HAPPY_POD, ...changes })], config);
}

/** The same of the happy endpoint. */
export function ofEndpoint(rule: string, changes: Inputs = {}, config: Config = {}): string[] {
  return said(rule, [item("ServerlessEndpoint", { ...HAPPY_ENDPOINT, ...changes })], config);
}

/** The same of a template. */
export function ofTemplate(rule: string, changes: Inputs = {}, config: Config = {}): string[] {
  const { gpuTypeIds: _, gpuCount: __, minCudaVersion: ___, ...inputs } = HAPPY_POD;
  return said(rule, [item("Template", { ...inputs, ...changes })], config);
}

/** Configuration with a rule's options. */
export function options(rule: string, values: Record<string, unknown>): Config {
  return { [rule]: values };
}
