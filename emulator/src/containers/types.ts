import type { OnSent } from "./in-flight";
/**
 * A running program: it yields the milliseconds to wait (`Infinity` to stay until it is killed) and
 * returns its exit code.
 */
export type Program = Generator<number, number>;

/** A volume's contents: the size in GB of each file, by its path from the mount point. */
export interface Storage {
  files: Map<string, number>;
}

/** A volume and where the container sees it. The storage outlives the container. */
export interface Mount {
  path: string;
  sizeGb: number;
  storage: Storage;
}

/** The GPUs of the machine a container was placed on. */
export interface Gpu {
  id: string;
  count: number;
  /** Of one GPU. */
  memoryGb: number;
  /** As `"9.0"`. */
  computeCapability: string;
}

/** What a registry grants to whoever pulls a private image. */
export type PullAccess = "granted" | "anonymous" | "refused";

/** What RunPod knows when it starts a container. `null` for `entrypoint` or `cmd` means the image's own. */
export interface ContainerInput {
  podId: string;
  image: string;
  entrypoint: string[] | null;
  cmd: string[] | null;
  env: Record<string, string>;
  /** Size of the container disk: everything written outside the mounts counts, image layers do not. */
  diskGb: number;
  mounts: Mount[];
  gpu: Gpu | null;
  /** The newest CUDA version that the machine's driver supports, as `"13.0"`. */
  hostCudaVersion: string;
  httpPorts: number[];
  /** Virtual milliseconds. */
  startedAt: number;
  /** @default "anonymous" */
  access?: PullAccess | undefined;
  /** Whether the machine already holds the image. */
  imageCached: boolean;
  /** In [0, 1): the only source of randomness. */
  random: () => number;
  /** Whether the hub has only the models that the emulator knows. @default false */
  strictHub?: boolean | undefined;
  /** Takes what the emulator only assumes. @default nothing more than the container's log */
  announce?: ((sentence: string) => void) | undefined;
}

export interface LogLine {
  /** Virtual milliseconds. */
  at: number;
  source: "container" | "system";
  line: string;
  /** Counts all lines of the container from 0, also those no longer kept. */
  seq: number;
}

/**
 * - `pulling`: the image is being fetched.
 * - `running`: RunPod keeps the command running, restarting it whenever it ends.
 * - `error`: the image could not be pulled.
 */
export type ContainerStatus = "pulling" | "running" | "error";

/** Load of one GPU, in percent. */
export interface GpuLoad {
  util: number;
  memoryUtil: number;
}

/** Where a command's lines go. */
export interface Output {
  print(...lines: string[]): void;
  printError(...lines: string[]): void;
}

/** Virtual milliseconds. */
export interface Span {
  from: number;
  until: number;
}

/** A container, as a function of its input and of the time that it was last advanced to. */
export interface ContainerRuntime {
  /** Runs everything that is due at `now` (virtual milliseconds). Never goes back in time. */
  advanceTo(now: number): void;
  status(): ContainerStatus;
  /** The newest lines, oldest first. */
  readonly logs: LogLine[];
  /** How often the command ended, or could not start, and was started again. */
  readonly restarts: number;
  /** When the current run of the command began; null while nothing runs. */
  uptimeStartedAt(): number | null;
  /** From the first start of the command to now, or to the end of its last run; null before it. */
  ran(): Span | null;
  /** One entry per GPU. */
  gpuUtil(): GpuLoad[];
  /** Whether something inside accepts connections from outside on this port. */
  listening(port: number): boolean;
  /** Whether it does so as a server that is ready. */
  serving(port: number): boolean;
  /** What the server on this port answers; 502 if nothing listens. */
  handle(request: Request, port: number, onSent?: OnSent): Promise<Response>;
  /**
   * Starts one more shell command in the running container, as `docker exec` does. The caller
   * resumes it.
   */
  exec(command: string, output: Output): Program;
  /** When the next event is due (virtual milliseconds), or null if there is none. */
  nextEventAt(): number | null;
}
