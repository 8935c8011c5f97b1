import { safe } from "@runpod-stack/kit";
import { ofEndpoints, refusal, rule } from "../rule";
import { isScaled } from "../worker-cost";

export const flashboot = rule({
  name: "flashboot",
  description: "Checks whether FlashBoot is on, so that workers start faster.",
  severity: "low",
  level: "advisory",
  why: "FlashBoot keeps stopped workers ready to start again, at no additional cost. RunPod's console turns it on; its REST API leaves it off unless the request sets it.",
  source:
    "RunPod docs, serverless/endpoints/endpoint-configurations; REST API v2, createEndpoint (the default of flashboot is OFF)",
  remediationSteps: 'Set flashboot to "FLASHBOOT".',
  options: {},
  example: 'flashboot: "OFF"',
  check: ofEndpoints((spec) => {
    const { flashboot: given = "OFF", gpuTypeIds } = spec;
    if (given !== "OFF" || gpuTypeIds === undefined || !isScaled(spec)) {
      return [];
    }
    const shown = spec.flashboot === undefined ? safe`flashboot` : safe`flashboot OFF`;
    const cause =
      spec.flashboot === undefined ? safe`without it, FlashBoot is off, and` : safe`then`;
    return [
      refusal(
        "flashboot",
        safe`${shown} must be FLASHBOOT: ${cause} each worker that starts again loads everything from the beginning while a request waits. FlashBoot has no additional cost.`,
        safe`Set flashboot to "FLASHBOOT".`,
      ),
    ];
  }),
});
