import type { Endpoint, Pod, Template } from "../../../openapi/src";

/** A pod as REST v2 documents one. */
export const pod: Pod = {
  id: "pod1",
  name: "llm",
  status: "RUNNING",
  actions: ["stop", "restart", "terminate"],
  image: "vllm/vllm-openai:v0.33.0",
  args: '{"cmd":["--model","m"]}',
  cmd: ["--model", "m"],
  disk: 50,
  mounts: { persistent: { size: 100, path: "/root/.cache/huggingface" } },
  ports: ["8000/http"],
  env: { A: "b" },
  registry: null,
  gpu: { id: "NVIDIA L40S", count: 1, vcpuCount: 8, memory: 94 },
  cloud: "SECURE",
  dataCenterId: "EU-RO-1",
  cudaVersion: "13.0",
  ssh: {
    proxy: { host: "ssh.runpod.io", port: 22, username: "u", command: "ssh u@h" },
    direct: null,
  },
  template: null,
  cost: 0.86,
  locked: false,
  globalNetworking: { enabled: false },
  runtime: { uptime: 12, gpus: [{ util: 4, memoryUtil: 90 }] },
  createdAt: "2026-11-23T12:00:00Z",
  startedAt: null,
};

/** A template as REST v2 documents one. */
export const template: Template = {
  id: "tpl1",
  name: "vllm",
  image: "vllm/vllm-openai:v0.33.0",
  args: "",
  disk: 50,
  mounts: {},
  ports: [],
  env: {},
  registry: null,
  serverless: false,
  public: false,
  category: "NVIDIA",
  startSsh: true,
  startJupyter: true,
  allowedCudaVersions: [],
};

/** An endpoint as REST v2 documents one. */
export const endpoint: Endpoint = {
  id: "ep1",
  name: "llm",
  type: "QUEUE",
  image: "runpod/worker-v1-vllm:v2.7.0",
  disk: 50,
  ports: [],
  env: { A: "b" },
  registry: null,
  gpu: {
    pools: ["ADA_24"],
    excludedTypes: [],
    count: 1,
    allowedCudaVersions: [],
    minCudaVersion: null,
  },
  workers: { min: 0, max: 3, idleTimeout: 5 },
  scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
  dataCenterIds: [],
  networkVolumes: [],
  timeout: 600_000,
  flashboot: "FLASHBOOT",
  createdAt: "2026-11-23T12:00:00Z",
};
