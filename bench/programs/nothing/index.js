// BENCH_COUNT resources with the inputs and outputs of a pod, and handlers that do nothing.
const path = require("node:path");
const pulumi = require("@pulumi/pulumi");

const handlers = path.join(__dirname, "handlers.js");

class Nothing extends pulumi.CustomResource {
  constructor(name, inputs) {
    const line = `exports.handler=()=>require(${JSON.stringify(handlers)})`;
    const props = { ...outputs, ...inputs, __provider: line };
    super("pulumi-nodejs:dynamic/bench:Nothing", name, props);
  }
}

const outputs = {
  name: undefined,
  cloudType: undefined,
  gpuCount: undefined,
  desiredStatus: undefined,
  revision: undefined,
  gpuTypeId: undefined,
  dataCenterId: undefined,
  costPerHr: undefined,
  endpointUrls: undefined,
  sshCommand: undefined,
  createdAt: undefined,
};

const count = Number(process.env.BENCH_COUNT);

for (let index = 0; index < count; index++) {
  new Nothing(`n${index}`, {
    imageName: "vllm/vllm-openai:v0.20.0",
    dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
    gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"],
    containerDiskInGb: 30,
    volumeInGb: 20,
    volumeMountPath: "/root/.cache/huggingface",
    ports: ["8000/http"],
    // Encrypted one by one, as a pod's are.
    env: {
      HF_TOKEN: pulumi.secret("hf_0123456789abcdef"),
      VLLM_LOGGING_LEVEL: pulumi.secret("INFO"),
    },
  });
}
