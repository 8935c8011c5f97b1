import type { CreatePodRequest, UpdatePodRequest } from "@runpod-stack/openapi";
import { ApiError, notFound } from "../core/problem";
import { checkEnv, checkOneMountKind, checkPorts, checkSize } from "../objects/checks";
import { DEFAULT_DISK_GB, readTemplate } from "../objects/templates";
import { applyCommand, type ContainerSettings, IMAGE_COMMAND } from "../state/container-command";
import type { PodMounts } from "../state/pod";
import type { Account, Template } from "../state/store";
import type { World } from "../state/world";

/** The part of a body that describes the container. */
type SettingsBody = Pick<
  UpdatePodRequest,
  "image" | "args" | "entrypoint" | "cmd" | "disk" | "ports" | "env" | "registry"
>;

export type GpuRequest = NonNullable<CreatePodRequest["gpu"]>;

export interface ResolvedPod extends ContainerSettings {
  mounts: PodMounts;
  startSsh: boolean;
  startJupyter: boolean;
  allowedCudaVersions: string[] | null;
  minCudaVersion: string | null;
}

export const NO_SETTINGS: ContainerSettings = {
  image: "",
  command: IMAGE_COMMAND,
  disk: DEFAULT_DISK_GB,
  ports: [],
  env: {},
  registry: null,
};

/** The pod that a request describes, with its template expanded and the rules across fields checked. */
export function resolvePod(world: World, account: Account, request: CreatePodRequest): ResolvedPod {
  const template =
    request.templateId === undefined ? null : podTemplate(world, account, request.templateId);
  const settings = template ? expandTemplate(template, request) : override(NO_SETTINGS, request);
  const gpu = oneCompute(request);
  const mounts = request.mounts ?? (gpu && template ? template.mounts : {});
  checkOneMountKind(mounts);
  if (mounts.persistent && !gpu) {
    throw new ApiError(400, "mounts.persistent is not supported on CPU pods");
  }
  return {
    ...settings,
    mounts,
    startSsh: request.startSsh ?? template?.startSsh ?? false,
    startJupyter: request.startJupyter ?? template?.startJupyter ?? false,
    ...cudaConstraint(gpu, template),
  };
}

/** A template's settings, overridden by the body's. @throws 413 if they are too large together */
export function expandTemplate(template: Template, body: SettingsBody): ContainerSettings {
  const settings = override(template, body);
  checkSize(JSON.stringify(settings));
  return settings;
}

/** Each field in the body replaces the base's; `env` is merged, and the body takes precedence. */
export function override(base: ContainerSettings, body: SettingsBody): ContainerSettings {
  const { image, disk, ports, registry } = body;
  const settings = {
    image: image ?? base.image,
    command: applyCommand(base.command, body),
    disk: disk ?? base.disk,
    ports: ports ?? base.ports,
    env: { ...base.env, ...body.env },
    registry: (registry === undefined ? base.registry : registry) || null,
  };
  checkPorts(settings.ports);
  checkEnv(settings.env);
  return settings;
}

/** @throws 404 for an unknown template, 422 for a serverless one. */
export function podTemplate(world: World, account: Account, id: string): Template {
  const template = readTemplate(world, account, id);
  if (template.serverless) {
    throw new ApiError(
      422,
      `template "${id}" is a serverless template and cannot be used for a pod`,
    );
  }
  return template;
}

export function checkRegistry(account: Account, registry: string | null): void {
  if (registry && !account.registries.find(registry)) {
    throw notFound("registry", registry);
  }
}

function oneCompute({ gpu, cpu }: CreatePodRequest): GpuRequest | null {
  if (Boolean(gpu) === Boolean(cpu)) {
    throw new ApiError(400, "exactly one of gpu or cpu must be set");
  }
  return gpu ?? null;
}

/** Either field of the body replaces the template's constraint; an empty list is no constraint. */
function cudaConstraint(
  gpu: GpuRequest | null,
  template: Template | null,
): Pick<ResolvedPod, "allowedCudaVersions" | "minCudaVersion"> {
  const allowed = gpu?.allowedCudaVersions;
  const min = gpu?.minCudaVersion;
  if (min !== undefined && allowed?.length) {
    throw new ApiError(
      400,
      "gpu.allowedCudaVersions and gpu.minCudaVersion are mutually exclusive",
    );
  }
  const effective =
    allowed === undefined && min === undefined ? template?.allowedCudaVersions : allowed;
  return {
    allowedCudaVersions: gpu && effective?.length ? effective : null,
    minCudaVersion: min ?? null,
  };
}
