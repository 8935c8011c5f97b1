import { HANDLER_PORT } from "../containers/handlers/job-handler";
import {
  type ContainerInput,
  type ContainerRuntime,
  createContainerRuntime,
  type LogLine,
} from "../containers/runtime";
import { seededRandom } from "../core/random";
import { httpPorts } from "../pods/pod-runtime";
import type { ContainerSettings } from "../state/container-command";
import type { Endpoint, Worker, WorkerPlace } from "../state/endpoint";
import type { Account } from "../state/store";
import type { World } from "../state/world";
import { gpusOf } from "../stock/catalog";

const VOLUME_PATH = "/runpod-volume";
const DEFAULT_PORT = 80;

/** The worker's container, advanced to `at`; null while it has no machine. */
export function containerAt(
  world: World,
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  at: number,
): ContainerRuntime | null {
  const { place, startedAt } = worker;
  if (place === null || startedAt === null) {
    return null;
  }
  worker.container ??= createContainerRuntime(
    containerInput(world, account, endpoint, worker, place, startedAt),
  );
  worker.container.advanceTo(at + worker.ahead);
  return worker.container;
}

/** Whether a container takes jobs, or answers at the port that a load balancer asks for its health. */
export function isServing({ type }: Endpoint, { settings }: Worker, container: ContainerRuntime) {
  if (type === "QUEUE") {
    return container.listening(HANDLER_PORT);
  }
  const port = healthPort(settings);
  return isExposed(settings, port) && container.serving(port);
}

/** The port to which a load balancer passes requests. */
export function servicePort({ env }: ContainerSettings): number {
  return Number(env["PORT"]) || DEFAULT_PORT;
}

export function healthPort(settings: ContainerSettings): number {
  return Number(settings.env["PORT_HEALTH"]) || servicePort(settings);
}

/** A custom port must be among the endpoint's HTTP ports. */
export function isExposed({ ports }: ContainerSettings, port: number): boolean {
  return port === DEFAULT_PORT || httpPorts(ports).includes(port);
}

/** All lines that are kept at `at`, oldest first. */
export function workerLogs(
  world: World,
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  at: number,
): LogLine[] {
  const container = containerAt(world, account, endpoint, worker, at);
  const from = worker.startedAt ?? 0;
  return (container?.logs ?? []).map((line) => ({
    ...line,
    at: Math.max(from, line.at - worker.ahead),
  }));
}

function containerInput(
  world: World,
  account: Account,
  endpoint: Endpoint,
  worker: Worker,
  place: WorkerPlace,
  startedAt: number,
): ContainerInput {
  const { settings } = worker;
  const { image, command, disk } = settings;
  const { env = settings.env, access } = worker.boot;
  return {
    podId: worker.id,
    image,
    entrypoint: command.entrypoint,
    cmd: command.cmd,
    env: { ...platformEnv(endpoint, worker, place), ...env },
    diskGb: disk,
    mounts: volumesAt(account, endpoint, place),
    gpu: gpusOf(place.computeId, place.gpuCount),
    hostCudaVersion: place.cudaVersion ?? "0.0",
    httpPorts: containerPorts(endpoint, settings),
    startedAt,
    imageCached: worker.imageCached,
    access,
    random: seededRandom(world.options.seed, worker.id),
    strictHub: world.options.strictHub,
    announce: world.options.announce,
  };
}

function platformEnv(
  { id, type }: Endpoint,
  worker: Worker,
  { dataCenterId, vcpuCount }: WorkerPlace,
): Record<string, string> {
  const { settings } = worker;
  return {
    RUNPOD_ENDPOINT_ID: id,
    RUNPOD_POD_HOSTNAME: worker.id,
    RUNPOD_DC_ID: dataCenterId,
    RUNPOD_CPU_COUNT: String(vcpuCount),
    ...(type === "QUEUE"
      ? { RUNPOD_WEBHOOK_GET_JOB: `https://api.runpod.ai/v2/${id}/job-take/${worker.id}` }
      : { PORT: String(servicePort(settings)), PORT_HEALTH: String(healthPort(settings)) }),
  };
}

function containerPorts({ type }: Endpoint, settings: ContainerSettings): number[] {
  const declared = httpPorts(settings.ports);
  return type === "QUEUE"
    ? declared
    : [...new Set([...declared, servicePort(settings), healthPort(settings)])];
}

/** The network volume of the worker's data center. */
function volumesAt(
  account: Account,
  { networkVolumes }: Endpoint,
  { dataCenterId }: WorkerPlace,
): ContainerInput["mounts"] {
  return networkVolumes.flatMap((id) => {
    const volume = account.networkVolumes.find(id);
    return volume?.dataCenter === dataCenterId
      ? [{ path: VOLUME_PATH, sizeGb: volume.size, storage: volume.storage }]
      : [];
  });
}
