import {
  type ContainerInput,
  type ContainerRuntime,
  createContainerRuntime,
  type LogLine,
  type Span,
} from "../containers/runtime";
import { seededRandom } from "../core/random";
import { type Life, type Pod, presentCompute } from "../state/pod";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { gpusOf } from "../stock/catalog";
import { publicIp, publicPort } from "./addresses";

export type PodStatus = "PROVISIONING" | "STARTING" | "RUNNING" | "EXITED" | "ERROR";

const MAX_HISTORY = 2000;
/** In `instant`, a container is advanced until it serves or fails for good, but at most this long (milliseconds). */
const SETTLE_MS = 2 * 3_600_000;
/** A container whose command has ended this often is in a crash loop. */
const CRASH_LOOP_RESTARTS = 3;

/** The container at the current time; null while the pod is stopped or its machine is being allocated. */
export function containerOf(world: World, account: Account, pod: Pod): ContainerRuntime | null {
  const { life } = pod;
  const now = world.clock.now();
  // A container writes to the pod's disk.
  account.pods.touch(pod);
  if (!life || now < life.startedAt) {
    return null;
  }
  if (!life.runtime) {
    life.runtime = createContainerRuntime(containerInput(world, account, pod, life));
    // A container that is replayed is as far ahead as it was.
    if (world.options.speed === "instant" && life.ahead === 0) {
      const { runtime } = life;
      const ports = httpPorts(pod.ports);
      const serves = () => ports.some((port) => runtime.serving(port));
      life.ahead = settle(runtime, serves, life.startedAt, now);
    }
  }
  life.runtime.advanceTo(now + life.ahead);
  return life.runtime;
}

export function statusOf(world: World, account: Account, pod: Pod): PodStatus {
  if (!pod.life) {
    return "EXITED";
  }
  const status = containerOf(world, account, pod)?.status();
  if (status === undefined) {
    return "PROVISIONING";
  }
  return status === "pulling" ? "STARTING" : status === "running" ? "RUNNING" : "ERROR";
}

/** When the current run of the container's command began (virtual milliseconds). */
export function runningSince(world: World, account: Account, pod: Pod): number | null {
  const since = containerOf(world, account, pod)?.uptimeStartedAt() ?? null;
  return since === null || !pod.life ? null : shownAt(pod.life, since);
}

/** From the first start of this life's command to now, or to the end of its last run. */
export function ranIn(world: World, account: Account, pod: Pod): Span | null {
  const span = containerOf(world, account, pod)?.ran() ?? null;
  const { life } = pod;
  return span && life && { from: shownAt(life, span.from), until: shownAt(life, span.until) };
}

/** All kept lines, also of earlier lives, oldest first and numbered consecutively. */
export function logLines(world: World, account: Account, pod: Pod): LogLine[] {
  const { life, history } = pod;
  if (!life) {
    return history;
  }
  const present = containerOf(world, account, pod)?.logs ?? [];
  const lines = present.map((line) => ({
    ...line,
    at: shownAt(life, line.at),
    seq: life.firstSeq + line.seq,
  }));
  return [...history, ...lines].slice(-MAX_HISTORY);
}

/** Drops the container, but keeps its log and the image that the machine has pulled. */
export function endContainer(world: World, account: Account, pod: Pod): void {
  const container = containerOf(world, account, pod);
  pod.history = logLines(world, account, pod);
  if (container?.status() === "running") {
    pod.pulledImage = pod.image;
  }
  pod.life = null;
}

/** The number of the next log line. */
export function nextLogSeq(pod: Pod): number {
  return (pod.history.at(-1)?.seq ?? -1) + 1;
}

export function httpPorts(ports: readonly string[]): number[] {
  return privatePorts(ports, "http");
}

export function tcpPorts(pod: Pod): number[] {
  return privatePorts(pod.ports, "tcp");
}

function privatePorts(ports: readonly string[], type: "http" | "tcp"): number[] {
  return ports
    .map((port) => port.split("/"))
    .filter(([, protocol]) => protocol === type)
    .map(([number]) => Number(number));
}

/** Converts the container's time to the emulator's. */
function shownAt(life: Life, at: number): number {
  return life.ahead === 0 ? at : Math.max(life.startedAt, at - life.ahead);
}

/** Advances a container until it serves or fails for good, and returns by how much (milliseconds). */
export function settle(
  runtime: ContainerRuntime,
  serves: () => boolean,
  startedAt: number,
  now: number,
): number {
  const settled = () =>
    runtime.status() === "error" || runtime.restarts >= CRASH_LOOP_RESTARTS || serves();
  let reached = now;
  runtime.advanceTo(reached);
  while (!settled()) {
    const next = runtime.nextEventAt();
    if (next === null || next > startedAt + SETTLE_MS) {
      break;
    }
    reached = Math.max(reached, next);
    runtime.advanceTo(reached);
  }
  return reached - now;
}

function containerInput(world: World, account: Account, pod: Pod, life: Life): ContainerInput {
  const { machine } = pod;
  const compute = presentCompute(pod);
  return {
    podId: pod.id,
    image: pod.image,
    entrypoint: pod.command.entrypoint,
    cmd: pod.command.cmd,
    env: { ...(life.env ?? pod.env), ...networkEnv(pod) },
    diskGb: pod.disk,
    mounts: containerMounts(account, pod),
    gpu: compute.kind === "gpu" ? gpusOf(compute.id, compute.count) : null,
    hostCudaVersion: machine.cudaVersion ?? "0.0",
    httpPorts: httpPorts(pod.ports),
    startedAt: life.startedAt,
    access: life.access,
    imageCached: life.imageCached,
    random: seededRandom(world.options.seed, pod.id, pod.lives),
    strictHub: world.options.strictHub,
    announce: world.options.announce,
  };
}

/** The volumes that the container sees, with their contents. */
export function containerMounts(account: Account, pod: Pod): ContainerInput["mounts"] {
  const { persistent, network } = pod.mounts;
  if (persistent && pod.storage) {
    return [{ path: persistent.path, sizeGb: persistent.size, storage: pod.storage }];
  }
  return (network ?? []).flatMap(({ volumeId, path }) => {
    const volume = account.networkVolumes.find(volumeId);
    return volume ? [{ path, sizeGb: volume.size, storage: volume.storage }] : [];
  });
}

/** Set again for each life, because the ports are mapped again; never part of the pod's `env`. */
function networkEnv(pod: Pod): Record<string, string> {
  const ports = tcpPorts(pod).map((port) => [
    `RUNPOD_TCP_PORT_${port}`,
    String(publicPort(pod, port)),
  ]);
  return { RUNPOD_PUBLIC_IP: publicIp(pod), ...Object.fromEntries(ports) };
}
