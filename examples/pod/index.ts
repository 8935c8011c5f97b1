// The least that serves a model: a pod, and the endpoint that waits for it.
//
// Waives public-endpoint-auth: anyone with the URL can use the model. pod-with-network-volume asks for a key.
// Waives end-of-life: the model is served until `pulumi destroy`. For a time limit, set terminateAfter.
import { Pod, PodEndpoint } from "@runpod-stack/provider";

const pod = new Pod("llm", {
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500", "NVIDIA L40S"],
  minCudaVersion: "13.0",
  containerDiskInGb: 30,
  // The cache is on a disk that survives restarts: the weights are downloaded once.
  volumeInGb: 20,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http"],
});

const endpoint = new PodEndpoint("llm", { pod, port: 8000, expectModel: "Qwen/Qwen3-0.6B" });

export const openaiBaseUrl = endpoint.openaiBaseUrl;
export const costPerHr = pod.costPerHr;
