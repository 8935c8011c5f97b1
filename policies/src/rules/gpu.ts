import { safe } from "@runpod-stack/kit";
import { oneSpaced } from "@runpod-stack/models";
import { isKnown, knownItems, wholeList } from "../known";
import { ofDeployments, refusal, rule } from "../rule";
import { enumerate } from "../words";

export const gpuFallbacks = rule<{ readonly min: number }>({
  name: "gpu-fallbacks",
  description: "Checks whether there are fallback GPU types in case the first has no capacity.",
  severity: "low",
  level: "advisory",
  why: "Every GPU type is out of stock at times, and a deployment without a fallback then fails. A pod's types are tried in order; a serverless endpoint uses any of its types.",
  source: "RunPod REST API v2, createPod (400 without capacity)",
  remediationSteps: "List more GPU types in gpuTypeIds, in order of preference.",
  options: {
    min: { type: "number", default: 2, minimum: 1, description: "Minimum number of GPU types." },
  },
  example: 'gpuTypeIds: ["NVIDIA B200"]',
  check: ofDeployments((spec, { min }) => {
    if (!isKnown(spec.gpuTypeIds) || spec.gpuTypeIds.length >= min) {
      return [];
    }
    // A pool that is not known may have several types.
    if (spec.kind === "ServerlessEndpoint" && wholeList(spec.gpuTypeIds) === undefined) {
      return [];
    }
    // Such a body takes one type; a fallback needs a second body.
    if (spec.takesOneGpuType) {
      return [];
    }
    const named = enumerate(knownItems(spec.gpuTypeIds)) || "none known yet";
    return [
      refusal(
        "gpuTypeIds",
        safe`gpuTypeIds must list ${min} types or more (it has ${named}): without a fallback, ${spec.kind === "Pod" ? "the deployment fails" : "no worker starts"} whenever there is no capacity.`,
        safe`Add other types that fit the model${spec.kind === "Pod" ? ", in order of preference" : ""}; \`npx -p @runpod-stack/policies runpod-policies size <model>\` lists them.`,
      ),
    ];
  }),
});

export const allowedGpus = rule<{ readonly allowed: readonly string[] }>({
  name: "allowed-gpus",
  description: "Checks whether all GPU types are in a configured list.",
  severity: "medium",
  level: "mandatory",
  why: "A team's budget or contracts may limit which GPUs it can rent.",
  source: "your own configuration",
  remediationSteps: "Use the GPU types in the message.",
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Allowed GPU types, as RunPod ids. An empty list allows all.",
    },
  },
  example: 'gpuTypeIds: ["NVIDIA B200"] // allowed: ["NVIDIA L40S"]',
  check: ofDeployments((spec, { allowed }) => {
    if (allowed.length === 0) {
      return [];
    }
    const isAllowed = (id: string) => allowed.some((other) => oneSpaced(other) === oneSpaced(id));
    return knownItems(spec.gpuTypeIds)
      .filter((id) => !isAllowed(id))
      .map((id) =>
        refusal(
          "gpuTypeIds",
          safe`gpuTypeIds ${id} must be ${enumerate(allowed, "or")}: allowed-gpus allows no other type.`,
          safe`Use one of these types, or add ${id} to allowed-gpus.`,
        ),
      );
  }),
});
