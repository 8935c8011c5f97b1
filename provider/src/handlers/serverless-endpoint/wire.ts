import type { CreateEndpointRequest, Endpoint, UpdateEndpointRequest } from "../../api";
import { formatDuration, parseDuration } from "../../core/duration";
import {
  fromWire,
  type GpuSelection,
  type Inputs,
  type Reported,
  type ServerlessEndpointInputs,
  type Stored,
  serverlessEndpointFields,
  toWire,
} from "../../schema";
import { reportedCommand } from "../lifecycle/command";
import { keptEnv, observedEnv, templateMaySet, tokenEntry } from "../lifecycle/environment";

type Field = keyof ServerlessEndpointInputs;

/*
 * RunPod takes these inputs in groups. A group is always sent whole: a part alone would reset the
 * rest of it, and some of RunPod's own defaults are not what it documents.
 */
const GPU: readonly Field[] = ["gpuTypeIds", "gpuCount", "allowedCudaVersions", "minCudaVersion"];
const CPU: readonly Field[] = ["cpuFlavorIds", "vcpuCount"];
const WORKERS: readonly Field[] = ["workersMin", "workersMax", "idleTimeout"];
const SCALING: readonly Field[] = ["scalerType", "scalerValue"];
const CONTAINER: readonly Field[] = [
  "imageName",
  "dockerEntrypoint",
  "dockerStartCmd",
  "containerDiskInGb",
  "ports",
  "containerRegistryAuthId",
];

/** RunPod's console, and its older APIs, mark an endpoint with FlashBoot by the end of its name. */
const FLASHBOOT_NAME = / -fb$/;

/** The body that creates the endpoint. @param selection undefined for an endpoint without GPUs */
export function createBody(
  inputs: Inputs<ServerlessEndpointInputs>,
  selection: GpuSelection | undefined,
): CreateEndpointRequest {
  const { gpu, ...body } = toWire(serverlessEndpointFields, inputs);
  const { templateId } = inputs;
  return {
    ...body,
    ...(selection === undefined ? cpuBody(inputs) : { gpu: { ...gpu, ...mutable(selection) } }),
    ...timeoutBody(inputs),
    ...globalVolumeBody(inputs),
    ...(templateId !== undefined && { templateId }),
    scaling: scalingBody(inputs),
    env: { ...inputs["env"], ...tokenEntry(inputs) },
  } as CreateEndpointRequest;
}

/**
 * The body that applies changed fields to an endpoint; undefined if there is nothing to send.
 * @param selection undefined for an endpoint without GPUs
 */
export function updateBody(
  inputs: Inputs<ServerlessEndpointInputs>,
  changed: readonly Field[],
  found: Endpoint,
  selection: GpuSelection | undefined,
  old: Stored<ServerlessEndpointInputs> = {},
): UpdateEndpointRequest | undefined {
  const touches = (group: readonly Field[]) => changed.some((field) => group.includes(field));
  const fromTemplate = changed.includes("templateId") && templateMaySet(inputs);
  const container = fromTemplate ? CONTAINER.filter((field) => inputs[field] !== undefined) : [];
  const { gpu, ...body } = toWire(serverlessEndpointFields, inputs, [...changed, ...container]);
  const update: UpdateEndpointRequest = {
    ...body,
    ...(selection !== undefined &&
      touches(GPU) && { gpu: { count: inputs["gpuCount"] ?? 1, ...gpu, ...mutable(selection) } }),
    ...(touches(CPU) && cpuBody(inputs)),
    // Another scaler may make the idle timeout valid or invalid.
    ...(touches([...WORKERS, "scalerType"]) && toWire(serverlessEndpointFields, inputs, WORKERS)),
    ...(touches(SCALING) && { scaling: scalingBody(inputs) }),
    ...(changed.includes("executionTimeout") && timeoutBody(inputs)),
    ...(changed.includes("globalVolumeId") && { globalVolumes: [], ...globalVolumeBody(inputs) }),
    ...(fromTemplate && { templateId: inputs["templateId"] }),
  };
  if (changed.includes("env") || fromTemplate) {
    const kept = fromTemplate ? {} : keptEnv(found.env, inputs, old);
    update.env = { ...kept, ...inputs["env"], ...tokenEntry(inputs) };
  }
  return Object.keys(update).length > 0 ? update : undefined;
}

/**
 * An endpoint's inputs as RunPod reports them: only what it reports explicitly.
 * @param gpuTypeIds the reported GPU types, if they are known
 */
export function observedEndpoint(
  endpoint: Endpoint,
  inputs: Stored<ServerlessEndpointInputs>,
  gpuTypeIds: string[] | undefined,
  old: Stored<ServerlessEndpointInputs> = {},
): Reported<ServerlessEndpointInputs> {
  const { entrypoint, cmd } = reportedCommand(endpoint);
  const { scaling, cpu, env, globalVolumes } = endpoint;
  const vcpus = new Set(cpu?.map(({ vcpuCount }) => vcpuCount));
  const reported = fromWire(serverlessEndpointFields, endpoint, {
    name: observedName(endpoint.name, inputs["name"]),
    gpuTypeIds,
    cpuFlavorIds: cpu?.map(({ id }) => id),
    vcpuCount: vcpus.size === 1 ? [...vcpus][0] : undefined,
    scalerType: scaling?.type,
    scalerValue: scaling?.type === "REQUEST_COUNT" ? scaling.requestCount : scaling?.queueDelay,
    executionTimeout: observedTimeout(endpoint.timeout, inputs["executionTimeout"]),
    globalVolumeId: globalVolumes?.[0],
    dataCenterIds: observedPlaces(endpoint, inputs),
    dockerEntrypoint: entrypoint,
    dockerStartCmd: cmd,
    env: env ? observedEnv(env, inputs, old) : undefined,
  });
  // An empty list is explicit.
  return globalVolumes?.length === 0 ? { ...reported, globalVolumeId: null } : reported;
}

function mutable({ pools, excludedTypes }: GpuSelection) {
  return { pools: [...pools], excludedTypes: [...excludedTypes] };
}

function cpuBody(inputs: Inputs<ServerlessEndpointInputs>): Pick<CreateEndpointRequest, "cpu"> {
  const { cpuFlavorIds = [], vcpuCount = 2 } = inputs;
  return cpuFlavorIds.length === 0 ? {} : { cpu: cpuFlavorIds.map((id) => ({ id, vcpuCount })) };
}

function scalingBody(inputs: Inputs<ServerlessEndpointInputs>): CreateEndpointRequest["scaling"] {
  // `check` gives every endpoint a scaler.
  const value = inputs["scalerValue"] as number;
  return inputs["scalerType"] === "REQUEST_COUNT"
    ? { type: "REQUEST_COUNT", requestCount: value }
    : { type: "QUEUE_DELAY", queueDelay: value };
}

function timeoutBody(inputs: Inputs<ServerlessEndpointInputs>): { timeout?: number } {
  const timeout = parseDuration(inputs["executionTimeout"]);
  return timeout === undefined ? {} : { timeout };
}

function globalVolumeBody({
  globalVolumeId: id,
}: Inputs<ServerlessEndpointInputs>): Pick<CreateEndpointRequest, "globalVolumes"> {
  return id === undefined ? {} : { globalVolumes: [id] };
}

function observedName(found: string, wanted: string | undefined): string {
  return wanted !== undefined && found.replace(FLASHBOOT_NAME, "") === wanted ? wanted : found;
}

/** RunPod reports 0 for an endpoint whose timeout was never set. */
function observedTimeout(found: number | undefined, wanted: unknown): string | undefined {
  if (found === undefined || found <= 0) {
    return undefined;
  }
  return parseDuration(wanted) === found
    ? String(wanted)
    : formatDuration(found).replaceAll(" ", "");
}

/** A network volume may confine an endpoint to fewer data centers than the program accepts. */
function observedPlaces(
  { dataCenterIds: found, networkVolumes }: Endpoint,
  { dataCenterIds: wanted = [] }: Stored<ServerlessEndpointInputs>,
): string[] | undefined {
  const accepted = wanted.map((id) => id.toUpperCase());
  const isConfined =
    (networkVolumes ?? []).length > 0 &&
    (found ?? []).length > 0 &&
    (found ?? []).every((id) => accepted.includes(id.toUpperCase()));
  return isConfined ? [...wanted] : found;
}
