// A model without a pod: workers start when requests come, and stop when none do.
//
// Waives persistent-hf-cache: each new worker downloads 1.5 GB again. serverless-two-regions has volumes.
import { EndpointReady, ServerlessEndpoint } from "@runpod-stack/provider";

const endpoint = new ServerlessEndpoint("llm", {
  imageName: "runpod/worker-v1-vllm:v2.11.0",
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
  minCudaVersion: "12.4",
  containerDiskInGb: 30,
  workersMax: 2,
  env: { MODEL_NAME: "Qwen/Qwen3-0.6B", MAX_MODEL_LEN: "8192" },
});

// The first job pays for the cold start, so that no user has to wait for it.
const ready = new EndpointReady("llm", { endpoint, input: { prompt: "Say hello." } });

export const openaiBaseUrl = ready.openaiBaseUrl;
