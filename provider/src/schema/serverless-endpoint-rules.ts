import { computeRules } from "./compute-rules";
import type { Previewed } from "./field";
import { envLeavesRoom, listed, type Problem, problem, type Rule } from "./rules";
import type { ServerlessEndpointInputs } from "./serverless-endpoint";
import { hasUnknown, isUnknown } from "./unknown";

type Given = Previewed<ServerlessEndpointInputs>;

/** Rules between a serverless endpoint's fields. */
export const serverlessEndpointRules: readonly Rule<ServerlessEndpointInputs>[] = [
  ...computeRules<ServerlessEndpointInputs>({
    noun: "endpoint",
    article: "an",
    gpuTypes: 'List GPU types that workers may have, such as ["NVIDIA L40S"]',
    vcpus: "",
    gpuOnly: ["gpuCount", "allowedCudaVersions", "minCudaVersion", "globalVolumeId"],
  }),
  templateIsServerless,
  maxIsNotBelowMin,
  loadBalancerCountsRequests,
  idleTimeoutApplies,
  requestsAreWhole,
  oneKindOfVolume,
  oneVolumePerDataCenter,
  volumesAreReachable,
  loadBalancerPortIsExposed,
  envLeavesRoom,
];

function templateIsServerless(inputs: Given): Problem[] {
  if (inputs["__serverlessTemplate"] !== false) {
    return [];
  }
  const message =
    "is a template for pods, and RunPod rejects it for an endpoint. Set isServerless: true on the template";
  return [problem("template", undefined, message)];
}

function maxIsNotBelowMin(inputs: Given): Problem[] {
  const [min, max] = [inputs["workersMin"], inputs["workersMax"]];
  if (typeof min !== "number" || typeof max !== "number" || max >= min) {
    return [];
  }
  const message = `must be at least workersMin, which is ${min}. Set workersMax to ${min} or more`;
  return [problem("workersMax", max, message)];
}

function loadBalancerCountsRequests(inputs: Given): Problem[] {
  if (inputs["type"] !== "LOAD_BALANCER" || inputs["scalerType"] !== "QUEUE_DELAY") {
    return [];
  }
  const message =
    "is not available on a LOAD_BALANCER, which has no queue. Remove it, or set it to REQUEST_COUNT";
  return [problem("scalerType", "QUEUE_DELAY", message)];
}

function idleTimeoutApplies(inputs: Given): Problem[] {
  const isApplied = inputs["type"] !== "QUEUE" || inputs["scalerType"] !== "REQUEST_COUNT";
  if (inputs["idleTimeout"] === undefined || isApplied) {
    return [];
  }
  const message =
    "is not available on a queue that scales by REQUEST_COUNT. Remove it, or set scalerType to QUEUE_DELAY";
  return [problem("idleTimeout", inputs["idleTimeout"], message)];
}

function requestsAreWhole(inputs: Given): Problem[] {
  const value = inputs["scalerValue"];
  const isCount = inputs["scalerType"] === "REQUEST_COUNT";
  if (!isCount || typeof value !== "number" || Number.isInteger(value)) {
    return [];
  }
  const message = "must be a whole number of requests per worker with REQUEST_COUNT. Round it";
  return [problem("scalerValue", value, message)];
}

function oneKindOfVolume(inputs: Given): Problem[] {
  if (
    inputs["globalVolumeId"] === undefined ||
    (!isUnknown(inputs["networkVolumeIds"]) && listed(inputs["networkVolumeIds"]).length === 0)
  ) {
    return [];
  }
  const message =
    "cannot be combined with networkVolumeIds: both are mounted at /runpod-volume. Remove one of them";
  return [problem("globalVolumeId", inputs["globalVolumeId"], message)];
}

/** The data centers of the volumes are known if the program has the volumes themselves. */
function oneVolumePerDataCenter(inputs: Given): Problem[] {
  return placesOf(inputs).flatMap((place, index, all) => {
    if (all.indexOf(place) === index) {
      return [];
    }
    const message = `is the second network volume in ${place}, and RunPod allows one per data center. Remove one of them`;
    return [
      problem(`networkVolumeIds[${index}]`, listed(inputs["networkVolumeIds"])[index], message),
    ];
  });
}

function volumesAreReachable(inputs: Given): Problem[] {
  const accepted = inputs["dataCenterIds"];
  if (hasUnknown(accepted) || listed(accepted).length === 0) {
    return [];
  }
  const ids = listed(accepted).map((id) => String(id).toUpperCase());
  return placesOf(inputs).flatMap((place, index) => {
    if (typeof place !== "string" || ids.includes(place.toUpperCase())) {
      return [];
    }
    const message = `is in ${place}, where dataCenterIds allows no worker. Add ${place} to dataCenterIds, or remove the volume`;
    return [
      problem(`networkVolumeIds[${index}]`, listed(inputs["networkVolumeIds"])[index], message),
    ];
  });
}

/** Each place once: one that is not known equals no other. */
function placesOf(inputs: Given): unknown[] {
  return listed(inputs["__volumePlaces"]).map((place) =>
    typeof place === "string" && !isUnknown(place) ? place : {},
  );
}

/** A worker whose server listens on a port that is not exposed never becomes healthy. */
function loadBalancerPortIsExposed(inputs: Given): Problem[] {
  const [env, ports] = [inputs["env"], inputs["ports"]];
  if (inputs["type"] !== "LOAD_BALANCER" || hasUnknown(env) || hasUnknown(ports)) {
    return [];
  }
  const { PORT, PORT_HEALTH = PORT } = Object(env) as Readonly<Record<string, string>>;
  const missing = [...new Set([PORT, PORT_HEALTH])].filter(
    (port) => port !== undefined && !listed(ports).includes(`${port}/http`),
  );
  return missing.map((port) => {
    const message = `must include "${port}/http", because env makes the server listen on port ${port}. Add it`;
    return problem("ports", ports, message);
  });
}
