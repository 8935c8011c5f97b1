import { setImmediate } from "node:timers/promises";
import { parseAnyJson } from "../core/json";
import { Changes } from "./changes";
import type { FileLock } from "./file-lock";
import { MAX_BYTES, PrivateLog, readPrivateFile, writePrivateFile } from "./private-file";
import { type Change, replay } from "./replay";
import type { JobKeeper } from "./saved-account";
import { resumeAt, type Snapshot, type Times, takeSnapshot, takeTimes, VERSION } from "./snapshot";
import { changesProblem, type Line, stateProblem } from "./state-schema";
import type { World } from "./world";

/** Bytes of changes after which a snapshot replaces them, if it is not longer itself. */
const LEAST_CHANGES = 1024 * 1024;

/** @returns null if there is no such file yet. */
export function readState(file: string): Snapshot | null {
  const text = readPrivateFile(file);
  if (text === null) {
    return null;
  }
  const [first, ...changes] = linesOf(text);
  if (!isSnapshot(first?.value)) {
    throw new Error(
      `${file} is not a state file of this emulator. Name another file, or delete it.`,
    );
  }
  try {
    return stateOf(first.value, changes);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${file} is damaged: ${message}. Name another file, or delete it.`);
  }
}

function isSnapshot(value: unknown): value is Snapshot {
  return (value as Snapshot | undefined)?.version === VERSION;
}

/** @throws if any of it does not fit */
function stateOf(snapshot: Snapshot, changes: readonly Line[]): Snapshot {
  check(stateProblem(snapshot) ?? changesProblem(changes));
  if (changes.length === 0) {
    return snapshot;
  }
  const state = replay(
    snapshot,
    changes.map(({ value }) => value as Change),
  );
  check(stateProblem(state));
  return state;
}

function check(problem: string | null): void {
  if (problem !== null) {
    throw new Error(problem);
  }
}

/** The snapshot and the changes after it. */
function linesOf(text: string): Line[] {
  const whole = parseAnyJson(text);
  if (whole !== undefined) {
    return [{ number: 1, value: whole }];
  }
  // A killed emulator may leave part of a last line, which nothing has confirmed.
  const lines = text.split("\n").slice(0, -1);
  return lines
    .map((line, index) => ({
      number: index + 1,
      value: line.trim() === "" ? null : parseAnyJson(line),
    }))
    .filter(({ value }) => value !== null);
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

  /** @param lock is released at the end */
  constructor(
    private readonly world: World,
    private readonly file: string,
    private readonly lock: FileLock,
    private readonly jobs: JobKeeper,
  ) {}

  /** Writes everything up to now. Calls of the same moment, and during a write, share the next one. */
  saved(): Promise<void> {
    this.next ??= settled(this.writing)
      .then(() => setImmediate())
      .then(() => {
        this.next = null;
        this.writing = this.write(false);
        return this.writing;
      });
    return this.next;
  }

  /** Writes a snapshot, marked as an orderly stop. */
  async close(): Promise<void> {
    try {
      await settled(this.next ?? this.writing);
      await this.write(true);
    } finally {
      await this.open?.log.close();
      this.lock.release();
    }
  }

  private async write(isStop: boolean): Promise<void> {
    const { open } = this;
    this.open = null;
    try {
      const takesMore = open?.changes.store === this.world.store && open.log.isInPlace();
      this.open = await (open && takesMore && !isStop
        ? this.addChange(open)
        : this.writeSnapshot(isStop));
    } finally {
      if (open && this.open?.log !== open.log) {
        await open.log.close();
      }
    }
  }

  private async addChange(open: OpenState): Promise<OpenState> {
    const { log, changes, room } = open;
    const times = takeTimes(this.world, false);
    const changed = changes.take();
    // The clock may have been moved, or run fast for long.
    if (changed === null && times.now <= resumeAt(open.times, this.world.options.time())) {
      return open;
    }
    const change: Change = { ...times, ...(changed ?? NOTHING) };
    const line = `${JSON.stringify(change)}\n`;
    const bytes = Buffer.byteLength(line);
    if (bytes > room) {
      return this.writeSnapshot(false);
    }
    log.append(line);
    return { log, changes, times, room: room - bytes };
  }

  private async writeSnapshot(isStop: boolean): Promise<OpenState> {
    const { world, file, jobs } = this;
    const changes = new Changes(world, jobs);
    const times = takeTimes(world, isStop);
    const line = `${JSON.stringify(takeSnapshot(world, jobs, isStop))}\n`;
    const bytes = await writePrivateFile(file, line);
    const log = await PrivateLog.open(file);
    const room = Math.min(Math.max(LEAST_CHANGES, bytes), MAX_BYTES - bytes);
    return { log, changes, times, room };
  }
}

const NOTHING = { accounts: [], rows: [] };

interface OpenState {
  readonly log: PrivateLog;
  /** Since the last line. */
  readonly changes: Changes;
  /** How many more bytes the file takes before a snapshot replaces it. */
  readonly room: number;
  /** In the last line. */
  readonly times: Times;
}

function settled(promise: Promise<void>): Promise<void> {
  return promise.catch(() => {});
}
