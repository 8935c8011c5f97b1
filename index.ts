// The guide's deployment of a 27B model: Template → Pod → Endpoint.
//
// Waives public-endpoint-auth: anyone with the URL can use the model. For a key, see examples/pod-with-network-volume.
// Waives ssh-exposure: port 22 lets you copy files to and from the pod. Without that, remove it.
// Waives end-of-life: the model is served until `pulumi destroy`. For a time limit, set terminateAfter on the pod.
import * as pulumi from "@pulumi/pulumi";
import { Pod, PodEndpoint, Template } from "@runpod-stack/provider";

const config = new pulumi.Config();
const model = config.require("model");
const servedName = model.split("/").at(-1) ?? model;
const cacheInGb = config.requireNumber("cacheInGb");
const port = 8000;

// The host's driver must come first: this image's CUDA-compat libraries would shadow it (Error
// 803).
const serve = [
  "export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH",
  `exec vllm serve ${model} --host 0.0.0.0 --port ${port} --served-model-name ${servedName} --max-model-len ${config.requireNumber("maxModelLen")}`,
].join(" && ");

// Image, command, ports and disks, for any number of pods.
const template = new Template("vllm", {
  imageName: config.require("image"),
  // The container runs ENTRYPOINT + CMD: overriding both puts the fix before the server.
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [serve],
  ports: [`${port}/http`, "22/tcp"],
  // Wiped at every restart. Must have room for what is downloaded outside the volume.
  containerDiskInGb: config.requireNumber("containerDiskInGb"),
  // Survives restarts, so the weights are downloaded once. Do not set it to 0, which leaves it out.
  ...(cacheInGb > 0 && { volumeInGb: cacheInGb, volumeMountPath: "/root/.cache/huggingface" }),
});

// A GPU instance that runs the template.
const pod = new Pod("llm", {
  template,
  gpuTypeIds: config.requireObject<string[]>("gpuTypeIds"),
  gpuCount: 1,
  cloudType: "SECURE",
  minCudaVersion: "13.0",
});

// The proxy URL, available once the model answers.
const endpoint = new PodEndpoint("openai", {
  pod,
  port,
  expectModel: servedName,
  timeout: config.get("timeout") ?? "45m",
  interval: config.get("interval") ?? "5s",
});

export const podId = pod.podId;
export const endpointUrl = endpoint.url;
export const openaiBaseUrl = endpoint.openaiBaseUrl;
export const modelName = servedName;
export const gpuTypeId = pod.gpuTypeId;
export const costPerHr = endpoint.costPerHr;
export const sshCommand = endpoint.sshCommand;
