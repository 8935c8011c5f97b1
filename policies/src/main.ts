// What Pulumi runs, given this package's folder as a policy pack.

import { PolicyPack } from "@pulumi/policy";
import { hideSecretsOf } from "@runpod-stack/kit";
import { runpodPolicies } from "./pack";

hideSecretsOf(process.env);

new PolicyPack("runpod", {
  displayName: "RunPod",
  description:
    "Disks that hold the weights, caches that survive a restart, GPUs that hold the model.",
  policies: runpodPolicies(),
});
