import type { Disk } from "./disk";
import type { Image } from "./images";
import type { OnSent } from "./in-flight";
import type { Steps } from "./limits";
import type { Gpu, GpuLoad, Program } from "./types";

export type { Program } from "./types";

export type Environment = Readonly<Record<string, string>>;

/** One process in a container. */
export interface Process {
  machine: Machine;
  argv: readonly string[];
  env: Environment;
  /** The shell's name for its messages, or null for the container's own command. */
  shell: string | null;
  /** How many processes it is nested in. */
  depth: number;
  /** The budget of the run that it belongs to. */
  steps: Steps;
}

/** Something that accepts connections. */
export interface Service {
  port: number;
  /** The address it is bound to; only an address of all interfaces is reachable from outside. */
  host: string;
  /** Whether it only answers that its model is not loaded yet. @default false */
  isLoading?: boolean;
  handle(request: Request, now: number, onSent?: OnSent): Response | Promise<Response>;
}

/** What a program can see and change of its container. */
export interface Machine {
  readonly podId: string;
  readonly image: Image;
  readonly gpu: Gpu | null;
  /** The newest CUDA version that the machine's driver supports, as `"13.0"`. */
  readonly hostCudaVersion: string;
  readonly disk: Disk;
  readonly httpPorts: readonly number[];
  /** Speed of a download from the model hub. */
  readonly downloadGbPerSecond: number;
  /** Whether the hub has only the models that the emulator knows. */
  readonly strictHub: boolean;
  /** Virtual milliseconds. */
  now(): number;
  /** Writes lines to the container's log; a mark of `LogBook` in a line becomes the time of the line. */
  print(...lines: string[]): void;
  /** Writes lines to the standard error, which is the container's log, too. */
  printError(...lines: string[]): void;
  /** Reports in the logs of the container and of the emulator what the emulator only assumes. */
  announce(sentence: string): void;
  /** Opens a port until the container's command ends. */
  listen(service: Service): void;
  /** What listens on the port, at any address; undefined if nothing does. */
  service(port: number): Service | undefined;
  /** Sets how much of each GPU's memory is in use (0 to 1), of this many from `first` on. @default first 0 */
  holdGpuMemory(share: number, gpus: number, first?: number): void;
  /** One entry per GPU. */
  gpuUtil(): GpuLoad[];
  /** Runs a command of the container's image. */
  execute(process: Process): Program;
  /** Runs a program in the background. */
  spawn(program: Program): void;
  /** How many background programs are running. */
  jobs(): number;
}

export function seconds(n: number): number {
  return Math.round(n * 1000);
}

/** Ends after the time that starting a process takes. */
export function* exited(code: number): Program {
  yield seconds(0.02);
  return code;
}

/** Stays until it is killed. */
export function* forever(): Program {
  for (;;) {
    yield Number.POSITIVE_INFINITY;
  }
}
