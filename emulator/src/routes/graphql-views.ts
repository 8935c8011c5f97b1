import { balanceOf } from "../money/balance";
import { round } from "../money/ledger";
import { registries } from "../objects/registries";
import { sshUser } from "../pods/addresses";
import { type Telemetry, telemetryOf } from "../pods/view";
import { type Pod, presentCompute } from "../state/pod";
import type { Account, NetworkVolume, Template } from "../state/store";
import type { World } from "../state/world";
import { availabilityOf } from "../stock/availability";
import { levelOf } from "../stock/capacity";
import { countryOf, type DataCenter, findGpuType, GPU_TYPES, type GpuType } from "../stock/catalog";
import { endpointView } from "./graphql-endpoint";

const STOCK_WORDS: Record<string, string | null> = {
  HIGH: "High",
  MEDIUM: "Medium",
  LOW: "Low",
  NONE: null,
};

export function userView(world: World, account: Account): object {
  return {
    id: `user_${account.number}`,
    email: `account-${account.number}@localhost`,
    pubKey: account.sshKeys.join("\n"),
    clientBalance: round(balanceOf(account, world.clock.now())),
    currentSpendPerHr: round(account.meter.perHr),
    spendLimit: world.options.spendLimit,
    notifyPodsStale: true,
    notifyPodsGeneral: true,
    notifyLowBalance: true,
    pods: () => account.pods.list().map((pod) => podView(world, account, pod)),
    podTemplates: () => account.templates.list().map(templateView),
    networkVolumes: () => account.networkVolumes.list().map(networkVolumeView),
    endpoints: () => account.endpoints.list().map((endpoint) => endpointView(account, endpoint)),
    containerRegistryCreds: () => account.registries.list().map(registries.view),
  };
}

export function podView(world: World, account: Account, pod: Pod): object {
  const { mounts } = pod;
  const compute = presentCompute(pod);
  const telemetry = () => telemetryOf(world, account, pod);
  return {
    id: pod.id,
    name: pod.name,
    imageName: pod.image,
    templateId: pod.templateId,
    desiredStatus: pod.life ? "RUNNING" : "EXITED",
    lastStatusChange: pod.life ? "Rented by User" : "Exited by User",
    podType: "RESERVED",
    costPerHr: pod.life ? pod.price : 0,
    gpuCount: compute.kind === "gpu" ? compute.count : 0,
    vcpuCount: compute.vcpuCount,
    memoryInGb: compute.memory,
    containerDiskInGb: pod.disk,
    volumeInGb: mounts.persistent?.size ?? 0,
    volumeMountPath: mounts.persistent?.path ?? mounts.network?.[0]?.path ?? null,
    dockerArgs: pod.command.args,
    env: Object.entries(pod.env).map(([name, value]) => `${name}=${value}`),
    ports: pod.ports.join(","),
    uptimeSeconds: () => telemetry()?.uptime ?? 0,
    machineId: pod.machine.id,
    machine: machineView(pod),
    runtime: () => {
      const load = telemetry();
      return load && runtimeView(pod, load);
    },
  };
}

export function templateView(template: Template): object {
  const { persistent } = template.mounts;
  return {
    id: template.id,
    name: template.name,
    imageName: template.image,
    dockerArgs: template.command.args,
    containerDiskInGb: template.disk,
    volumeInGb: persistent?.size ?? 0,
    volumeMountPath: persistent?.path ?? null,
    ports: template.ports.join(","),
    env: Object.entries(template.env).map(([key, value]) => ({ key, value })),
    isServerless: template.serverless,
    isPublic: template.public,
    isRunpod: false,
    category: template.category,
    containerRegistryAuthId: template.registry,
    advancedStart: false,
    startJupyter: template.startJupyter,
    startScript: "",
    startSsh: template.startSsh,
    readme: "",
  };
}

interface LowestPriceInput {
  gpuCount?: number;
  secureCloud?: boolean;
  allowedCudaVersions?: readonly string[];
}

export function gpuTypeView(world: World, type: GpuType): object {
  return {
    id: type.id,
    displayName: type.displayName,
    manufacturer: type.manufacturer,
    memoryInGb: type.memoryGb,
    maxGpuCount: Math.max(type.maxCount.SECURE, type.maxCount.COMMUNITY),
    secureCloud: type.price.SECURE !== null,
    communityCloud: type.price.COMMUNITY !== null,
    securePrice: type.price.SECURE,
    communityPrice: type.price.COMMUNITY,
    lowestPrice: ({ input }: { input?: LowestPriceInput }) => {
      const cloud = input?.secureCloud === false ? "COMMUNITY" : "SECURE";
      const { availability, cudaVersions = [] } = availabilityOf(world.capacity, type, {
        cloud,
        count: input?.gpuCount ?? 1,
        dataCenterIds: null,
        allowedCudaVersions: input?.allowedCudaVersions ?? null,
        minCudaVersion: null,
        minRamPerGpu: 0,
        minVcpuPerGpu: 0,
        countryCodes: null,
      });
      return {
        gpuName: type.displayName,
        gpuTypeId: type.id,
        uninterruptablePrice: type.price[cloud],
        minMemory: type.ramGbPerGpu,
        minVcpu: type.vcpuPerGpu,
        stockStatus: STOCK_WORDS[availability],
        gpuTypeCudaVersions: cudaVersions.map(({ version, available }) => ({
          cudaVersion: version,
          availability: available ? "AVAILABLE" : "UNAVAILABLE",
        })),
      };
    },
  };
}

export function dataCenterView(world: World, { id, name }: DataCenter): object {
  return {
    id,
    name,
    location: countryOf(id),
    gpuAvailability: () => GPU_TYPES.flatMap((type) => stockOf(world, type, id) ?? []),
  };
}

function stockOf(world: World, type: GpuType, dataCenterId: string): object | null {
  const pools = world.capacity
    .poolsOf(type.id, "SECURE")
    .filter((pool) => pool.dataCenterId === dataCenterId);
  const free = pools.reduce((sum, pool) => sum + pool.free, 0);
  if (pools.length === 0) {
    return null;
  }
  return {
    id: `${dataCenterId}-${type.id}`,
    gpuTypeId: type.id,
    displayName: type.displayName,
    available: free > 0,
    stockStatus: STOCK_WORDS[levelOf(free)],
  };
}

export function networkVolumeView({ id, name, size, dataCenter }: NetworkVolume): object {
  return { id, name, size, dataCenterId: dataCenter };
}

function machineView(pod: Pod): object {
  const { compute, machine } = pod;
  const type = compute.kind === "gpu" ? findGpuType(compute.id) : undefined;
  return {
    podHostId: sshUser(pod),
    gpuDisplayName: type?.displayName ?? null,
    gpuTypeId: type?.id ?? null,
    dataCenterId: machine.dataCenterId,
    location: machine.dataCenterId && countryOf(machine.dataCenterId),
    secureCloud: machine.cloud === "SECURE",
  };
}

function runtimeView(pod: Pod, { uptime, gpus, cpuUtil, memoryUtil, ports }: Telemetry): object {
  return {
    uptimeInSeconds: uptime,
    ports: ports.map(({ ip, private: privatePort, public: publicPort, type }) => ({
      ip,
      isIpPublic: ip !== null,
      privatePort,
      publicPort,
      type,
    })),
    gpus: gpus.map(({ util, memoryUtil: memory }, index) => ({
      id: `GPU-${pod.machine.id}-${index}`,
      gpuUtilPercent: util,
      memoryUtilPercent: memory,
    })),
    container: { cpuPercent: cpuUtil, memoryPercent: memoryUtil },
  };
}
