import type { Pod } from "../api";
import { proxyUrl } from "../core/settings";
import type { Values } from "../schema";
import type { Context } from "./context";
import { lifetimeFrom } from "./lifetime";
import { liveRecord, storedLive } from "./live";

/** What is stored of a pod: a copy of its inputs, and what RunPod says of it. */
export function podOutputs(context: Context, pod: Pod, inputs: Values, old: Values = {}): Values {
  const httpPorts = (pod.ports ?? [])
    .filter((port) => port.endsWith("/http"))
    .map((port) => port.slice(0, -5));
  const countsFrom = lifetimeFrom(pod, inputs, old);
  const cudaVersion = pod.cudaVersion ?? storedLive(old)?.cudaVersion;
  return {
    ...inputs,
    gpuTypeId: pod.gpu?.id ?? null,
    dataCenterId: pod.dataCenterId ?? null,
    costPerHr: pod.cost,
    endpointUrls: Object.fromEntries(
      httpPorts.map((port) => [port, proxyUrl(context.settings.proxyUrl, pod.id, port)]),
    ),
    sshCommand: pod.ssh?.proxy?.command ?? null,
    createdAt: pod.createdAt,
    __live: liveRecord(context, old, {
      ...(countsFrom !== undefined && { lifetimeFrom: countsFrom }),
      ...(cudaVersion !== undefined && { cudaVersion }),
      ...(pod.cpu && { cpuFlavorId: pod.cpu.id }),
    }),
  };
}
