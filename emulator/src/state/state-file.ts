import { setImmediate } from "node:timers/promises";
import { Changes } from "./changes";
import type { FileLock } from "./file-lock";
import { PrivateLog, readPrivateFile, writePrivateFile } from "./private-file";
import { type Change, replay } from "./replay";
import type { JobKeeper } from "./saved-account";
import { type Snapshot, takeSnapshot, takeTimes, VERSION } from "./snapshot";
import { changesProblem, stateProblem } from "./state-schema";
import type { World } from "./world";

/** In real milliseconds. */
const SAVE_TIME_EVERY_MS = 5_000;
/** Characters of changes after which a snapshot replaces them, if it is not longer itself. */
const LEAST_CHANGES = 1024 * 1024;

/** @returns null if there is no such file yet. */
export function readState(file: string): Snapshot | null {
  const text = readPrivateFile(file);
  if (text === null) {
    return null;
  }
  const [snapshot, ...changes] = linesOf(text);
  if (!isSnapshot(snapshot)) {
    throw new Error(
      `${file} is not a state file of this emulator. Name another file, or delete it.`,
    );
  }
  try {
    return stateOf(snapshot, changes);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${file} is damaged: ${message}. Name another file, or delete it.`);
  }
}

function isSnapshot(value: unknown): value is Snapshot {
  return (value as Snapshot | undefined)?.version === VERSION;
}

/** @throws if any of it does not fit */
function stateOf(snapshot: Snapshot, changes: readonly unknown[]): Snapshot {
  check(stateProblem(snapshot) ?? changesProblem(changes));
  if (changes.length === 0) {
    return snapshot;
  }
  const state = replay(snapshot, changes as Change[]);
  check(stateProblem(state));
  return state;
}

function check(problem: string | null): void {
  if (problem !== null) {
    throw new Error(problem);
  }
}

/** The snapshot and the changes after it; undefined for what is not JSON. */
function linesOf(text: string): unknown[] {
  const whole = parse(text);
  if (whole !== undefined) {
    return [whole];
  }
  // A killed emulator may leave part of a last line, which nothing has confirmed.
  const lines = text.split("\n").slice(0, -1);
  return lines.map(parse);
}

/**
 * Keeps the world in a file: a snapshot, and a line for each save after it. Whatever `saved` has
 * confirmed survives a kill.
 */
export class StateFile {
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;
  /** Null while only a new snapshot can make the file right. */
  private open: OpenState | null = null;
  private readonly timer: NodeJS.Timeout | null;

  /** @param lock is released at the end */
  constructor(
    private readonly world: World,
    private readonly file: string,
    private readonly lock: FileLock,
    private readonly jobs: JobKeeper,
  ) {
    const isFast = world.clock.pace !== 1;
    this.timer = isFast ? setInterval(() => this.saveTime(), SAVE_TIME_EVERY_MS).unref() : null;
  }

  /** Writes everything up to now. Calls of the same moment, and during a write, share the next one. */
  saved(): Promise<void> {
    this.next ??= settled(this.writing)
      .then(() => setImmediate())
      .then(() => {
        this.next = null;
        this.writing = this.write(this.world.options.time());
        return this.writing;
      });
    return this.next;
  }

  /** Writes a snapshot, marked as an orderly stop. */
  async close(): Promise<void> {
    if (this.timer) {
      clearInterval(this.timer);
    }
    try {
      await settled(this.next ?? this.writing);
      await this.write();
    } finally {
      await this.open?.log.close();
      this.lock.release();
    }
  }

  /** A request that changes something says it if the disk is full. */
  private saveTime(): void {
    this.saved().catch(() => {});
  }

  private async write(savedAt?: number): Promise<void> {
    const { open, world } = this;
    this.open = null;
    try {
      const takesMore = open && open.room > 0 && open.changes.store === world.store;
      this.open =
        savedAt !== undefined && takesMore && open.log.isInPlace()
          ? this.addChange(open, savedAt)
          : await this.writeSnapshot(savedAt);
    } finally {
      if (open && this.open?.log !== open.log) {
        await open.log.close();
      }
    }
  }

  private addChange({ log, changes, room }: OpenState, savedAt: number): OpenState {
    const { world } = this;
    const change: Change = { ...takeTimes(world, savedAt), ...changes.take(world) };
    const line = `${JSON.stringify(change)}\n`;
    log.append(line);
    return { log, changes, room: room - line.length };
  }

  private async writeSnapshot(savedAt: number | undefined): Promise<OpenState> {
    const { world, file, jobs } = this;
    const changes = new Changes(world, jobs);
    const line = `${JSON.stringify(takeSnapshot(world, jobs, savedAt))}\n`;
    await writePrivateFile(file, line);
    const log = await PrivateLog.open(file);
    return { log, changes, room: Math.max(LEAST_CHANGES, line.length) };
  }
}

interface OpenState {
  readonly log: PrivateLog;
  /** Since the last line. */
  readonly changes: Changes;
  /** How many characters the file takes before a snapshot is shorter. */
  readonly room: number;
}

function settled(promise: Promise<void>): Promise<void> {
  return promise.catch(() => {});
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
