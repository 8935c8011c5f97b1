import { safe } from "@runpod-stack/kit";
import type { PriceTable } from "@runpod-stack/models";
import { isKnown } from "../known";
import { doubt, type Finding, ofEndpoints, refusalIf, rule } from "../rule";
import type { EndpointSpec } from "../spec";
import { dollars } from "../words";
import { isScaled, workerCost } from "../worker-cost";

export const idleTimeout = rule<{ readonly maxSeconds: number }>({
  name: "idle-timeout",
  description:
    "Checks whether idle workers stop soon, and whether the idle timeout applies to the endpoint's scaler.",
  severity: "medium",
  level: "mandatory",
  why: "A worker is billed for the whole idle timeout after its last job. On a queue that scales by REQUEST_COUNT there is no idle timeout, and RunPod rejects one with status 422.",
  source:
    "RunPod docs, serverless/endpoints/endpoint-configurations; REST API v2, createEndpoint (422: idleTimeout does not apply)",
  remediationSteps: "Lower idleTimeout, or remove it where the scaler is REQUEST_COUNT.",
  options: {
    maxSeconds: {
      type: "number",
      default: 300,
      minimum: 1,
      description: "The longest idle timeout in seconds that is not reported. RunPod allows 3600.",
    },
  },
  hasDoubts: true,
  example: 'type: "QUEUE", scalerType: "REQUEST_COUNT", idleTimeout: 60',
  check: ofEndpoints((spec, { maxSeconds }, { prices }) => {
    const { idleTimeout: seconds, type = "QUEUE", scalerType } = spec;
    if (!isKnown(seconds)) {
      return [];
    }
    if (type === "QUEUE" && scalerType === "REQUEST_COUNT") {
      return [notApplicable(spec, seconds)];
    }
    return seconds <= maxSeconds || !isScaled(spec)
      ? []
      : [tooLong(spec, seconds, maxSeconds, prices)];
  }),
});

function notApplicable({ type }: EndpointSpec, seconds: number): Finding {
  // Without a type, the body is for an API whose answer is not known.
  return refusalIf(
    type !== undefined,
    "idleTimeout",
    safe`idleTimeout ${seconds} must not be set on a queue that scales by REQUEST_COUNT: RunPod rejects it with status 422.`,
    safe`Remove idleTimeout, or set scalerType to QUEUE_DELAY.`,
  );
}

function tooLong(
  spec: EndpointSpec,
  seconds: number,
  maxSeconds: number,
  prices: PriceTable | undefined,
): Finding {
  const price = workerCost(spec, prices);
  const cost = isKnown(price)
    ? safe`, which costs ${dollars((price.perHour * seconds) / 3_600)} on ${price.worstGpu} each time`
    : safe``;
  return doubt(
    "idleTimeout",
    safe`idleTimeout ${seconds} should be ${maxSeconds} or less: each worker is billed that many seconds after its last job${cost}.`,
    safe`Lower idleTimeout to about the time of a cold start, or raise maxSeconds in idle-timeout.`,
  );
}
