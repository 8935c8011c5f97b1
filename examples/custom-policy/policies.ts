// Your own policies, in addition to those of @runpod-stack/policies.
import {
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  validateResourceOfType,
} from "@pulumi/policy";
import { Pod } from "@runpod-stack/provider";

/** The name is what the bill shows for a pod. */
export const podName: ResourceValidationPolicy = {
  name: "pod-name",
  description: "Checks whether a pod's name begins with the team that pays for it.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: { teams: { type: "array", items: { type: "string" }, default: [] } },
  },
  validateResource: validateResourceOfType(Pod, (pod, args, report) => {
    const { teams } = args.getConfig<{ teams: string[] }>();
    // In a preview a value may not be known yet, and reading it throws. `in` does not throw.
    if (!("name" in pod)) {
      report("name must be set.");
    } else if (!teams.some((team) => pod.name?.startsWith(`${team}-`))) {
      report(`name ${pod.name} must begin with ${teams.join("- or ")}-.`);
    }
  }),
};

/** Volumes are billed until they are deleted, whether or not a pod uses them. */
export const volumeInUse: StackValidationPolicy = {
  name: "volume-in-use",
  description: "Checks whether a pod mounts each network volume.",
  validateStack(args, report) {
    const used = args.resources
      .filter(({ type }) => type === Pod.__pulumiType)
      .flatMap(({ propertyDependencies }) => propertyDependencies["networkVolumeId"] ?? []);
    for (const { type, name, urn } of args.resources) {
      if (!type.endsWith(":Volume") || used.some((volume) => volume.urn === urn)) {
        continue;
      }
      report(`Volume ${name} must be mounted by a pod of this stack.`, urn);
    }
  },
};
