import { safe } from "@runpod-stack/kit";
import type { PriceTable } from "@runpod-stack/models";
import { isKnown, UNKNOWN } from "../known";
import { doubt, type Finding, ofEndpoints, rule } from "../rule";
import type { EndpointSpec } from "../spec";
import { dollars } from "../words";
import { workerCost } from "../worker-cost";

/** The shortest time of a job that RunPod accepts, in milliseconds. */
const SHORTEST = 5_000;
const HOUR = 3_600_000;

export const executionTimeout = rule<{ readonly maxHours: number }>({
  name: "execution-timeout",
  description: "Checks whether a job that hangs is ended after a stated time.",
  severity: "medium",
  level: "advisory",
  why: "A job that hangs keeps its worker running and billed. If a request to REST v2 sets no timeout, RunPod has reported 0 for it, although the documented default is five minutes; what 0 means is not documented, and the console's switch for it turns the limit off.",
  source:
    "RunPod docs, serverless/endpoints/endpoint-configurations and send-requests; REST API v2, createEndpoint (timeout in milliseconds)",
  remediationSteps: "Set the timeout to the longest time of a job, and some spare time.",
  options: {
    maxHours: {
      type: "number",
      default: 24,
      minimum: 0,
      description: "The longest time of a job in hours that is not reported. RunPod allows 168.",
    },
  },
  hasDoubts: true,
  example: "// in a request to REST v2: no timeout",
  check: ofEndpoints((spec, { maxHours }, { prices }) => {
    const { type, executionTimeout: milliseconds } = spec;
    // A load balancer has no jobs.
    if (type === "LOAD_BALANCER" || type === UNKNOWN || milliseconds === UNKNOWN) {
      return [];
    }
    if (milliseconds === undefined || milliseconds === 0) {
      return [notSet(milliseconds)];
    }
    if (milliseconds < SHORTEST) {
      return [tooShort(milliseconds)];
    }
    return milliseconds <= maxHours * HOUR ? [] : [tooLong(spec, milliseconds, maxHours, prices)];
  }),
});

function notSet(milliseconds: 0 | undefined): Finding {
  const shown = milliseconds === undefined ? safe`executionTimeout` : safe`executionTimeout 0`;
  return doubt(
    "executionTimeout",
    safe`${shown} should be set to a time: otherwise a job that hangs may keep its worker running, and billed, without a limit.`,
    safe`Set it to the longest time of a job and some spare time: 600000 ms (10m) is the default of RunPod's console.`,
  );
}

function tooShort(milliseconds: number): Finding {
  return doubt(
    "executionTimeout",
    safe`executionTimeout ${milliseconds} ms should be ${SHORTEST} ms or more: the unit of RunPod's API is milliseconds, and its jobs take at least 5 seconds.`,
    safe`Set it to ${milliseconds * 1_000} if you mean ${milliseconds} seconds.`,
  );
}

function tooLong(
  spec: EndpointSpec,
  milliseconds: number,
  maxHours: number,
  prices: PriceTable | undefined,
): Finding {
  const price = workerCost(spec, prices);
  const hours = milliseconds / HOUR;
  const cost = isKnown(price)
    ? safe`, which costs ${dollars(hours * price.perHour)} on ${price.worstGpu}`
    : safe``;
  return doubt(
    "executionTimeout",
    safe`executionTimeout of ${Math.round(hours)} hours should be ${maxHours} hours or less: a job that hangs keeps its worker running, and billed, for that long${cost}.`,
    safe`Lower it to the longest time of a job and some spare time, or raise maxHours in execution-timeout.`,
  );
}
