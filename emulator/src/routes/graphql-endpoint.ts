import type { CreateEndpointRequest, UpdateEndpointRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { Endpoint } from "../state/endpoint";
import type { Account } from "../state/store";
import { countryOf, DATA_CENTERS } from "../stock/catalog";
import { type Container, containerOf } from "./graphql-requests";

/** What `saveEndpoint` takes. An empty string clears a field. */
export interface EndpointInput {
  id?: string | null;
  name?: string | null;
  type?: string | null;
  templateId?: string | null;
  template?: Container | null;
  hubReleaseId?: string | null;
  gpuIds?: string | null;
  gpuCount?: number | null;
  instanceIds?: readonly string[] | null;
  workersMin?: number | null;
  workersMax?: number | null;
  locations?: string | null;
  networkVolumeId?: string | null;
  networkVolumeIds?: readonly { networkVolumeId: string }[] | null;
  idleTimeout?: number | null;
  scalerType?: string | null;
  scalerValue?: number | null;
  executionTimeoutMs?: number | null;
  allowedCudaVersions?: string | null;
  minCudaVersion?: string | null;
  flashBootType?: Endpoint["flashboot"] | null;
}

/** Names that end so had FlashBoot before `flashBootType`. */
const FLASHBOOT_NAME = /-fb$/;
const DEFAULTS = { scalerType: "QUEUE_DELAY", scalerValue: 4, idleTimeout: 5 };

/** A new endpoint, by https://docs.runpod.io/sdks/graphql/manage-endpoints */
export function newEndpoint(input: EndpointInput): CreateEndpointRequest {
  const filled = { ...DEFAULTS, ...given(input) };
  const type = /^(?:LB|LOAD_BALANCER)$/.test(input.type ?? "") ? "LOAD_BALANCER" : "QUEUE";
  if (!input.name) {
    throw new ApiError(400, "name is required. Give the endpoint a name.");
  }
  if (!input.templateId && !input.template?.imageName) {
    throw new ApiError(400, "templateId is required. Name a serverless template.");
  }
  const changes = endpointChanges(filled, { type, scaling: scalingOf(filled) });
  return {
    ...changes,
    name: input.name,
    type,
    scaling: scalingOf(filled),
  } as CreateEndpointRequest;
}

/** What an endpoint is changed to; what is not given stays. */
export function endpointChanges(
  input: EndpointInput,
  { type, scaling }: Pick<Endpoint, "type" | "scaling">,
): UpdateEndpointRequest {
  if (input.hubReleaseId) {
    throw new ApiError(501, "hubReleaseId is not emulated. Name a template or an image.");
  }
  const { name, templateId, workersMin, workersMax, idleTimeout } = input;
  const scales =
    input.scalerType || input.scalerValue
      ? scalingOf({ ...flat(scaling), ...given(input) })
      : scaling;
  const hasIdleTimeout = type === "LOAD_BALANCER" || scales.type === "QUEUE_DELAY";
  const workers = given({
    min: workersMin,
    max: workersMax,
    idleTimeout: hasIdleTimeout ? idleTimeout : null,
  });
  const flashboot = input.flashBootType ?? (FLASHBOOT_NAME.test(name ?? "") ? "FLASHBOOT" : null);
  return {
    ...(input.template && containerOf(input.template)),
    ...given({ name, flashboot, timeout: input.executionTimeoutMs }),
    ...(templateId && { templateId }),
    ...computeOf(input),
    ...(Object.keys(workers).length > 0 && { workers }),
    ...(scales !== scaling && { scaling: scales }),
    ...placesOf(input),
  } as UpdateEndpointRequest;
}

/** As GraphQL answers. */
export function endpointView(account: Account, endpoint: Endpoint): object {
  const { gpu, cpu, workers, scaling, networkVolumes } = endpoint;
  const volumes = networkVolumes.flatMap((id) => account.networkVolumes.find(id) ?? []);
  const [volume] = volumes.map(({ id, name, size, dataCenter }) => {
    return { id, name, size, dataCenterId: dataCenter };
  });
  return {
    id: endpoint.id,
    aiKey: null,
    name: endpoint.name,
    type: endpoint.type === "QUEUE" ? "QB" : "LB",
    userId: `user_${account.number}`,
    version: endpoint.version,
    createdAt: new Date(endpoint.createdAt).toISOString(),
    templateId: endpoint.template.id,
    env: Object.entries(endpoint.env).map(([key, value]) => ({ key, value })),
    gpuIds: gpu ? [...gpu.pools, ...gpu.excludedTypes.map((type) => `-${type}`)].join(",") : "",
    gpuCount: gpu?.count ?? 0,
    instanceIds: cpu?.map(({ id, vcpuCount }) => `${id}-${vcpuCount}-${vcpuCount * 2}`) ?? [],
    computeType: gpu ? "GPU" : "CPU",
    workersMin: workers.min,
    workersMax: workers.max,
    workersStandby: 0,
    locations: endpoint.dataCenterIds.join(","),
    networkVolumeId: volume?.id ?? "",
    networkVolumeIds: volumes.map(({ id, dataCenter }) => ({
      networkVolumeId: id,
      dataCenterId: dataCenter,
    })),
    networkVolume: volume ?? null,
    idleTimeout: workers.idleTimeout,
    ...flat(scaling),
    executionTimeoutMs: endpoint.timeout,
    allowedCudaVersions: gpu?.allowedCudaVersions.join(",") ?? "",
    minCudaVersion: gpu?.minCudaVersion ?? "",
    flashBootType: endpoint.flashboot,
    modelReferences: [],
    pods: endpoint.fleet.map(({ id, phase }) => {
      return { id, desiredStatus: phase === "throttled" ? "EXITED" : "RUNNING" };
    }),
  };
}

function scalingOf({ scalerType, scalerValue }: EndpointInput): Endpoint["scaling"] {
  const value = scalerValue ?? DEFAULTS.scalerValue;
  if (value < 1) {
    throw new ApiError(400, `scalerValue ${value} must be at least 1. Correct it.`);
  }
  switch (scalerType ?? DEFAULTS.scalerType) {
    case "QUEUE_DELAY":
      return { type: "QUEUE_DELAY", queueDelay: value };
    case "REQUEST_COUNT":
      return { type: "REQUEST_COUNT", requestCount: value };
    default:
      throw new ApiError(
        400,
        `scalerType ${scalerType} must be QUEUE_DELAY or REQUEST_COUNT. Correct it.`,
      );
  }
}

function flat(scaling: Endpoint["scaling"]) {
  return {
    scalerType: scaling.type,
    scalerValue: scaling.type === "QUEUE_DELAY" ? scaling.queueDelay : scaling.requestCount,
  };
}

/** Pools, and GPU types with a `-` that are left out; or CPU instances such as `cpu3c-2-4`. */
function computeOf(input: EndpointInput): Pick<UpdateEndpointRequest, "gpu" | "cpu"> {
  if (input.instanceIds?.length) {
    const cpu = input.instanceIds.map((instance) => {
      const [id = "", vcpus] = instance.split("-");
      return { id, vcpuCount: Number(vcpus) };
    });
    return { cpu } as Pick<UpdateEndpointRequest, "cpu">;
  }
  const ids = listOf(input.gpuIds);
  const gpu = given({
    pools: ids.length > 0 ? ids.filter((id) => !id.startsWith("-")) : null,
    excludedTypes:
      ids.length > 0 ? ids.flatMap((id) => (id.startsWith("-") ? [id.slice(1)] : [])) : null,
    count: input.gpuCount || null,
    allowedCudaVersions: input.allowedCudaVersions ? listOf(input.allowedCudaVersions) : null,
    minCudaVersion: input.minCudaVersion || null,
  });
  return Object.keys(gpu).length > 0 ? { gpu } : {};
}

/** Locations are data centers or countries. */
function placesOf(
  input: EndpointInput,
): Pick<UpdateEndpointRequest, "dataCenterIds" | "networkVolumes"> {
  const { locations, networkVolumeId, networkVolumeIds } = input;
  const several = networkVolumeIds?.map((volume) => volume.networkVolumeId);
  const one = networkVolumeId ? [networkVolumeId] : [];
  const isGiven = several?.length || typeof networkVolumeId === "string";
  return {
    ...(typeof locations === "string" && {
      dataCenterIds: listOf(locations).flatMap((place) => {
        const inCountry = DATA_CENTERS.filter(({ id }) => countryOf(id) === place);
        return inCountry.length > 0 ? inCountry.map(({ id }) => id) : [place];
      }),
    }),
    ...(isGiven && { networkVolumes: several?.length ? several : one }),
  };
}

function listOf(text: string | null | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Without what is absent. */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
