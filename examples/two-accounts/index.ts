// One pod in the account of the stack's configuration, one in another account.
//
// Waives ssh-exposure: people work in these pods over SSH, and copy files to them.
// Waives end-of-life: the pods run until `pulumi destroy`. For a time limit, set terminateAfter.
import * as pulumi from "@pulumi/pulumi";
import { Pod, type PodArgs, Provider } from "@runpod-stack/provider";

const config = new pulumi.Config();

const research = new Provider("research", {
  apiKey: config.requireSecret("researchKey"),
  ...(config.get("apiUrl") && { apiUrl: config.require("apiUrl") }),
});

const settings: PodArgs = {
  imageName: "runpod/pytorch:2.8.0-py3.11-cuda12.8.1-cudnn-devel-ubuntu22.04",
  gpuTypeIds: ["NVIDIA L4", "NVIDIA RTX A4500"],
  minCudaVersion: "12.8",
  containerDiskInGb: 40,
  ports: ["22/tcp"],
  startSsh: true,
};

const production = new Pod("production", settings);
const experiment = new Pod("experiment", settings, { provider: research });

export const productionPodId = production.podId;
export const experimentPodId = experiment.podId;
