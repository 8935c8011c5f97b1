import { Disk } from "../disk";
import { driverTooOld } from "../gpu";
import { findImage, type Image } from "../images";
import type { OnSent } from "../in-flight";
import { Steps } from "../limits";
import type { Environment, Machine, Process, Program, Service } from "../machine";
import { mountRefusal } from "../mounts";
import { pullable } from "../private-images";
import { cannotExecute, runCommand } from "../programs";
import type {
  ContainerInput,
  ContainerRuntime,
  ContainerStatus,
  Gpu,
  GpuLoad,
  LogLine,
  Output,
  Span,
} from "../types";
import { pullImage } from "./image-pull";
import { LogBook } from "./log-book";
import { besideItsCommand } from "./second-command";

interface Task {
  program: Program;
  wakeAt: number;
}

/**
 * A container as RunPod runs it: the image is pulled once, and the command is restarted whenever it
 * ends. Programs and the container's life are generators, resumed at their next event, so that a
 * waiting container costs nothing.
 */
export class Container implements ContainerRuntime, Machine {
  readonly image: Image;
  readonly disk: Disk;
  readonly downloadGbPerSecond: number;
  restarts = 0;

  private state: ContainerStatus = "pulling";
  private clock: number;
  private runningSince: number | null = null;
  private firstRun: number | null = null;
  private lastEnd = 0;
  private readonly log: LogBook;
  private readonly pullGbPerSecond: number;
  /** The first is the container's own life; the others are background programs of its command. */
  private tasks: Task[];
  private services: Service[] = [];
  /** How much of each GPU's memory is in use (0 to 1). */
  private gpuMemory: number[] = [];
  private lastRequestAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly input: ContainerInput) {
    this.image = pullable(findImage(input.image), input.access);
    this.clock = input.startedAt;
    this.log = new LogBook(input.startedAt);
    this.disk = new Disk(input.diskGb, input.mounts);
    this.pullGbPerSecond = 0.1 + 0.1 * input.random();
    this.downloadGbPerSecond = 0.4 + 0.2 * input.random();
    this.tasks = [{ program: this.live(), wakeAt: input.startedAt }];
  }

  get podId(): string {
    return this.input.podId;
  }

  get gpu(): Gpu | null {
    return this.input.gpu;
  }

  get hostCudaVersion(): string {
    return this.input.hostCudaVersion;
  }

  get httpPorts(): readonly number[] {
    return this.input.httpPorts;
  }

  get strictHub(): boolean {
    return this.input.strictHub ?? false;
  }

  get logs(): LogLine[] {
    return this.log.lines();
  }

  advanceTo(now: number): void {
    for (let task = this.nextTask(); task && task.wakeAt <= now; task = this.nextTask()) {
      this.clock = Math.max(this.clock, task.wakeAt);
      this.resume(task);
    }
    this.clock = Math.max(this.clock, now);
  }

  nextEventAt(): number | null {
    const wakeAt = this.nextTask()?.wakeAt ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(wakeAt) ? wakeAt : null;
  }

  status(): ContainerStatus {
    return this.state;
  }

  uptimeStartedAt(): number | null {
    return this.runningSince;
  }

  ran(): Span | null {
    if (this.firstRun === null) {
      return null;
    }
    return { from: this.firstRun, until: this.runningSince === null ? this.lastEnd : this.clock };
  }

  gpuUtil(): GpuLoad[] {
    const busy = this.clock - this.lastRequestAt < BUSY_AFTER_REQUEST_MS;
    return Array.from({ length: this.gpu?.count ?? 0 }, (_, index) => {
      const share = this.gpuMemory[index] ?? 0;
      return {
        util: share > 0 && busy ? 87 : 0,
        memoryUtil: Math.round(Math.min(1, share) * 100),
      };
    });
  }

  listening(port: number): boolean {
    return this.reachable(port) !== undefined;
  }

  serving(port: number): boolean {
    const service = this.reachable(port);
    return service !== undefined && service.isLoading !== true;
  }

  async handle(request: Request, port: number, onSent?: OnSent): Promise<Response> {
    const service = this.reachable(port);
    if (!service) {
      return new Response("Bad Gateway", { status: 502 });
    }
    this.lastRequestAt = this.clock;
    return service.handle(request, this.clock, onSent);
  }

  now(): number {
    return this.clock;
  }

  print(...lines: string[]): void {
    for (const line of lines.flatMap((text) => text.split("\n"))) {
      this.log.append(this.clock, "container", line);
    }
  }

  printError(...lines: string[]): void {
    this.print(...lines);
  }

  announce(sentence: string): void {
    this.print(`[emulator] ${sentence}`);
    this.input.announce?.(sentence);
  }

  listen(service: Service): void {
    this.services.push(service);
  }

  service(port: number): Service | undefined {
    return this.services.findLast((service) => service.port === port);
  }

  holdGpuMemory(share: number, gpus: number, first = 0): void {
    for (let index = first; index < first + gpus; index += 1) {
      this.gpuMemory[index] = share;
    }
  }

  execute(process: Process): Program {
    return runCommand(process);
  }

  exec(command: string, output: Output): Program {
    const argv = ["bash", "-c", command];
    const process = { argv, env: this.environment(), shell: "bash", depth: 0, steps: new Steps() };
    return this.execute({ ...process, machine: besideItsCommand(this, output) });
  }

  spawn(program: Program): void {
    this.tasks.push({ program, wakeAt: this.clock });
  }

  jobs(): number {
    return this.tasks.length - 1;
  }

  /** The container's life, from the pull on. */
  private *live(): Program {
    this.system(`create container ${this.image.reference}`);
    const speed = this.pullGbPerSecond;
    const isCached = this.input.imageCached;
    if (!(yield* pullImage(this.image, isCached, speed, (line) => this.system(line)))) {
      this.state = "error";
      return 1;
    }
    const refusal = mountRefusal(this.input.mounts);
    if (refusal !== null) {
      return yield* this.neverCreated(refusal);
    }
    this.state = "running";
    for (let pause = FIRST_PAUSE_MS; ; this.restarts += 1) {
      this.system(`start container for ${this.image.reference}: begin`);
      const begun = this.clock;
      yield* this.run();
      pause = this.clock - begun >= STEADY_AFTER_MS ? FIRST_PAUSE_MS : pause;
      yield pause;
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** RunPod tries forever: https://github.com/dstackai/dstack/issues/3843 */
  private *neverCreated(refusal: string): Program {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      this.system(
        `error creating container: container: create: container create: Error response from daemon: ${refusal}`,
      );
      yield pause;
      this.restarts += 1;
      this.system(`create container ${this.image.reference}`);
      yield* pullImage(this.image, true, this.pullGbPerSecond, (line) => this.system(line));
    }
  }

  /** One run of the command, up to its end. */
  private *run(): Generator<number, void> {
    const argv = this.argv();
    const refusal = this.startRefusal(argv);
    if (refusal !== null) {
      this.system(
        `error starting container: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${refusal}`,
      );
      return;
    }
    this.runningSince = this.clock;
    this.firstRun ??= this.clock;
    const env = this.environment();
    yield* this.execute({ machine: this, argv, env, shell: null, depth: 0, steps: new Steps() });
    this.runningSince = null;
    this.lastEnd = this.clock;
    this.services = [];
    this.gpuMemory = [];
    this.tasks.length = 1;
  }

  /** ENTRYPOINT + CMD; a user's ENTRYPOINT drops the image's CMD, and an empty list counts as absent. */
  private argv(): readonly string[] {
    const { entrypoint, cmd } = this.input;
    const own = entrypoint?.length ? entrypoint : null;
    const given = cmd?.length ? cmd : null;
    return [...(own ?? this.image.entrypoint), ...(given ?? (own ? [] : this.image.cmd))];
  }

  private environment(): Environment {
    return {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/root",
      ...this.image.env,
      RUNPOD_POD_ID: this.podId,
      RUNPOD_GPU_COUNT: String(this.gpu?.count ?? 0),
      ...this.input.env,
    };
  }

  /** Why the container runtime cannot start the command at all, or null. */
  private startRefusal(argv: readonly string[]): string | null {
    const driver = this.gpu && driverTooOld(this.image, this.input.hostCudaVersion);
    if (driver) {
      return `error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\n${driver}: unknown`;
    }
    return cannotExecute(this, argv);
  }

  private system(text: string): void {
    for (const line of text.split("\n")) {
      this.log.append(this.clock, "system", line);
    }
  }

  private reachable(port: number): Service | undefined {
    return this.services.findLast(
      (service) => service.port === port && ALL_INTERFACES.includes(service.host),
    );
  }

  private nextTask(): Task | undefined {
    return this.tasks.reduce<Task | undefined>(
      (next, task) => (next && next.wakeAt <= task.wakeAt ? next : task),
      undefined,
    );
  }

  private resume(task: Task): void {
    const { done, value } = task.program.next();
    task.wakeAt = this.clock + (done ? Number.POSITIVE_INFINITY : value);
    const [life] = this.tasks;
    if (done && life && task !== life) {
      this.tasks = this.tasks.filter((other) => other !== task);
      // A shell may wait for its background programs.
      life.wakeAt = Number.isFinite(life.wakeAt) ? life.wakeAt : this.clock;
    }
  }
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** After a command ran this long, the next pause is the first one again. */
const STEADY_AFTER_MS = 600_000;
const BUSY_AFTER_REQUEST_MS = 15_000;
const ALL_INTERFACES = ["0.0.0.0", "::", "[::]", "*", ""];
