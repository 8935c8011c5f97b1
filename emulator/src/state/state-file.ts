import { emptyLedger, type Ledger } from "../money/ledger";
import type { Pool } from "../stock/capacity";
import type { FileLock } from "./file-lock";
import type { Pod } from "./pod";
import { readPrivateFile, writePrivateFile } from "./private-file";
import { type JobKeeper, restoreAccount, type SavedAccount, saveAccount } from "./saved-account";
import { stateProblem } from "./state-schema";
import type { World } from "./world";

/** The whole world, except what containers can recompute from their start. */
export interface Snapshot {
  version: 1;
  seed: number;
  /** Virtual milliseconds. */
  now: number;
  /** Real milliseconds since the epoch. Absent after an orderly stop: no time has passed since then. */
  savedAt?: number;
  /** Virtual milliseconds per real one. @default 1 */
  pace?: number;
  accounts: SavedAccount[];
  /** Without the lists of kinds that an earlier release did not have. */
  ledger: Partial<Ledger>;
  lateLogs: [string, { account: number; lines: Pod["history"] }][];
  pools: Pool[];
  nextSeq: number;
}

const VERSION = 1;
/** In real milliseconds. With fast time, a killed emulator may have run on for that long. */
const SAVE_TIME_EVERY_MS = 5_000;
const MOST_UNSAVED_MS = 30_000;

/** @returns null if there is no such file yet. */
export function readSnapshot(file: string): Snapshot | null {
  const text = readPrivateFile(file);
  if (text === null) {
    return null;
  }
  const snapshot = parse(text);
  if (snapshot?.version !== VERSION) {
    throw new Error(
      `${file} is not a state file of this emulator. Name another file, or delete it.`,
    );
  }
  const problem = stateProblem(snapshot);
  if (problem !== null) {
    throw new Error(`${file} is damaged: ${problem}. Name another file, or delete it.`);
  }
  return snapshot;
}

/**
 * The virtual time to continue from. After a kill, it is later than any time that was shown, so
 * that no bill shrinks.
 * @param realNow real milliseconds since the epoch
 */
export function resumeAt({ now, savedAt, pace = 1 }: Snapshot, realNow: number): number {
  if (savedAt === undefined) {
    return now;
  }
  const elapsed = Math.max(0, realNow - savedAt);
  return now + (pace === 1 ? elapsed : Math.min(elapsed, MOST_UNSAVED_MS) * pace);
}

/** Restores a snapshot into a new world. */
export function restore(world: World, snapshot: Snapshot, jobs: JobKeeper): void {
  const { store, capacity } = world;
  store.ledger = { ...emptyLedger(), ...snapshot.ledger };
  store.lateLogs = new Map(snapshot.lateLogs);
  store.nextSeq = snapshot.nextSeq;
  for (const { free, ...place } of snapshot.pools) {
    const pool = capacity.find(place);
    if (pool) {
      pool.free = free;
    }
  }
  const fresh = store.accounts.filter(
    ({ apiKey }) => !snapshot.accounts.some((saved) => saved.apiKey === apiKey),
  );
  store.accounts = snapshot.accounts.map((saved) => restoreAccount(world, saved, jobs));
  for (const account of fresh) {
    store.accounts.push({ ...account, number: store.accounts.length + 1 });
  }
}

/** Keeps the world in a file. Whatever `saved` has confirmed survives a kill. */
export class StateFile {
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;
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

  /** Writes everything up to now. Calls during a write share the next one. */
  saved(): Promise<void> {
    this.next ??= settled(this.writing).then(() => {
      this.next = null;
      this.writing = this.write(this.world.options.time());
      return this.writing;
    });
    return this.next;
  }

  /** Writes once more, marked as an orderly stop. */
  async close(): Promise<void> {
    if (this.timer) {
      clearInterval(this.timer);
    }
    try {
      await settled(this.next ?? this.writing);
      await this.write();
    } finally {
      this.lock.release();
    }
  }

  /** A request that changes something says it if the disk is full. */
  private saveTime(): void {
    this.saved().catch(() => {});
  }

  private write(savedAt?: number): Promise<void> {
    return writePrivateFile(
      this.file,
      JSON.stringify(takeSnapshot(this.world, this.jobs, savedAt)),
    );
  }
}

function settled(promise: Promise<void>): Promise<void> {
  return promise.catch(() => {});
}

function takeSnapshot(world: World, jobs: JobKeeper, savedAt?: number): Snapshot {
  const { options, clock, store, capacity } = world;
  return {
    version: VERSION,
    seed: options.seed,
    now: clock.now(),
    ...(savedAt !== undefined && { savedAt, pace: clock.pace }),
    accounts: store.accounts.map((account) => saveAccount(account, jobs)),
    ledger: store.ledger,
    lateLogs: [...store.lateLogs],
    pools: capacity.known(),
    nextSeq: store.nextSeq,
  };
}

function parse(text: string): Snapshot | null {
  try {
    return JSON.parse(text) as Snapshot;
  } catch {
    return null;
  }
}
