/** Requests that the emulator takes as they are; tests change one thing at a time. */

export function podBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "serve",
    image: "vllm/vllm-openai:v0.11.0",
    cmd: ["--model", "Qwen/Qwen2.5-7B-Instruct"],
    disk: 60,
    ports: ["8000/http", "22/tcp"],
    gpu: { id: "NVIDIA H100 80GB HBM3", count: 1 },
    ...changes,
  };
}

export function templateBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: "recipe", image: "vllm/vllm-openai:v0.11.0", ...changes };
}

export function volumeBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: "cache", size: 100, dataCenter: "EU-RO-1", ...changes };
}

export const CAPACITY_TEXT =
  "There are no longer any instances available with the requested specifications. Please refresh and try again.";

export function endpointBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "answers",
    type: "QUEUE",
    image: "runpod/worker-v1-vllm:v2.22.4",
    env: { MODEL_NAME: "Qwen/Qwen2.5-7B-Instruct" },
    disk: 60,
    gpu: { pools: ["AMPERE_48", "ADA_48_PRO"] },
    scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
    ...changes,
  };
}
