// BENCH_COUNT resources of each kind in BENCH_KINDS.
const { Pod, PodEndpoint, Template, Volume } = require("@runpod-stack/provider");

const count = Number(process.env.BENCH_COUNT);
const kinds = (process.env.BENCH_KINDS ?? "Pod").split(",");

for (let index = 0; index < count; index++) {
  const name = `n${index}`;
  if (kinds.includes("BarePod")) {
    new Pod(`bare${index}`, { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] });
  }
  if (kinds.includes("Template")) {
    new Template(name, {
      imageName: "vllm/vllm-openai:v0.20.0",
      containerDiskInGb: 30,
      ports: ["8000/http"],
      env: { VLLM_LOGGING_LEVEL: "INFO" },
    });
  }
  if (kinds.includes("Volume")) {
    new Volume(name, { size: 20, dataCenterId: "EU-RO-1" });
  }
  if (!kinds.includes("Pod")) {
    continue;
  }
  const pod = new Pod(name, {
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
    gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"],
    containerDiskInGb: 30,
    volumeInGb: 20,
    volumeMountPath: "/root/.cache/huggingface",
    ports: ["8000/http"],
    env: { HF_TOKEN: "hf_0123456789abcdef", VLLM_LOGGING_LEVEL: "INFO" },
  });
  if (kinds.includes("PodEndpoint")) {
    new PodEndpoint(name, { pod, port: 8000, expectModel: "Qwen/Qwen3-0.6B", interval: "1s" });
  }
}
