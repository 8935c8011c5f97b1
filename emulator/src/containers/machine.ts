import type { Disk } from "./disk";
import type { Image } from "./images";
import type { Steps } from "./limits";
import type { Gpu } from "./types";

/**
 * A running program, written as the story of what it does: it yields the milliseconds to let pass
 * (`Infinity` to stay until it is killed) and returns its exit code.
 */
export type Program = Generator<number, number>;

export type Environment = Readonly<Record<string, string>>;

/** One process in a container. */
export interface Process {
  machine: Machine;
  argv: readonly string[];
  env: Environment;
  /** The shell's name for its messages, or null for the container's own command. */
  shell: string | null;
  /** How many processes it runs within. */
  depth: number;
  /** What is left to the run that it belongs to. */
  steps: Steps;
}

/** Something that accepts connections. */
export interface Service {
  port: number;
  /** The address it is bound to; only an address of all interfaces is reachable from outside. */
  host: string;
  handle(request: Request, now: number): Response | Promise<Response>;
}

/** What a program can see and touch of the container around it. */
export interface Machine {
  readonly podId: string;
  readonly image: Image;
  readonly gpu: Gpu | null;
  readonly disk: Disk;
  readonly httpPorts: readonly number[];
  /** What a download from the model hub reaches. */
  readonly downloadGbPerSecond: number;
  /** Virtual milliseconds. */
  now(): number;
  /** Writes lines to the container's log; a mark of `LogBook` in a line becomes the time of printing. */
  print(...lines: string[]): void;
  /** Opens a port until the container's command ends. */
  listen(service: Service): void;
  /** Whether a service of the container listens there, on whatever address. */
  hasService(port: number): boolean;
  /** Says how much of each GPU's memory is in use (0 to 1), from the first GPU on. */
  holdGpuMemory(share: number, gpus: number): void;
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

/** Ends after the moment that starting a process takes. */
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
