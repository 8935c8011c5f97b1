import { safe } from "@runpod-stack/kit";
import { isKnown, UNKNOWN } from "../known";
import { doubt, type Finding, ofEndpoints, rule } from "../rule";

/** RunPod's limits of a job's time, in milliseconds. */
const SHORTEST = 5_000;
const LONGEST = 7 * 24 * 3_600_000;

export const executionTimeout = rule({
  name: "execution-timeout",
  description: "Checks whether a job that hangs is ended after a stated time.",
  severity: "medium",
  level: "advisory",
  why: "A job that hangs keeps its worker running and billed. If a request to REST v2 sets no timeout, RunPod has reported 0 for it, although the documented default is five minutes; what 0 means is not documented, and the console's switch for it turns the limit off.",
  source:
    "RunPod docs, serverless/endpoints/endpoint-configurations and send-requests; REST API v2, createEndpoint (timeout in milliseconds)",
  remediationSteps: "Set the timeout to the longest time of a job, and some spare time.",
  options: {},
  hasDoubts: true,
  example: "// in a request to REST v2: no timeout",
  check: ofEndpoints(({ type, executionTimeout: milliseconds }) => {
    // A load balancer has no jobs.
    if (type === "LOAD_BALANCER" || type === UNKNOWN || milliseconds === UNKNOWN) {
      return [];
    }
    return isKnown(milliseconds) && milliseconds !== 0
      ? outside(milliseconds)
      : [notSet(milliseconds)];
  }),
});

function notSet(milliseconds: number | undefined): Finding {
  const shown = milliseconds === undefined ? safe`executionTimeout` : safe`executionTimeout 0`;
  return doubt(
    "executionTimeout",
    safe`${shown} should be set to a time: otherwise a job that hangs may keep its worker running, and billed, without a limit.`,
    safe`Set it to the longest time of a job and some spare time: 600000 ms (10m) is the default of RunPod's console.`,
  );
}

function outside(milliseconds: number): Finding[] {
  if (milliseconds < SHORTEST) {
    return [
      doubt(
        "executionTimeout",
        safe`executionTimeout ${milliseconds} ms should be ${SHORTEST} ms or more: the unit of RunPod's API is milliseconds, and its jobs take at least 5 seconds.`,
        safe`Set it to ${milliseconds * 1_000} if you mean ${milliseconds} seconds.`,
      ),
    ];
  }
  return milliseconds <= LONGEST
    ? []
    : [
        doubt(
          "executionTimeout",
          safe`executionTimeout ${milliseconds} ms should be ${LONGEST} ms or less: RunPod ends each job after 7 days.`,
          safe`Lower it.`,
        ),
      ];
}
