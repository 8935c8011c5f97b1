// The image needs a login, and its container a token that RunPod's console and API never show.
import * as pulumi from "@pulumi/pulumi";
import { RegistryAuth, runpodSecret, Secret, ServerlessEndpoint } from "@runpod-stack/provider";

const config = new pulumi.Config();

const registry = new RegistryAuth("ghcr", {
  username: config.require("registryUser"),
  password: config.requireSecret("registryToken"),
});
const token = new Secret("hf_token", { value: config.requireSecret("hfToken") });

const endpoint = new ServerlessEndpoint("worker", {
  imageName: "ghcr.io/acme/worker:2.0.1",
  containerRegistryAuthId: registry.registryAuthId,
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
  env: { HF_TOKEN: runpodSecret(token) },
});

export const runUrl = endpoint.runUrl;
