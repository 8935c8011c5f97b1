// The cache is a network volume: it outlives the pod, so that a new pod starts with the weights in place.
//
// Waives secret-env: the key is a secret of the stack, so that the example needs no setup in
// RunPod's console.
// Waives volume-protected: `pulumi destroy` should delete everything that the example creates.
// Waives end-of-life: the model is served until `pulumi destroy`. For a time limit, set
// terminateAfter.
import * as pulumi from "@pulumi/pulumi";
import { Pod, PodEndpoint, Volume } from "@runpod-stack/provider";

const serviceKey = new pulumi.Config().requireSecret("serviceKey");

const cache = new Volume("cache", { size: 50, dataCenterId: "EU-RO-1" });

const pod = new Pod("llm", {
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500", "NVIDIA L40S"],
  minCudaVersion: "13.0",
  containerDiskInGb: 30,
  networkVolumeId: cache.volumeId,
  volumeMountPath: "/root/.cache/huggingface",
  // A network volume can be mounted in its own data center only.
  dataCenterIds: [cache.dataCenterId],
  ports: ["8000/http"],
  // The proxy URL is public: without a key, everyone can use the model.
  env: { VLLM_API_KEY: serviceKey },
});

const endpoint = new PodEndpoint("llm", {
  pod,
  port: 8000,
  apiKey: serviceKey,
  expectModel: "Qwen/Qwen3-0.6B",
});

export const openaiBaseUrl = endpoint.openaiBaseUrl;
export const volumeId = cache.volumeId;
