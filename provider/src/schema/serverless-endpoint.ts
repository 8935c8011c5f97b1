import type { CreateEndpointRequest, Endpoint, UpdateEndpointRequest } from "@runpod-stack/openapi";
import { z } from "zod";
import type { AnyDataCenterId, AnyDuration, AnyGpuTypeId } from "./completed";
import { type ContainerInputs, containerFields } from "./container";
import type { FieldTable } from "./field";
import { type LabelInputs, labelFields } from "./labels";
import {
  cudaVersion,
  duration,
  flag,
  gpuTypeId,
  listOf,
  objectId,
  oneOf,
  text,
  vcpus,
  whole,
} from "./values";

/** Inputs of a serverless endpoint. Names follow REST v1; sizes are in GB. */
export interface ServerlessEndpointInputs extends ContainerInputs, LabelInputs {
  /** The endpoint's name. @default the resource's name and a unique suffix */
  name?: string;
  /** `QUEUE`: workers take jobs from a queue. `LOAD_BALANCER`: requests go to the workers' own HTTP server. @default QUEUE */
  type?: "QUEUE" | "LOAD_BALANCER";
  /** The container image of the workers. Required unless a template sets it. */
  imageName?: string;
  /** GPU types that workers may have, by their ids in RunPod's catalog. RunPod uses any of them, whatever their order. */
  gpuTypeIds?: AnyGpuTypeId[];
  /** GPUs per worker. @default 1 on a GPU endpoint */
  gpuCount?: number;
  /** CPU flavors that workers may have, for an endpoint without GPUs. Adding one replaces the endpoint. */
  cpuFlavorIds?: string[];
  /** Virtual CPUs per worker of a CPU endpoint: a power of two. @default 2 on a CPU endpoint */
  vcpuCount?: number;
  /** Host CUDA versions to accept, matched exactly. Cannot be combined with `minCudaVersion`. @default any, or the template's */
  allowedCudaVersions?: string[];
  /** The lowest host CUDA version to accept, compared by number: 12.11 is above 12.2. @default any, or the template's */
  minCudaVersion?: string;
  /** Workers that are always on, and billed. @default 0 */
  workersMin?: number;
  /** The most workers at a time. 0 parks the endpoint: jobs stay in the queue. @default 3, or `workersMin` if that is more */
  workersMax?: number;
  /** Seconds for which a worker stays on, and is billed, after its last job: 1 to 3600. Not available on a queue that scales by REQUEST_COUNT. @default 5 */
  idleTimeout?: number;
  /** `QUEUE_DELAY`: adds workers when jobs wait too long. `REQUEST_COUNT`: has one worker per `scalerValue` requests. @default QUEUE_DELAY; REQUEST_COUNT on a LOAD_BALANCER, which has no other */
  scalerType?: "QUEUE_DELAY" | "REQUEST_COUNT";
  /** The seconds that a job may wait (0.5 or more), or the requests per worker (1 or more). @default 4 */
  scalerValue?: number;
  /** `OFF`, `FLASHBOOT` or `PRIORITY_FLASHBOOT`: whether RunPod keeps stopped workers ready, for faster starts. @default FLASHBOOT */
  flashboot?: "OFF" | "FLASHBOOT" | "PRIORITY_FLASHBOOT";
  /** The longest time for one job, from "5s" to "168h". @default 10m */
  executionTimeout?: AnyDuration;
  /** Data centers that workers may run in. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** The ids of network volumes, at most one per data center. A worker has the one of its data center at /runpod-volume. RunPod copies nothing between them. */
  networkVolumeIds?: string[];
  /** The id of a global volume, mounted at /runpod-volume. GPU endpoints only, and not with `networkVolumeIds`. */
  globalVolumeId?: string;
  /** Container disk of each worker in GB. @default 50, or the template's */
  containerDiskInGb?: number;
  /** The id of a template to start from. Its settings apply where the endpoint has none. */
  templateId?: string;
  /** Whether RunPod's own lowering of `workersMax` counts as a change to undo: it lowers the limit of an endpoint without requests to 2 after 3 days and to 0 after 7. @default false */
  restoreWorkers?: boolean;
  /** How long a deletion waits for running jobs, such as "5m". Queued jobs are canceled. "0s" waits for none. @default 5m */
  drainTimeout?: AnyDuration;
}

/** Outputs of a serverless endpoint. */
export interface ServerlessEndpointOutputs {
  /** Counts the releases that this program made. Every change to what the workers run increases it. */
  revision: number;
  /** The URL that takes a job; null on a LOAD_BALANCER. */
  runUrl: string | null;
  /** The URL that takes a job and waits for its result; null on a LOAD_BALANCER. */
  runSyncUrl: string | null;
  /** The URL that reports jobs and workers, or the health of the workers' server on a LOAD_BALANCER. */
  healthUrl: string;
  /** The base URL for OpenAI clients, whose API key is RunPod's. It answers if the workers speak OpenAI's API, as RunPod's vLLM worker does. */
  openaiBaseUrl: string;
  /** The URL of the workers' server; null on a QUEUE. */
  loadBalancerUrl: string | null;
  /** What `workersMin` workers cost in USD per hour, on the cheapest of the GPU types; null if the price is not known. */
  costPerHrMin: number | null;
  /** What `workersMax` workers cost in USD per hour, on the most expensive of the GPU types; null if the price is not known. */
  costPerHrMax: number | null;
  /** When RunPod created the endpoint, in ISO 8601. */
  createdAt: string;
}

/** All stored properties of a serverless endpoint. */
export interface ServerlessEndpointProperties
  extends ServerlessEndpointInputs,
    Partial<ServerlessEndpointOutputs> {}

const { volumeInGb: _, volumeMountPath: __, ...container } = containerFields("release", null);

/** RunPod's request and response bodies for serverless endpoints. */
interface EndpointWire {
  readonly request: CreateEndpointRequest & UpdateEndpointRequest;
  readonly answer: Endpoint;
}

export const serverlessEndpointFields: FieldTable<ServerlessEndpointInputs, EndpointWire> = {
  ...container,
  imageName: { ...container.imageName, removal: "keep" },
  name: { value: text, change: "update", removal: "change", wire: "name", observed: true },
  type: {
    value: oneOf(["QUEUE", "LOAD_BALANCER"]),
    change: "replace",
    removal: "keep",
    wire: "type",
    observed: true,
  },
  gpuTypeIds: {
    value: listOf(gpuTypeId, "GPU types", 1),
    change: "release",
    removal: "replace",
    at: ["gpu.pools", "gpu.excludedTypes"],
    observed: true,
    unordered: true,
  },
  gpuCount: {
    value: whole("GPUs", 1),
    change: "release",
    removal: "keep",
    wire: "gpu.count",
    observed: true,
  },
  cpuFlavorIds: {
    value: listOf(text, "CPU flavors", 1),
    change: "release",
    removal: "replace",
    at: ["cpu.0.id"],
    observed: true,
    unordered: true,
  },
  vcpuCount: {
    value: vcpus,
    change: "release",
    removal: "keep",
    at: ["cpu.0.vcpuCount"],
    observed: true,
  },
  allowedCudaVersions: {
    value: listOf(cudaVersion, "CUDA versions"),
    change: "release",
    removal: "clear",
    cleared: [],
    wire: "gpu.allowedCudaVersions",
    observed: true,
    unordered: true,
  },
  minCudaVersion: {
    value: cudaVersion,
    change: "release",
    removal: "clear",
    cleared: "",
    wire: "gpu.minCudaVersion",
    observed: true,
  },
  workersMin: {
    value: whole("workers", 0),
    change: "update",
    removal: "change",
    wire: "workers.min",
    observed: true,
  },
  workersMax: {
    value: whole("workers", 0),
    change: "update",
    removal: "change",
    wire: "workers.max",
    observed: true,
  },
  idleTimeout: {
    value: whole("seconds", 1, 3600),
    change: "update",
    removal: "keep",
    wire: "workers.idleTimeout",
    observed: true,
  },
  scalerType: {
    value: oneOf(["QUEUE_DELAY", "REQUEST_COUNT"]),
    change: "update",
    removal: "change",
    at: ["scaling.type"],
    observed: true,
  },
  scalerValue: {
    value: z
      .number({ error: "must be a number, 0.5 or more" })
      .min(0.5, "must be a number, 0.5 or more"),
    change: "update",
    removal: "change",
    observed: true,
  },
  flashboot: {
    value: oneOf(
      ["OFF", "FLASHBOOT", "PRIORITY_FLASHBOOT"],
      "REST v1's true is FLASHBOOT, its false is OFF",
    ),
    default: "FLASHBOOT",
    change: "update",
    removal: "change",
    wire: "flashboot",
    observed: true,
  },
  executionTimeout: {
    value: duration,
    default: "10m",
    change: "update",
    removal: "change",
    at: ["timeout"],
    observed: true,
  },
  dataCenterIds: {
    value: listOf(text, "data centers"),
    change: "update",
    removal: "clear",
    cleared: [],
    wire: "dataCenterIds",
    observed: true,
    unordered: true,
    anyCase: true,
  },
  networkVolumeIds: {
    value: listOf(objectId, "ids of network volumes"),
    change: "release",
    removal: "clear",
    cleared: [],
    wire: "networkVolumes",
    observed: true,
    unordered: true,
  },
  globalVolumeId: {
    value: objectId,
    change: "release",
    removal: "clear",
    cleared: null,
    at: ["globalVolumes"],
    observed: true,
  },
  templateId: { value: objectId, change: "release", removal: "keep" },
  restoreWorkers: { value: flag, unset: false, change: "local", removal: "change" },
  drainTimeout: { value: duration, default: "5m", change: "local", removal: "change" },
  ...labelFields,
};
