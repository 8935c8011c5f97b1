import { emptyLedger, type Ledger } from "../money/ledger";
import type { Pool } from "../stock/capacity";
import type { Pod } from "./pod";
import { type JobKeeper, restoreAccount, type SavedAccount, saveAccount } from "./saved-account";
import type { World } from "./world";

/** The times of a state, and what its objects are counted with. */
export interface Times {
  /** Virtual milliseconds. */
  now: number;
  /** Real milliseconds since the epoch. Absent in files that earlier releases have closed. */
  savedAt?: number;
  /** Virtual milliseconds per real one. Absent after an orderly stop. @default 1 */
  pace?: number;
  nextSeq: number;
}

/** The whole world, except what containers can recompute from their start. */
export interface Snapshot extends Times {
  version: typeof VERSION;
  seed: number;
  accounts: SavedAccount[];
  /** Without the lists of kinds that an earlier release did not have. */
  ledger: Partial<Ledger>;
  lateLogs: [string, { account: number; lines: Pod["history"] }][];
  pools: Pool[];
}

export const VERSION = 1;
/** In real milliseconds. With fast time, a killed emulator may have run on for that long. */
const MOST_UNSAVED_MS = 30_000;

/** @param isStop whether time runs no further than this */
export function takeTimes({ clock, store, options }: World, isStop: boolean): Times {
  return {
    now: clock.now(),
    savedAt: options.time(),
    ...(!isStop && { pace: clock.pace }),
    nextSeq: store.nextSeq,
  };
}

export function takeSnapshot(world: World, jobs: JobKeeper, isStop: boolean): Snapshot {
  const { options, store, capacity } = world;
  return {
    version: VERSION,
    seed: options.seed,
    ...takeTimes(world, isStop),
    accounts: store.accounts.map((account) => saveAccount(account, jobs)),
    ledger: store.ledger,
    lateLogs: [...store.lateLogs],
    pools: capacity.known(),
  };
}

/**
 * The virtual time to continue from: as much later as real time has passed. After a kill, it is
 * later than any time that was shown, so that no bill shrinks.
 * @param realNow real milliseconds since the epoch
 */
export function resumeAt({ now, savedAt, pace = 1 }: Times, realNow: number): number {
  if (savedAt === undefined) {
    return now;
  }
  const elapsed = Math.max(0, realNow - savedAt);
  const mayHaveRun = Math.min(elapsed, MOST_UNSAVED_MS);
  return now + mayHaveRun * pace + (elapsed - mayHaveRun);
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
  for (const endpoint of store.accounts.flatMap(({ endpoints }) => [...endpoints.peek()])) {
    jobs.resume(world, endpoint);
  }
}
