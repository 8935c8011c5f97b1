import type { Pod } from "../../api";
import { proxyUrl } from "../../core/settings";
import { type PodProperties, podFields, type Stored } from "../../schema";
import type { Context } from "../lifecycle/context";
import { liveRecord, storedLive } from "../lifecycle/record";
import { storedCopy } from "../lifecycle/reported";
import { bornAt, lifetimeFrom } from "./lifetime";
import { observedPod } from "./wire";

/** The stored properties of a pod: a copy of its inputs, and what RunPod reports. */
export function podOutputs(
  context: Context,
  pod: Pod,
  inputs: Stored<PodProperties>,
  old: Stored<PodProperties> = {},
): Stored<PodProperties> {
  const birth = bornAt(context, pod, inputs, old);
  const ports = pod.ports ?? old["ports"] ?? [];
  const httpPorts = ports.filter((port) => port.endsWith("/http")).map((port) => port.slice(0, -5));
  const countsFrom = lifetimeFrom(pod, inputs, old);
  const cudaVersion = pod.cudaVersion ?? storedLive(old)?.cudaVersion;
  const cpuFlavorId = pod.cpu?.id ?? storedLive(old)?.cpuFlavorId;
  return {
    ...storedCopy(podFields, inputs, observedPod(pod, inputs, birth, old), old),
    gpuTypeId: pod.gpu?.id ?? old["gpuTypeId"] ?? null,
    dataCenterId: pod.dataCenterId ?? old["dataCenterId"] ?? null,
    costPerHr: pod.cost ?? old["costPerHr"],
    endpointUrls: Object.fromEntries(
      httpPorts.map((port) => [port, proxyUrl(context.settings.proxyUrl, pod.id, port)]),
    ),
    sshCommand: (pod.ssh ? pod.ssh.proxy?.command : old["sshCommand"]) ?? null,
    createdAt: pod.createdAt ?? old["createdAt"],
    __live: liveRecord(context, old, {
      ...(countsFrom !== undefined && { lifetimeFrom: countsFrom }),
      ...(cudaVersion !== undefined && { cudaVersion }),
      ...(cpuFlavorId !== undefined && { cpuFlavorId }),
    }),
  };
}
