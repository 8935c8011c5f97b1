import { type Entry, emptyLedger, type Ledger, type LedgerKind } from "../money/ledger";
import type { Pool } from "../stock/capacity";
import type { Endpoint } from "./endpoint";
import type { FileLock } from "./file-lock";
import type { Life, Pod } from "./pod";
import { readPrivateFile, writePrivateFile } from "./private-file";
import { stateProblem } from "./state-schema";
import {
  type Account,
  createAccount,
  type NetworkVolume,
  type Registry,
  type Template,
} from "./store";
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
  ledger: Ledger;
  lateLogs: [string, { account: number; lines: Pod["history"] }][];
  pools: Pool[];
  nextSeq: number;
}

/** Ledger entries are referred to by id, and files are stored as lists. */
type Saved<T> = Omit<T, "entry" | "storage"> & { files?: [string, number][] | null };

interface SavedAccount extends Pick<Account, "number" | "apiKey" | "credit" | "meter" | "sshKeys"> {
  pods: Saved<Pod>[];
  /** Absent in files of earlier releases. */
  endpoints?: Saved<Endpoint>[];
  templates: Saved<Template>[];
  networkVolumes: Saved<NetworkVolume>[];
  registries: Registry[];
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
export function restore(world: World, snapshot: Snapshot): void {
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
  store.accounts = snapshot.accounts.map((saved) => restoreAccount(world, saved));
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
    return writePrivateFile(this.file, JSON.stringify(takeSnapshot(this.world, savedAt)));
  }
}

function settled(promise: Promise<void>): Promise<void> {
  return promise.catch(() => {});
}

function takeSnapshot({ options, clock, store, capacity }: World, savedAt?: number): Snapshot {
  return {
    version: VERSION,
    seed: options.seed,
    now: clock.now(),
    ...(savedAt !== undefined && { savedAt, pace: clock.pace }),
    accounts: store.accounts.map(saveAccount),
    ledger: store.ledger,
    lateLogs: [...store.lateLogs],
    pools: capacity.known(),
    nextSeq: store.nextSeq,
  };
}

function saveAccount(account: Account): SavedAccount {
  const { number, apiKey, credit, meter, sshKeys } = account;
  return {
    number,
    apiKey,
    credit,
    meter,
    sshKeys,
    pods: [...account.pods.all()].map(({ entry, storage, ...pod }) => ({
      ...pod,
      life: pod.life && saveLife(pod.life),
      files: storage && [...storage.files],
    })),
    endpoints: [...account.endpoints.all()].map(({ entry, ...endpoint }) => ({
      ...endpoint,
      fleet: endpoint.fleet.map((worker) => ({ ...worker, container: null })),
    })),
    templates: [...account.templates.all()].map(({ entry, ...template }) => template),
    networkVolumes: [...account.networkVolumes.all()].map(({ entry, storage, ...volume }) => ({
      ...volume,
      files: [...storage.files],
    })),
    registries: [...account.registries.all()],
  };
}

/** Containers are replayed, and the SSH ports of a run end with it. */
function saveLife({ sshPort, ...life }: Life): Life {
  return { ...life, runtime: null };
}

function restoreAccount({ store, clock }: World, saved: SavedAccount): Account {
  const { number, apiKey, credit, meter, sshKeys } = saved;
  const account: Account = { ...createAccount(number, apiKey, credit, clock), meter, sshKeys };
  const entryOf = (kind: LedgerKind, id: string) => findEntry(store.ledger, kind, id);
  for (const registry of saved.registries) {
    account.registries.add(registry);
  }
  for (const template of saved.templates) {
    account.templates.add({ ...template, entry: entryOf("templates", template.id) });
  }
  for (const { files, ...volume } of saved.networkVolumes) {
    const storage = { files: new Map(files) };
    account.networkVolumes.add({ ...volume, storage, entry: entryOf("networkVolumes", volume.id) });
  }
  for (const endpoint of saved.endpoints ?? []) {
    account.endpoints.add({ ...endpoint, entry: entryOf("endpoints", endpoint.id) });
  }
  for (const { files, ...pod } of saved.pods) {
    const storage = files ? { files: new Map(files) } : null;
    account.pods.add({ ...pod, storage, entry: entryOf("pods", pod.id) });
  }
  return account;
}

function findEntry(ledger: Ledger, kind: LedgerKind, id: string): Entry {
  const entry = ledger[kind].find((one) => one.id === id);
  if (!entry) {
    throw new Error(`the state file has no ledger entry for ${id}`);
  }
  return entry;
}

function parse(text: string): Snapshot | null {
  try {
    return JSON.parse(text) as Snapshot;
  } catch {
    return null;
  }
}
