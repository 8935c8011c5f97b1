import type * as pulumi from "@pulumi/pulumi";
import type { Pod } from "../api";
import { proxyUrl, type Settings } from "../core/settings";
import type { AnyDataCenterId, AnyGpuTypeId } from "../schema/completed";
import type { FunctionOptions } from "./account";
import {
  call,
  callOutput,
  type Definition,
  type OutputArgs,
  type OutputFunctionOptions,
} from "./call";
import { type SecretEnv, secretEnv } from "./environment";
import { byAge, filled, findOne, fits } from "./one";

/** Arguments of `getPod`: an id or a name. */
export interface GetPodArgs {
  /** The pod's id. */
  podId?: string;
  /** The pod's name, if only one pod has it. */
  name?: string;
}

/** Arguments of `getPods`. A pod must satisfy all of them. */
export interface GetPodsArgs {
  /** Only pods with this name, in which * stands for any characters, such as "llm-*". @default any */
  name?: string;
  /** Only pods with one of these statuses, such as "RUNNING". @default any except "TERMINATED" */
  statuses?: string[];
  /** Only pods with one of these GPU types. @default any */
  gpuTypeIds?: AnyGpuTypeId[];
  /** Only pods in one of these data centers. @default any */
  dataCenterIds?: AnyDataCenterId[];
  /** Only pods that mount this network volume. @default any */
  networkVolumeId?: string;
}

/** Result of `getPods`. */
export interface GetPodsResult {
  /** The pods' ids, newest first. */
  ids: string[];
  /** The pods in the same order, without their environment variables: `getPod` reads those. */
  pods: PodInfo[];
}

/** Result of `getPod`. */
export interface GetPodResult extends PodInfo {
  /** Environment variables. Each value is secret. */
  env: SecretEnv;
}

/** A pod of the account. */
export interface PodInfo {
  /** The pod's id. */
  podId: string;
  /** The pod's name. */
  name: string;
  /** `PROVISIONING`, `STARTING`, `RUNNING`, `EXITED`, `ERROR` or `TERMINATED`. */
  status: string;
  /** The container image; null if RunPod does not report it. */
  imageName: string | null;
  /** The GPU type; null on a CPU pod. */
  gpuTypeId: string | null;
  /** The number of GPUs. */
  gpuCount: number;
  /** The CPU flavor; null on a GPU pod. */
  cpuFlavorId: string | null;
  /** The number of virtual CPUs; null if RunPod does not report it. */
  vcpuCount: number | null;
  /** `SECURE` or `COMMUNITY`. */
  cloudType: string;
  /** The data center; null until RunPod has placed the pod. */
  dataCenterId: string | null;
  /** The CUDA version of the host; null if RunPod does not report it. */
  cudaVersion: string | null;
  /** Price in USD per hour. */
  costPerHr: number;
  /** Container disk in GB. */
  containerDiskInGb: number | null;
  /** Persistent disk in GB; null if there is none. */
  volumeInGb: number | null;
  /** The mount path of the persistent disk or network volume; null if there is none. */
  volumeMountPath: string | null;
  /** The network volume; null if there is none. */
  networkVolumeId: string | null;
  /** Exposed ports, such as "8000/http". */
  ports: string[];
  /** Replaces the image's ENTRYPOINT; null if it is not set. */
  dockerEntrypoint: string[] | null;
  /** Replaces the image's CMD; null if it is not set. */
  dockerStartCmd: string[] | null;
  /** The id of the credentials for a private registry; null if there are none. */
  containerRegistryAuthId: string | null;
  /** Whether the pod is protected from being stopped or reset. */
  locked: boolean;
  /** The proxy URL of each HTTP port. */
  endpointUrls: Record<string, string>;
  /** The public address of each TCP port, such as "203.0.113.7:10022"; empty until the pod runs. */
  tcpAddresses: Record<string, string>;
  /** The command that opens a shell through RunPod's SSH proxy; null until the pod has a machine. */
  sshCommand: string | null;
  /** When RunPod created the pod, in ISO 8601. */
  createdAt: string;
}

/**
 * Reads a pod that this program does not manage. Fails if there is none, or more than one with the
 * name.
 *
 * @example
 * const { endpointUrls } = await getPod({ name: "llm" });
 */
export function getPod(args: GetPodArgs, opts: FunctionOptions = {}): Promise<GetPodResult> {
  return call(one, args, opts);
}

/** Like `getPod`, with arguments that may be outputs. */
export function getPodOutput(
  args: OutputArgs<GetPodArgs>,
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetPodResult> {
  return callOutput(one, args, opts);
}

/**
 * Finds pods of the account, newest first.
 *
 * @example
 * const { pods } = await getPods({ name: "trainer-*", statuses: ["RUNNING"] });
 */
export function getPods(
  args: GetPodsArgs = {},
  opts: FunctionOptions = {},
): Promise<GetPodsResult> {
  return call(many, args, opts);
}

/** Like `getPods`, with arguments that may be outputs. */
export function getPodsOutput(
  args: OutputArgs<GetPodsArgs> = {},
  opts: OutputFunctionOptions = {},
): pulumi.Output<GetPodsResult> {
  return callOutput(many, args, opts);
}

const one: Definition<GetPodArgs, GetPodResult> = {
  name: "getPod",
  arguments: ({ objectId, text }) => ({ podId: objectId, name: text }),
  async read(account, { podId, name }) {
    const { pods } = account.api;
    const kind = {
      noun: "pod",
      idField: "podId",
      get: (id: string) => pods.get(id),
      list: async () => (await pods.list()).filter(({ status }) => status !== "TERMINATED"),
    };
    const pod = await findOne(account, kind, { id: podId, name });
    return { ...podInfoOf(pod, account.settings), env: secretEnv(pod.env) };
  },
};

const many: Definition<GetPodsArgs, GetPodsResult> = {
  name: "getPods",
  arguments: ({ gpuTypeId, listOf, objectId, text }) => ({
    name: text,
    statuses: listOf(text, 'statuses such as "RUNNING"', 1),
    gpuTypeIds: listOf(gpuTypeId, "GPU types", 1),
    dataCenterIds: listOf(text, "data centers", 1),
    networkVolumeId: objectId,
  }),
  async read({ api, settings }, args) {
    const pods = (await api.pods.list())
      .toSorted(byAge)
      .map((pod) => podInfoOf(pod, settings))
      .filter((pod) => isWanted(pod, args));
    return { ids: pods.map(({ podId }) => podId), pods };
  },
};

function isWanted(pod: PodInfo, args: GetPodsArgs): boolean {
  const { networkVolumeId = pod.networkVolumeId } = args;
  return (
    fits(pod.name, args.name) &&
    (args.statuses?.includes(pod.status) ?? pod.status !== "TERMINATED") &&
    (args.gpuTypeIds?.includes(pod.gpuTypeId ?? "") ?? true) &&
    (args.dataCenterIds?.some((id) => id.toUpperCase() === pod.dataCenterId) ?? true) &&
    pod.networkVolumeId === networkVolumeId
  );
}

/** How functions show a pod. */
export function podInfoOf(pod: Pod, { proxyUrl: template }: Settings): PodInfo {
  const { network: [network] = [], persistent } = pod.mounts ?? {};
  const { ports = [] } = pod;
  const http = ports.filter((port) => port.endsWith("/http")).map((port) => port.slice(0, -5));
  const tcp = (pod.runtime?.ports ?? []).filter((port) => port.type === "tcp" && port.public);
  return {
    podId: pod.id,
    name: pod.name,
    status: pod.status,
    imageName: pod.image ?? null,
    gpuTypeId: pod.gpu?.id ?? null,
    gpuCount: pod.gpu?.count ?? 0,
    cpuFlavorId: pod.cpu?.id ?? null,
    vcpuCount: pod.cpu?.vcpuCount ?? pod.gpu?.vcpuCount ?? null,
    cloudType: pod.cloud,
    dataCenterId: pod.dataCenterId ?? null,
    cudaVersion: pod.cudaVersion ?? null,
    costPerHr: pod.cost,
    containerDiskInGb: pod.disk ?? null,
    volumeInGb: persistent?.size ?? null,
    volumeMountPath: persistent?.path ?? network?.path ?? null,
    networkVolumeId: network?.volumeId ?? null,
    ports: [...ports],
    dockerEntrypoint: filled(pod.entrypoint),
    dockerStartCmd: filled(pod.cmd),
    containerRegistryAuthId: pod.registry ?? null,
    locked: pod.locked ?? false,
    endpointUrls: Object.fromEntries(http.map((port) => [port, proxyUrl(template, pod.id, port)])),
    tcpAddresses: Object.fromEntries(
      tcp.map((port) => [port.private, `${port.ip}:${port.public}`]),
    ),
    sshCommand: pod.ssh?.proxy?.command ?? null,
    createdAt: pod.createdAt,
  };
}
