import type {
  CreatePodRequest,
  CreateTemplateRequest,
  UpdatePodRequest,
  UpdateTemplateRequest,
} from "@runpod-stack/openapi";
import { ApiError } from "../../core/problem";
import type { NewTemplate } from "../../objects/templates";
import { CPU_TYPES, GPU_TYPES } from "../../stock/catalog";

/** v1's names for a container's settings. */
export interface V1Container {
  name?: string;
  imageName?: string;
  containerDiskInGb?: number | null;
  containerRegistryAuthId?: string;
  dockerEntrypoint?: string[];
  dockerStartCmd?: string[];
  env?: Record<string, string>;
  ports?: string[];
  volumeInGb?: number | null;
  volumeMountPath?: string;
}

export interface V1PodCreate extends V1Container {
  allowedCudaVersions?: string[];
  cloudType?: "SECURE" | "COMMUNITY";
  computeType?: "GPU" | "CPU";
  cpuFlavorIds?: string[];
  dataCenterIds?: string[];
  globalNetworking?: boolean;
  gpuCount?: number;
  gpuTypeIds?: string[];
  gpuTypePriority?: "availability" | "custom";
  interruptible?: boolean;
  locked?: boolean;
  minRAMPerGPU?: number;
  minVCPUPerGPU?: number;
  networkVolumeId?: string;
  templateId?: string;
  vcpuCount?: number;
}

export interface V1PodUpdate extends V1Container {
  globalNetworking?: boolean;
  locked?: boolean;
}

export interface V1TemplateFields extends V1Container {
  category?: "CPU" | "NVIDIA" | "AMD";
  isPublic?: boolean;
  isServerless?: boolean;
}

/** v1's defaults; v2 has none of them. */
const DEFAULTS = {
  name: "my pod",
  containerDiskInGb: 50,
  volumeInGb: 20,
  volumeMountPath: "/workspace",
  ports: ["8888/http", "22/tcp"],
  gpuCount: 1,
  vcpuCount: 2,
  minRAMPerGPU: 8,
  minVCPUPerGPU: 2,
};

/** One v2 request for each GPU type of the body, in its order. */
export function podRequests(body: V1PodCreate): CreatePodRequest[] {
  if (body.interruptible) {
    throw new ApiError(501, "interruptible pods are not emulated");
  }
  const onCpu = body.computeType === "CPU";
  const shared: CreatePodRequest = {
    ...containerOf(body.templateId ? {} : DEFAULTS, body),
    name: body.name ?? DEFAULTS.name,
    ...mountsOf(body, onCpu),
    ...(body.cloudType && { cloud: body.cloudType }),
    ...(body.dataCenterIds && { dataCenterIds: body.dataCenterIds }),
    ...(body.globalNetworking !== undefined && { globalNetworking: body.globalNetworking }),
    ...(body.templateId && { templateId: body.templateId }),
  };
  if (onCpu) {
    const flavors = body.cpuFlavorIds ?? CPU_TYPES.map(({ id }) => id);
    const vcpuCount = body.vcpuCount ?? DEFAULTS.vcpuCount;
    return flavors.map((id) => ({ ...shared, cpu: { id, vcpuCount } }));
  }
  const gpuTypeIds = body.gpuTypeIds ?? GPU_TYPES.map(({ id }) => id);
  const gpu = {
    count: body.gpuCount ?? DEFAULTS.gpuCount,
    minRamPerGpu: body.minRAMPerGPU ?? DEFAULTS.minRAMPerGPU,
    minVcpuCountPerGpu: body.minVCPUPerGPU ?? DEFAULTS.minVCPUPerGPU,
    ...(body.allowedCudaVersions && { allowedCudaVersions: body.allowedCudaVersions }),
  };
  return gpuTypeIds.map((id) => ({ ...shared, gpu: { id, ...gpu } }));
}

/** @param mounts the pod's mounts, some of which v1 can name */
export function podChanges(
  { locked, globalNetworking, ...body }: V1PodUpdate,
  mounts: NonNullable<CreatePodRequest["mounts"]>,
): UpdatePodRequest {
  const path = body.volumeMountPath;
  const network = mounts.network?.map((mount) => ({ ...mount, path: path ?? mount.path }));
  const persistent = mounts.persistent && {
    size: body.volumeInGb ?? mounts.persistent.size,
    path: path ?? mounts.persistent.path,
  };
  const touched = path !== undefined || (body.volumeInGb ?? undefined) !== undefined;
  return {
    ...containerOf({}, body),
    ...(body.name !== undefined && { name: body.name }),
    ...(locked !== undefined && { locked }),
    ...(globalNetworking !== undefined && { globalNetworking }),
    ...(touched && (network ? { mounts: { network } } : persistent && { mounts: { persistent } })),
  };
}

export function templateRequest(
  body: V1TemplateFields & { name: string; imageName: string },
): NewTemplate {
  return {
    ...templateChanges({ ...DEFAULTS, ...body }),
    name: body.name,
    image: body.imageName,
    ...(body.isServerless !== undefined && { serverless: body.isServerless }),
  };
}

export function templateChanges(
  body: V1TemplateFields,
): UpdateTemplateRequest & Partial<CreateTemplateRequest> {
  const { name, isPublic, category, volumeInGb, volumeMountPath } = body;
  return {
    ...containerOf({}, body),
    ...(name !== undefined && { name }),
    ...(isPublic !== undefined && { public: isPublic }),
    ...(category && { category }),
    ...(volumeInGb &&
      volumeMountPath && { mounts: { persistent: { size: volumeInGb, path: volumeMountPath } } }),
  };
}

function containerOf(
  defaults: V1Container,
  body: V1Container,
): Omit<UpdatePodRequest, "name" | "mounts"> {
  const disk = body.containerDiskInGb ?? defaults.containerDiskInGb;
  const ports = body.ports ?? defaults.ports;
  return {
    ...(body.imageName !== undefined && { image: body.imageName }),
    ...(disk !== undefined && disk !== null && { disk }),
    ...(ports && { ports }),
    ...(body.env && { env: body.env }),
    ...(body.dockerEntrypoint && { entrypoint: body.dockerEntrypoint }),
    ...(body.dockerStartCmd && { cmd: body.dockerStartCmd }),
    ...(body.containerRegistryAuthId && { registry: body.containerRegistryAuthId }),
  };
}

/** v1 gives every GPU pod a volume disk, unless it has a network volume, a template or asks for none. */
function mountsOf(body: V1PodCreate, onCpu: boolean): Pick<CreatePodRequest, "mounts"> {
  const path = body.volumeMountPath ?? DEFAULTS.volumeMountPath;
  if (body.networkVolumeId) {
    return { mounts: { network: [{ volumeId: body.networkVolumeId, path }] } };
  }
  const size = body.volumeInGb ?? (body.templateId ? undefined : DEFAULTS.volumeInGb);
  if (size === undefined) {
    return {};
  }
  return { mounts: size > 0 && !onCpu ? { persistent: { size, path } } : {} };
}
