// A worker mounts the volume of its data center at /runpod-volume. RunPod copies nothing between them.
//
// Waives volume-protected: `pulumi destroy` should delete everything that the example creates.
import { ServerlessEndpoint, Volume } from "@runpod-stack/provider";

const regions = ["EU-RO-1", "US-KS-2"];
const caches = regions.map((id) => new Volume(`cache-${id}`, { size: 30, dataCenterId: id }));

const endpoint = new ServerlessEndpoint("llm", {
  imageName: "runpod/worker-v1-vllm:v2.11.0",
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
  minCudaVersion: "12.4",
  networkVolumeIds: caches.map(({ volumeId }) => volumeId),
  // The worker downloads the weights once in each data center.
  env: { MODEL_NAME: "Qwen/Qwen3-0.6B", BASE_PATH: "/runpod-volume" },
});

export const openaiBaseUrl = endpoint.openaiBaseUrl;
export const volumeIds = caches.map(({ volumeId }) => volumeId);
