// One question after each deployment: a wrong answer fails the update.
//
// Waives public-endpoint-auth: anyone with the URL can use the model. pod-with-network-volume asks for a key.
// Waives ssh-exposure: the check runs nvidia-smi and df over SSH, with the account's own keys.
// Waives end-of-life: the model is served until `pulumi destroy`. For a time limit, set terminateAfter.
import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { Pod, PodEndpoint } from "@runpod-stack/provider";

const config = new pulumi.Config();

const pod = new Pod("llm", {
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500", "NVIDIA L40S"],
  minCudaVersion: "13.0",
  containerDiskInGb: 30,
  volumeInGb: 20,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http", "22/tcp"],
  startSsh: true,
});
const endpoint = new PodEndpoint("llm", { pod, port: 8000 });

// A new trigger replaces the command, which runs it again.
const triggers = [endpoint.podId, endpoint.revision];
const check = new local.Command("check", {
  create: "node check.mjs",
  environment: {
    OPENAI_BASE_URL: endpoint.openaiBaseUrl,
    EXPECTED: config.get("expected") ?? "4217",
  },
  triggers,
});

export const answer = check.stdout;

// The private part of a key that is in the RunPod account. Without it, the hardware is not looked at.
const privateKey = config.getSecret("sshPrivateKey");
const host = endpoint.sshHost.apply(String);
const port = endpoint.sshPort.apply(Number);
const hardwareCheck =
  privateKey &&
  new remote.Command("hardware", {
    connection: { host, port, user: "root", privateKey },
    create: "nvidia-smi && df -h",
    triggers,
  });

export const hardware = hardwareCheck?.stdout;
