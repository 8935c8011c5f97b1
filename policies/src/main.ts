// What Pulumi runs, given this package's folder as a policy pack.

import path from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { foreign, hideSecretsOf, multiline, safe } from "@runpod-stack/kit";
import { givenConfigProblems } from "./given-config";
import { runpodPolicies } from "./pack";

hideSecretsOf(process.env);
const problems = givenConfigProblems(path.join(__dirname, ".."));
if (problems.length > 0) {
  const text = multiline(
    safe`The configuration of the policies cannot be used:`,
    problems.map((problem) => foreign(problem)),
    safe``,
  );
  process.stderr.write(text);
  process.exit(1);
}

new PolicyPack("runpod", {
  displayName: "RunPod",
  description:
    "Disks that hold the weights, caches that survive a restart, GPUs that hold the model.",
  policies: runpodPolicies(),
});
