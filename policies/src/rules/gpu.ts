import { safe } from "@runpod-stack/kit";
import { oneSpaced } from "@runpod-stack/models";
import { isKnown, knownItems } from "../known";
import { ofPods, refusal, rule } from "../rule";
import { enumerate } from "../words";

export const gpuFallbacks = rule<{ readonly min: number }>({
  name: "gpu-fallbacks",
  description: "Checks whether other GPU types are named for when the first has no capacity.",
  severity: "low",
  level: "advisory",
  why: "Any single GPU type is out of stock at times, and the deployment then fails. The types are tried in order.",
  source: "RunPod REST API v2, createPod (400 without capacity)",
  remediationSteps: "Name more GPU types in gpuTypeIds, in the order in which to try them.",
  options: {
    min: { type: "number", default: 2, minimum: 1, description: "The least number of GPU types." },
  },
  example: 'gpuTypeIds: ["NVIDIA B200"]',
  check: ofPods((spec, { min }) => {
    if (!isKnown(spec.gpuTypeIds) || spec.gpuTypeIds.length >= min) {
      return [];
    }
    // Whoever sends such a body names the next type in another one.
    if (spec.takesOneGpuType) {
      return [];
    }
    const named = enumerate(knownItems(spec.gpuTypeIds)) || "none known yet";
    return [
      refusal(
        "gpuTypeIds",
        safe`gpuTypeIds must name ${min} types or more (it has ${named}): without another to fall back on, the deployment fails whenever there is no capacity.`,
        safe`Add types that hold the model too, in the order in which to try them; \`runpod-policies size <model>\` lists them.`,
      ),
    ];
  }),
});

export const allowedGpus = rule<{ readonly allowed: readonly string[] }>({
  name: "allowed-gpus",
  description: "Checks whether only GPU types of a configured list are used.",
  severity: "medium",
  level: "mandatory",
  why: "A team's budget or its contracts may limit what is rented.",
  source: "your own configuration",
  remediationSteps: "Use the GPU types that the message lists.",
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "The GPU types by RunPod's ids; any, while the list is empty.",
    },
  },
  example: 'gpuTypeIds: ["NVIDIA B200"] // allowed: ["NVIDIA L40S"]',
  check: ofPods((spec, { allowed }) => {
    if (allowed.length === 0) {
      return [];
    }
    const isAllowed = (id: string) => allowed.some((other) => oneSpaced(other) === oneSpaced(id));
    return knownItems(spec.gpuTypeIds)
      .filter((id) => !isAllowed(id))
      .map((id) =>
        refusal(
          "gpuTypeIds",
          safe`gpuTypeIds ${id} must be one of ${enumerate(allowed, "or")}, as these policies are configured.`,
          safe`Replace ${id} by one of these, or have it added to allowed-gpus.`,
        ),
      );
  }),
});
