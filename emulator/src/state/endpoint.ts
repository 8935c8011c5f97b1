import type { EndpointScaling, EndpointType, FlashBoot } from "@runpod-stack/openapi";
import type { ContainerRuntime } from "../containers/runtime";
import type { Entry } from "../money/ledger";
import type { ContainerSettings } from "./container-command";
import type { Life } from "./pod";

/**
 * An endpoint, its workers and its requests. Time is simulated: `advanceServerless` in `serverless/life.ts` runs
 * everything that is due up to the virtual present, event by event, before any request is answered.
 * Workers belong to `serverless/life.ts`; requests (jobs of a queue, or what a load balancer passes on) belong
 * to the endpoint's `Requests`, which is created in
 * `serverless/requests.ts`. The two meet only here.
 */
export interface Endpoint extends ContainerSettings {
  readonly id: string;
  readonly seq: number;
  name: string;
  readonly type: EndpointType;
  /** Null for a CPU endpoint. */
  gpu: GpuSelection | null;
  /** The choices of a CPU endpoint, in their order; null for a GPU endpoint. */
  cpu: { id: string; vcpuCount: number }[] | null;
  workers: WorkerLimits;
  scaling: EndpointScaling;
  /** Milliseconds that a request may run; 0 for the platform's default. */
  timeout: number;
  flashboot: FlashBoot;
  dataCenterIds: string[];
  networkVolumes: string[];
  globalVolumes: string[];
  readonly createdAt: number;
  /** Counts releases from 1. A worker with an older version is stale. */
  version: number;
  /** Oldest first. */
  releases: Release[];
  /** The template that the platform made for it, which is deleted with it. */
  readonly template: { readonly id: string; readonly seq: number };
  fleet: Worker[];
  /** Number of workers so far. */
  hired: number;
  /** Machines of earlier workers, which still hold their image. */
  hosts: Host[];
  /** When a request last arrived, or the limits of workers were last set. */
  activeAt: number;
  /** Up to when everything has happened. */
  advancedTo: number;
  readonly entry: Entry;
}

export interface WorkerLimits {
  min: number;
  max: number;
  /** Seconds that a worker stays after its last request. */
  idleTimeout: number;
}

export interface GpuSelection {
  pools: string[];
  excludedTypes: string[];
  count: number;
  allowedCudaVersions: string[];
  minCudaVersion: string | null;
}

export interface Release {
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly createdAt: number;
  readonly diff: { field: string; old: unknown; new: unknown }[];
}

/**
 * - `throttled`: no machine has room.
 * - `pulling`: the machine pulls the image. Not billed.
 * - `starting`: the container runs and does not serve yet.
 * - `ready`: it takes requests. RUNNING while `busy` is above 0, else IDLE.
 * - `unhealthy`: its container has failed, or did not serve in time. It may recover. Not billed.
 */
export type WorkerPhase = "throttled" | "pulling" | "starting" | "ready" | "unhealthy";

export interface Worker {
  readonly id: string;
  /** Numbers the endpoint's workers from 1. */
  readonly number: number;
  readonly version: number;
  /** The settings of its version, which a release does not change. */
  readonly settings: ContainerSettings;
  phase: WorkerPhase;
  /** When the phase began (virtual milliseconds). */
  since: number;
  /** Null until it is placed. */
  place: WorkerPlace | null;
  /** When it got its machine; null before. */
  startedAt: number | null;
  imageCached: boolean;
  /** What it took from its account when it got its machine. */
  boot: Pick<Life, "env" | "access">;
  /** It is not ready before, because FlashBoot takes some time, too. */
  readyFrom: number;
  /** How far the container's own time runs ahead (milliseconds): in `instant`, or after FlashBoot. */
  ahead: number;
  /** Created when first needed. */
  container: ContainerRuntime | null;
  /** Requests that it is processing. Change it only through `beginRequest` and `endRequest`. */
  busy: number;
  /** Stale or too many: it ends once its requests have ended, and takes no more. */
  leaving: boolean;
  /** Since when it is ready and without a request; null otherwise. */
  idleSince: number | null;
  /** Since when it is billed; null while it is not. */
  billedSince: number | null;
}

export interface WorkerPlace {
  computeId: string;
  /** 0 on a CPU worker. */
  gpuCount: number;
  vcpuCount: number;
  dataCenterId: string;
  cudaVersion: string | null;
  /** Dollars per hour, without the disk. */
  price: number;
}

export interface Host {
  place: WorkerPlace;
  image: string;
  /** The worker that was scaled down there, and its version. */
  workerId: string;
  version: number;
  /** The version of the endpoint that FlashBoot can resume there; null for none. */
  resumes: number | null;
}

/**
 * The requests of one endpoint, as its workers see them. All times are virtual milliseconds, and
 * never go back. The implementation is chosen in
 * `serverless/requests.ts`.
 */
export interface Requests {
  /** When each request without a worker arrived, oldest first. */
  waiting(): readonly number[];
  /** How many requests workers are processing. */
  inProgress(): number;
  /** When something is next due: a request is done, times out or expires. Infinite if nothing is. */
  nextEventAt(): number;
  /** Does what is due at `at`. */
  advanceTo(at: number): void;
  /** The worker is ready and may have room: give it requests with `beginRequest`. */
  workerReady(worker: Worker, at: number): void;
  /** The worker and its container are gone: its requests wait again, or fail. */
  workerGone(worker: Worker, at: number): void;
  /** The endpoint is deleted: everything is canceled. */
  close(at: number): void;
}
