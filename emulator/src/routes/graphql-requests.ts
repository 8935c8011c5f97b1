import type { CreatePodRequest } from "@runpod-stack/openapi";
import { ApiError } from "../core/problem";
import type { NewTemplate } from "../objects/templates";
import { countryOf, DATA_CENTERS } from "../stock/catalog";

interface Variable {
  key?: string | null;
  value?: string | null;
}

export interface Container {
  name?: string | null;
  imageName?: string | null;
  containerDiskInGb?: number | null;
  containerRegistryAuthId?: string | null;
  dockerArgs?: string | null;
  env?: readonly Variable[] | null;
  ports?: string | null;
  startJupyter?: boolean | null;
  startSsh?: boolean | null;
  volumeInGb?: number | null;
  volumeMountPath?: string | null;
}

/** What `podFindAndDeployOnDemand` and `deployCpuPod` take. */
export interface DeployInput extends Container {
  allowedCudaVersions?: readonly string[] | null;
  cloudType?: "ALL" | "SECURE" | "COMMUNITY" | null;
  countryCode?: string | null;
  dataCenterId?: string | null;
  globalNetwork?: boolean | null;
  gpuCount?: number | null;
  gpuTypeId?: string | null;
  gpuTypeIdList?: readonly string[] | null;
  instanceId?: string | null;
  minCudaVersion?: string | null;
  minMemoryInGb?: number | null;
  minVcpuCount?: number | null;
  networkVolumeId?: string | null;
  stopAfter?: string | null;
  templateId?: string | null;
  terminateAfter?: string | null;
}

export interface SaveTemplateInput extends Container {
  id?: string | null;
  name: string;
  imageName: string;
  isPublic?: boolean | null;
  isServerless?: boolean | null;
}

const DEFAULT_NAME = "my pod";
const DEFAULT_PATH = "/workspace";
const DEFAULT_INSTANCE = "cpu3c-2-4";
/** RunPod's own template, which the Python SDK names for each CPU pod without another. */
const OWN_TEMPLATE = "runpod-ubuntu";

/** One v2 request for each GPU type and cloud that the input accepts, in its order. */
export function gpuPodRequests(input: DeployInput): CreatePodRequest[] {
  const ids = input.gpuTypeIdList?.length ? input.gpuTypeIdList : [input.gpuTypeId ?? ""];
  const wanted = input.gpuCount ?? 1;
  // As in v2, nothing matches a request for no GPU.
  const count = wanted > 0 ? wanted : Number.POSITIVE_INFINITY;
  const perGpu = (least: number | null | undefined) => Math.ceil((least ?? 0) / count);
  const gpu = {
    count,
    minRamPerGpu: perGpu(input.minMemoryInGb),
    minVcpuCountPerGpu: perGpu(input.minVcpuCount),
    ...(input.minCudaVersion && { minCudaVersion: input.minCudaVersion }),
    ...(input.allowedCudaVersions?.length && {
      allowedCudaVersions: [...input.allowedCudaVersions],
    }),
  };
  const shared = { ...podBody(input), ...mountsOf(input) };
  return ids.flatMap((id) =>
    cloudsOf(input).map((cloud) => ({ ...shared, cloud, gpu: { id, ...gpu } })),
  );
}

/** The instance is the flavor, the vCPUs and the memory, as `cpu3c-2-4`. */
export function cpuPodRequests(input: DeployInput): CreatePodRequest[] {
  const [id = "", vcpus] = (input.instanceId || DEFAULT_INSTANCE).split("-");
  const templateId = input.templateId === OWN_TEMPLATE ? null : (input.templateId ?? null);
  const mounts = mountsOf({ ...input, volumeInGb: 0, templateId: null });
  const shared = podBody({ ...input, templateId });
  return [{ ...shared, ...mounts, cpu: { id, vcpuCount: Number(vcpus) } }];
}

export function templateRequest(input: SaveTemplateInput): NewTemplate {
  return {
    ...containerOf(input),
    mounts: mountsOf(input).mounts ?? {},
    name: input.name,
    image: input.imageName,
    args: input.dockerArgs ?? "",
    serverless: input.isServerless ?? false,
    public: input.isPublic ?? false,
  };
}

function podBody(input: DeployInput): CreatePodRequest {
  const timer = (["stopAfter", "terminateAfter"] as const).find((name) => input[name]);
  if (timer) {
    throw new ApiError(501, `${timer} is not emulated. Leave it out.`);
  }
  const dataCenterIds = placesOf(input);
  return {
    ...containerOf(input),
    name: input.name || DEFAULT_NAME,
    ...(input.templateId && { templateId: input.templateId }),
    ...(dataCenterIds && { dataCenterIds }),
    ...(input.globalNetwork && { globalNetworking: true }),
  };
}

/** The clients send an empty string for what is not set. */
export function containerOf(input: Container) {
  for (const name of ["containerDiskInGb", "volumeInGb"] as const) {
    if ((input[name] ?? 0) < 0) {
      throw new ApiError(400, `${name} ${input[name]} must be at least 0. Correct it.`);
    }
  }
  const ports = input.ports?.split(",").map((port) => port.trim());
  const env = Object.fromEntries(
    (input.env ?? []).map(({ key, value }) => [key ?? "", value ?? ""]),
  );
  return {
    ...(input.imageName && { image: input.imageName }),
    ...(input.containerDiskInGb && { disk: input.containerDiskInGb }),
    ...(input.containerRegistryAuthId && { registry: input.containerRegistryAuthId }),
    ...(input.dockerArgs && { args: input.dockerArgs }),
    ...(input.ports && ports && { ports }),
    ...(input.env && { env }),
    ...(input.startSsh && { startSsh: true }),
    ...(input.startJupyter && { startJupyter: true }),
  };
}

/** A volume disk without a path is passed on as it is: its container is never created. */
function mountsOf(
  input: Container & Pick<DeployInput, "networkVolumeId" | "templateId">,
): Pick<CreatePodRequest, "mounts"> {
  const { networkVolumeId: volumeId, volumeInGb: size, volumeMountPath: path } = input;
  if (volumeId) {
    return { mounts: { network: [{ volumeId, path: path || DEFAULT_PATH }] } };
  }
  if (size) {
    return { mounts: { persistent: { size, path: path ?? "" } } };
  }
  return input.templateId ? {} : { mounts: {} };
}

function cloudsOf({ cloudType }: DeployInput): ("SECURE" | "COMMUNITY")[] {
  return cloudType === "SECURE" || cloudType === "COMMUNITY"
    ? [cloudType]
    : ["SECURE", "COMMUNITY"];
}

function placesOf({ dataCenterId, countryCode }: DeployInput): string[] | null {
  if (dataCenterId) {
    return [dataCenterId];
  }
  return countryCode
    ? DATA_CENTERS.map(({ id }) => id).filter((id) => countryOf(id) === countryCode)
    : null;
}
