import type * as pulumi from "@pulumi/pulumi";
import type * as apis from "../api";
import { formatDuration } from "../core/duration";
import type { Account, FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { type SecretEnv, secretEnv } from "./environment";
import { byAge, filled, findOne, fits } from "./one";

/** Arguments of `getEndpoint`: an id or a name. */
export interface GetEndpointArgs {
  /** The serverless endpoint's id. */
  endpointId?: string;
  /** The serverless endpoint's name, if only one has it. */
  name?: string;
}

/** Arguments of `getEndpoints`. An endpoint must satisfy all of them. */
export interface GetEndpointsArgs {
  /** Only endpoints with this name, in which * stands for any characters. @default any */
  name?: string;
  /** `QUEUE` or `LOAD_BALANCER`. @default both */
  type?: "QUEUE" | "LOAD_BALANCER";
  /** Only endpoints that mount this network volume. @default any */
  networkVolumeId?: string;
}

/** Result of `getEndpoints`. */
export interface GetEndpointsResult {
  /** The endpoints' ids, newest first. */
  ids: string[];
  /** The endpoints in the same order, without their environment variables: `getEndpoint` reads those. */
  endpoints: EndpointInfo[];
}

/** Result of `getEndpoint`. */
export interface GetEndpointResult extends EndpointInfo {
  /** Environment variables. Each value is secret. */
  env: SecretEnv;
}

/** A serverless endpoint of the account. */
export interface EndpointInfo {
  /** The endpoint's id. */
  endpointId: string;
  /** The endpoint's name. */
  name: string;
  /** `QUEUE` or `LOAD_BALANCER`. */
  type: string;
  /** The container image of the workers; null if RunPod does not report it. */
  imageName: string | null;
  /** The GPU types that workers may have, by RunPod's catalog; empty on a CPU endpoint. */
  gpuTypeIds: string[];
  /** GPUs per worker. */
  gpuCount: number;
  /** The CPU flavors that workers may have; empty on a GPU endpoint. */
  cpuFlavorIds: string[];
  /** Virtual CPUs per worker of a CPU endpoint; null on a GPU endpoint. */
  vcpuCount: number | null;
  /** Workers that are always on. */
  workersMin: number;
  /** The most workers at a time. RunPod lowers it on an endpoint without requests. */
  workersMax: number;
  /** Seconds for which a worker stays on after its last job; null if it does not apply. */
  idleTimeout: number | null;
  /** `QUEUE_DELAY` or `REQUEST_COUNT`. */
  scalerType: string;
  /** The seconds that a job may wait, or the requests per worker. */
  scalerValue: number | null;
  /** `OFF`, `FLASHBOOT` or `PRIORITY_FLASHBOOT`. */
  flashboot: string;
  /** The longest time for one job, such as "10m"; null if RunPod's default applies. */
  executionTimeout: string | null;
  /** Data centers that workers may run in; empty for any. */
  dataCenterIds: string[];
  /** The network volumes. */
  networkVolumeIds: string[];
  /** The global volume; null if there is none. */
  globalVolumeId: string | null;
  /** Container disk of each worker in GB; null if RunPod does not report it. */
  containerDiskInGb: number | null;
  /** Exposed ports, such as "80/http". */
  ports: string[];
  /** Replaces the image's ENTRYPOINT; null if it is not set. */
  dockerEntrypoint: string[] | null;
  /** Replaces the image's CMD; null if it is not set. */
  dockerStartCmd: string[] | null;
  /** The id of the credentials for a private registry; null if there are none. */
  containerRegistryAuthId: string | null;
  /** The URL that takes a job; null on a LOAD_BALANCER. */
  runUrl: string | null;
  /** The URL that takes a job and waits for its result; null on a LOAD_BALANCER. */
  runSyncUrl: string | null;
  /** The URL that reports jobs and workers, or the health of the workers' server on a LOAD_BALANCER. */
  healthUrl: string;
  /** The base URL for OpenAI clients, whose API key is RunPod's. */
  openaiBaseUrl: string;
  /** The URL of the workers' server; null on a QUEUE. */
  loadBalancerUrl: string | null;
  /** When RunPod created the endpoint, in ISO 8601. */
  createdAt: string;
}

/**
 * Reads a serverless endpoint that this program does not manage. Fails if there is none, or more
 * than one with the name.
 *
 * @example
 * const { openaiBaseUrl } = await getEndpoint({ name: "llm" });
 */
export function getEndpoint(
  args: GetEndpointArgs,
  opts: FunctionOptions = {},
): Promise<GetEndpointResult> {
  return call(one, args, opts);
}

/** Like `getEndpoint`, with arguments that may be outputs. */
export function getEndpointOutput(
  args: OutputArgs<GetEndpointArgs>,
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetEndpointResult> {
  return callOutput(one, args, opts);
}

/**
 * Finds serverless endpoints of the account, newest first.
 *
 * @example
 * const { endpoints } = await getEndpoints({ type: "QUEUE" });
 */
export function getEndpoints(
  args: GetEndpointsArgs = {},
  opts: FunctionOptions = {},
): Promise<GetEndpointsResult> {
  return call(many, args, opts);
}

/** Like `getEndpoints`, with arguments that may be outputs. */
export function getEndpointsOutput(
  args: OutputArgs<GetEndpointsArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetEndpointsResult> {
  return callOutput(many, args, opts);
}

const one: Definition<GetEndpointArgs, GetEndpointResult> = {
  name: "getEndpoint",
  arguments: ({ objectId, text }) => ({ endpointId: objectId, name: text }),
  async read(account, { endpointId, name }) {
    const { endpoints } = account.api;
    const kind = { noun: "endpoint", idField: "endpointId", ...endpoints };
    const endpoint = await findOne(account, kind, { id: endpointId, name });
    const gpus = await gpuTypesOf(account, [endpoint]);
    return { ...infoOf(endpoint, gpus, account), env: secretEnv(endpoint.env) };
  },
};

const many: Definition<GetEndpointsArgs, GetEndpointsResult> = {
  name: "getEndpoints",
  arguments: ({ objectId, oneOf, text }) => ({
    name: text,
    type: oneOf(["QUEUE", "LOAD_BALANCER"]),
    networkVolumeId: objectId,
  }),
  async read(account, args) {
    const all = await account.api.endpoints.list();
    const gpus = await gpuTypesOf(account, all);
    const endpoints = all
      .toSorted(byAge)
      .map((endpoint) => infoOf(endpoint, gpus, account))
      .filter((endpoint) => isWanted(endpoint, args));
    return { ids: endpoints.map(({ endpointId }) => endpointId), endpoints };
  },
};

function isWanted(endpoint: EndpointInfo, args: GetEndpointsArgs): boolean {
  const { type = endpoint.type, networkVolumeId } = args;
  return (
    fits(endpoint.name, args.name) &&
    endpoint.type === type &&
    (networkVolumeId === undefined || endpoint.networkVolumeIds.includes(networkVolumeId))
  );
}

/** RunPod reports pools of GPU types, which only its catalog explains. */
async function gpuTypesOf(
  { api }: Account,
  endpoints: readonly apis.Endpoint[],
): Promise<readonly apis.GpuType[]> {
  return endpoints.some(({ gpu }) => gpu) ? api.catalog.gpus() : [];
}

function infoOf(
  endpoint: apis.Endpoint,
  gpus: readonly apis.GpuType[],
  { settings }: Account,
): EndpointInfo {
  const { urlsOf }: typeof apis = require("../api");
  const { gpu, cpu = [], workers, scaling, timeout, type = "QUEUE" } = endpoint;
  const { pools = [], excludedTypes = [] } = gpu ?? {};
  const isAccepted = ({ id, pool }: apis.GpuType) =>
    pool !== null && pools.includes(pool) && !excludedTypes.includes(id);
  return {
    endpointId: endpoint.id,
    name: endpoint.name,
    type,
    imageName: endpoint.image ?? null,
    gpuTypeIds: gpus.filter(isAccepted).map(({ id }) => id),
    gpuCount: gpu ? (gpu.count ?? 1) : 0,
    cpuFlavorIds: cpu.map(({ id }) => id),
    vcpuCount: cpu[0]?.vcpuCount ?? null,
    workersMin: workers?.min ?? 0,
    workersMax: workers?.max ?? 0,
    idleTimeout: workers?.idleTimeout ?? null,
    scalerType: scaling?.type,
    scalerValue:
      (scaling?.type === "REQUEST_COUNT" ? scaling.requestCount : scaling?.queueDelay) ?? null,
    flashboot: endpoint.flashboot,
    // RunPod reports 0 for a timeout that was never set.
    executionTimeout: timeout ? formatDuration(timeout).replaceAll(" ", "") : null,
    dataCenterIds: [...(endpoint.dataCenterIds ?? [])],
    networkVolumeIds: [...(endpoint.networkVolumes ?? [])],
    globalVolumeId: endpoint.globalVolumes?.[0] ?? null,
    containerDiskInGb: endpoint.disk ?? null,
    ports: [...(endpoint.ports ?? [])],
    dockerEntrypoint: filled(endpoint.entrypoint),
    dockerStartCmd: filled(endpoint.cmd),
    containerRegistryAuthId: endpoint.registry ?? null,
    ...urlsOf(endpoint, type, settings),
    createdAt: endpoint.createdAt,
  };
}
