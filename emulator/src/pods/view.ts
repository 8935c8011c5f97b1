import type { PodRuntime, Pod as PodView } from "@runpod-stack/openapi";
import type { ContainerRuntime } from "../containers/runtime";
import { commandView } from "../state/container-command";
import { type ClusterMember, type Compute, type Pod, presentCompute } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { globalDns, globalIp, publicIp, publicPort, SSH_PORT, sshUser } from "./addresses";
import { LEGAL_ACTIONS } from "./lifecycle";
import {
  containerOf,
  httpPorts,
  type PodStatus,
  runningSince,
  statusOf,
  tcpPorts,
} from "./pod-runtime";

const SSH_PROXY = "ssh.runpod.io";

export interface PortMapping {
  private: number;
  public: number | null;
  type: "http" | "tcp";
  ip: string | null;
}

/**
 * As v2 answers.
 * @param just the status to report for a pod that this request has started
 */
export function podView(world: World, account: Account, pod: Pod, just?: PodStatus): PodView {
  const status = just ?? statusOf(world, account, pod);
  const since = just ? null : runningSince(world, account, pod);
  const running = status === "RUNNING" && since !== null;
  return {
    id: pod.id,
    name: pod.name,
    status,
    actions: LEGAL_ACTIONS[status],
    image: pod.image,
    ...commandView(pod.command),
    disk: pod.disk,
    ports: pod.ports,
    env: pod.env,
    registry: pod.registry,
    mounts: pod.mounts,
    ...computeView(presentCompute(pod)),
    ...(pod.cluster && { cluster: memberView(pod.cluster, status) }),
    cloud: pod.machine.cloud,
    dataCenterId: pod.machine.dataCenterId,
    cudaVersion: pod.machine.cudaVersion,
    ssh: sshView(pod, running),
    template: null,
    cost: pod.life ? pod.price : 0,
    locked: pod.locked,
    globalNetworking: globalNetworkView(pod),
    runtime: running ? runtimeView(world, account, pod, since) : notRunning(status),
    createdAt: new Date(pod.createdAt).toISOString(),
    startedAt: since === null ? null : new Date(since).toISOString(),
  };
}

export interface Telemetry {
  /** Seconds. */
  uptime: number;
  gpus: { util: number; memoryUtil: number }[];
  cpuUtil: number;
  memoryUtil: number;
  ports: PortMapping[];
}

/** The load of a running pod; null while nothing runs. */
export function telemetryOf(world: World, account: Account, pod: Pod): Telemetry | null {
  const container = containerOf(world, account, pod);
  const since = runningSince(world, account, pod);
  if (!container || since === null) {
    return null;
  }
  return {
    uptime: Math.max(0, Math.floor((world.clock.now() - since) / 1000)),
    ...loadOf(container),
    ports: portMappings(pod),
  };
}

/** Ports of a running pod. HTTP ports are available through the proxy and have no address. */
function portMappings(pod: Pod): PortMapping[] {
  const http = httpPorts(pod.ports).map((port) => ({
    private: port,
    public: null,
    type: "http" as const,
    ip: null,
  }));
  const tcp = tcpPorts(pod).map((port) => ({
    private: port,
    public: publicPort(pod, port),
    type: "tcp" as const,
    ip: publicIp(pod),
  }));
  return [...http, ...tcp];
}

function runtimeView(world: World, account: Account, pod: Pod, since: number): PodRuntime | null {
  const telemetry = telemetryOf(world, account, pod);
  if (!telemetry || since > world.clock.now()) {
    return null;
  }
  const { uptime, gpus, cpuUtil, memoryUtil, ports } = telemetry;
  return { uptime, gpus, cpu: { util: cpuUtil }, memory: { util: memoryUtil }, ports };
}

/** The API answers an empty object before the first start, and null otherwise. */
function notRunning(status: PodStatus): PodRuntime | null {
  return status === "PROVISIONING" ? {} : null;
}

function loadOf(container: ContainerRuntime): Pick<Telemetry, "gpus" | "cpuUtil" | "memoryUtil"> {
  const gpus = container.gpuUtil();
  const busiest = Math.max(0, ...gpus.map(({ util }) => util));
  return { gpus, cpuUtil: 2 + Math.round(busiest / 8), memoryUtil: 5 + Math.round(busiest / 20) };
}

function computeView(compute: Compute): Pick<PodView, "gpu" | "cpu"> {
  const { kind, ...fields } = compute;
  return { [kind]: fields };
}

/** RunPod assigns the rank and the address while it prepares the pod. */
function memberView(
  { id, rank, role, ip }: ClusterMember,
  status: PodStatus,
): NonNullable<PodView["cluster"]> {
  const isPlaced = status !== "PROVISIONING";
  return { id, rank: isPlaced ? rank : null, ...(role && { role }), ...(isPlaced && { ip }) };
}

function sshView(pod: Pod, running: boolean): PodView["ssh"] {
  const username = sshUser(pod);
  const proxy = {
    host: SSH_PROXY,
    port: SSH_PORT,
    username,
    command: `ssh ${username}@${SSH_PROXY}`,
  };
  if (!running || !tcpPorts(pod).includes(SSH_PORT)) {
    return { proxy, direct: null };
  }
  const host = publicIp(pod);
  const port = publicPort(pod, SSH_PORT);
  const command = `ssh root@${host} -p ${port}`;
  return { proxy, direct: { host, port, username: "root", command } };
}

function globalNetworkView(pod: Pod): PodView["globalNetworking"] {
  const enabled = pod.life?.globalNetwork ?? false;
  return enabled ? { enabled, ip: globalIp(pod), internalDns: globalDns(pod) } : { enabled };
}
