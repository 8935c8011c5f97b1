// Pulumi runs this file if this package's folder is used as a policy pack.

import path from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { foreign, hideSecretsOf, multiline, safe } from "@runpod-stack/kit";
import { givenConfigProblems } from "./given-config";
import { runpodPolicies } from "./pack";

hideSecretsOf(process.env);
const problems = givenConfigProblems(path.join(__dirname, ".."));
if (problems.length > 0) {
  const text = multiline(
    safe`The policy configuration is invalid:`,
    problems.map((problem) => foreign(problem)),
    safe``,
  );
  process.stderr.write(text);
  process.exit(1);
}

new PolicyPack("runpod", {
  displayName: "RunPod",
  description:
    "Checks that disks have room for the weights, caches survive a restart, and models fit in GPU memory.",
  policies: runpodPolicies(),
});
