import { millisecondsOf } from "./durations";
import { type KnownList, number, text, texts } from "./input-values";
import { isKnown, type Known, UNKNOWN } from "./known";

/** How a serverless endpoint starts, stops and reaches its workers. */
export interface Workers {
  /** QUEUE or LOAD_BALANCER. */
  readonly type: Known<string>;
  readonly workersMin: Known<number>;
  readonly workersMax: Known<number>;
  /** In seconds. */
  readonly idleTimeout: Known<number>;
  /** QUEUE_DELAY or REQUEST_COUNT. */
  readonly scalerType: Known<string>;
  readonly flashboot: Known<string>;
  /** In milliseconds. */
  readonly executionTimeout: Known<number>;
  readonly networkVolumeIds: KnownList;
}

/** Where RunPod mounts a network volume or a global volume in workers. */
export const WORKER_MOUNT = "/runpod-volume";

/** The port to which a load balancer sends requests, unless the variable PORT has another. */
export const LOAD_BALANCER_PORT = "80";

/** Whether requests go to the workers' own server, as far as is known. */
export function isLoadBalancer(spec: { readonly kind: string }): boolean {
  return spec.kind === "ServerlessEndpoint" && (spec as Partial<Workers>).type === "LOAD_BALANCER";
}

/** @param read a function that returns an input by its name */
export function workersOf(read: (name: string) => Known<unknown>): Workers {
  return {
    type: text(read("type")),
    workersMin: number(read("workersMin")),
    workersMax: number(read("workersMax")),
    idleTimeout: number(read("idleTimeout")),
    scalerType: text(read("scalerType")),
    flashboot: text(read("flashboot")),
    executionTimeout: milliseconds(read("executionTimeout")),
    networkVolumeIds: texts(read("networkVolumeIds")),
  };
}

/** One of a worker's volumes; undefined if it has none. */
export function workerVolume(ids: KnownList, globalVolumeId: Known<string>): Known<string> {
  return isKnown(ids) ? (ids[0] ?? globalVolumeId) : (ids ?? globalVolumeId);
}

/** A number counts as milliseconds, as in RunPod's API. */
function milliseconds(value: Known<unknown>): Known<number> {
  if (typeof value !== "string") {
    return number(value);
  }
  return millisecondsOf(value) ?? UNKNOWN;
}
