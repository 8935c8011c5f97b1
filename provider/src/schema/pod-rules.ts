import { computeRules } from "./compute-rules";
import type { Previewed, Stored } from "./field";
import { lifetimeKnowsCommand } from "./lifetime";
import { oneMount, pathNeedsMount } from "./mount-rules";
import type { PodInputs } from "./pod";
import { envLeavesRoom, listed, problem, type Rule, shrinks } from "./rules";

/** Rules between a pod's fields. */
export const podRules: readonly Rule<PodInputs>[] = [
  ...computeRules<PodInputs>({
    noun: "pod",
    article: "a",
    gpuTypes: 'List GPU types in the order to try them, such as ["NVIDIA L40S"]',
    vcpus: ", or use minVCPUPerGPU on a GPU pod",
    gpuOnly: [
      "gpuCount",
      "minRAMPerGPU",
      "minVCPUPerGPU",
      "allowedCudaVersions",
      "minCudaVersion",
      "volumeInGb",
      "globalNetworking",
    ],
  }),
  oneMount,
  networkVolumeIsSecure,
  pathNeedsMount,
  envLeavesRoom,
  volumeNeverShrinks,
  lifetimeKnowsCommand,
];

function networkVolumeIsSecure(inputs: Previewed<PodInputs>) {
  if (inputs["networkVolumeId"] === undefined || inputs["cloudType"] !== "COMMUNITY") {
    return [];
  }
  const message =
    "cannot be combined with networkVolumeId: network volumes exist only in the secure cloud. Set cloudType to SECURE, or use volumeInGb instead";
  return [problem("cloudType", "COMMUNITY", message)];
}

function volumeNeverShrinks(inputs: Previewed<PodInputs>, old: Stored<PodInputs>) {
  const [before, after] = [old["volumeInGb"], inputs["volumeInGb"]];
  if (!shrinks(before, after)) {
    return [];
  }
  const grownElsewhere = listed(old["__drifted"]).includes("volumeInGb");
  const message = grownElsewhere
    ? `must be at least ${before}: the disk was enlarged to ${before} GB outside this program, and disks cannot shrink. Set volumeInGb to ${before}`
    : `must be at least ${before}: the disk has ${before} GB, and disks cannot shrink. Set volumeInGb to ${before} or more. For a smaller disk, remove volumeInGb, run \`pulumi up\`, and set it again, which creates new pods and loses the disk's content`;
  return [problem("volumeInGb", after, message)];
}
