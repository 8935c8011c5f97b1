import { publicIp, publicPort } from "../../pods/addresses";
import { runningSince, statusOf, tcpPorts } from "../../pods/pod-runtime";
import { type Pod, presentCompute } from "../../state/pod";
import type { Account, NetworkVolume, Template } from "../../state/store";
import type { World } from "../../state/world";
import { findGpuType } from "../../stock/catalog";

/** A pod as v1 answers; `desiredStatus` is what was requested, not the actual status. */
export function podView(world: World, account: Account, pod: Pod): Record<string, unknown> {
  const { machine, mounts } = pod;
  const compute = presentCompute(pod);
  const network = mounts.network?.[0];
  const volume = network && account.networkVolumes.find(network.volumeId);
  const since = runningSince(world, account, pod);
  const running = statusOf(world, account, pod) === "RUNNING" && since !== null;
  return {
    id: pod.id,
    name: pod.name,
    desiredStatus: pod.life ? "RUNNING" : "EXITED",
    image: pod.image,
    containerDiskInGb: pod.disk,
    containerRegistryAuthId: pod.registry ?? undefined,
    dockerEntrypoint: pod.command.entrypoint ?? [],
    dockerStartCmd: pod.command.cmd ?? [],
    env: pod.env,
    ports: pod.ports,
    volumeInGb: mounts.persistent?.size ?? 0,
    volumeMountPath: mounts.persistent?.path ?? network?.path,
    volumeEncrypted: false,
    ...(volume && { networkVolume: networkVolumeView(volume) }),
    templateId: pod.templateId ?? undefined,
    costPerHr: pod.life ? pod.price : 0,
    adjustedCostPerHr: pod.life ? pod.price : 0,
    interruptible: false,
    locked: pod.locked,
    consumerUserId: `user_${account.number}`,
    createdAt: new Date(pod.createdAt).toISOString(),
    lastStartedAt: new Date(since ?? pod.createdAt).toISOString(),
    lastStatusChange: pod.life ? "Rented by User" : "Exited by User",
    ...(compute.kind === "gpu" ? { gpu: gpuView(compute) } : { cpuFlavorId: compute.id }),
    vcpuCount: compute.vcpuCount,
    memoryInGb: compute.memory,
    machineId: machine.id,
    machine: machineView(pod),
    publicIp: running ? publicIp(pod) : null,
    portMappings: running
      ? Object.fromEntries(tcpPorts(pod).map((port) => [port, publicPort(pod, port)]))
      : null,
  };
}

export function templateView(template: Template): object {
  const { mounts } = template;
  return {
    id: template.id,
    name: template.name,
    imageName: template.image,
    category: template.category,
    containerDiskInGb: template.disk,
    containerRegistryAuthId: template.registry ?? undefined,
    dockerEntrypoint: template.command.entrypoint ?? [],
    dockerStartCmd: template.command.cmd ?? [],
    env: template.env,
    ports: template.ports,
    volumeInGb: mounts.persistent?.size ?? 0,
    volumeMountPath: mounts.persistent?.path ?? "",
    isPublic: template.public,
    isRunpod: false,
    isServerless: template.serverless,
    readme: "",
    earned: 0,
    runtimeInMin: 0,
  };
}

export function networkVolumeView({ id, name, size, dataCenter }: NetworkVolume): object {
  return { id, name, size, dataCenterId: dataCenter };
}

function gpuView({ id, count }: { id: string; count: number }): object {
  const type = findGpuType(id);
  return {
    id,
    count,
    displayName: type?.displayName,
    securePrice: type?.price.SECURE ?? 0,
    communityPrice: type?.price.COMMUNITY ?? 0,
  };
}

function machineView({ compute, machine, price }: Pod): object {
  const type = compute.kind === "gpu" ? findGpuType(compute.id) : undefined;
  return {
    ...(type && {
      gpuTypeId: type.id,
      gpuDisplayName: type.displayName,
      gpuType: { id: type.id, displayName: type.displayName },
    }),
    cpuCount: compute.vcpuCount,
    dataCenterId: machine.dataCenterId ?? undefined,
    secureCloud: machine.cloud === "SECURE",
    supportPublicIp: true,
    costPerHr: price,
  };
}
