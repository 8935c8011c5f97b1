import type { Collection } from "../core/collection";
import { type Entry, LEDGER_KINDS, type Ledger, type LedgerKind, openEntry } from "../money/ledger";
import { ACCOUNT_OBJECTS, type AccountObjects } from "./account-objects";
import type { Endpoint } from "./endpoint";
import type { Life, Pod } from "./pod";
import { type Account, createAccount, type NetworkVolume, type Template } from "./store";
import type { World } from "./world";

/** Ledger entries are referred to by id, and files are stored as lists. */
type Saved<T> = Omit<T, "entry" | "storage"> & { files?: [string, number][] | null };

export interface SavedEndpoint extends Saved<Endpoint> {
  queue: { jobs: object[] } | null;
}

/** A job whose saved form changes only together with its mark. */
export interface SavedJob {
  readonly id: string;
  readonly mark: string;
  save(): object;
}

/** Keeps the queues of endpoints, in a form that `stateProblem` accepts. */
export interface JobKeeper {
  /** The queue without its jobs; null if the endpoint never had any. */
  save(endpoint: Endpoint): object | null;
  jobs(endpoint: Endpoint): SavedJob[];
  restore(world: World, endpoint: Endpoint, saved: object): void;
  /** Called once the whole world is restored. */
  resume(world: World, endpoint: Endpoint): void;
}

/** Earlier releases had only registries, with fewer properties. */
type SavedObjects = { [K in keyof AccountObjects]?: Saved<AccountObjects[K]>[] };

/** An account without what belongs to it. */
export type AccountSettings = Pick<Account, "number" | "apiKey" | "credit" | "meter" | "sshKeys">;

/** An account as the state file has it. */
export interface SavedAccount extends AccountSettings, SavedObjects {
  pods: Saved<Pod>[];
  /** Absent in files of earlier releases. */
  endpoints?: SavedEndpoint[];
  templates: Saved<Template>[];
  networkVolumes: Saved<NetworkVolume>[];
}

export function saveAccount(account: Account, jobs: JobKeeper): SavedAccount {
  const lists = LEDGER_KINDS.map((kind) => [
    kind,
    [...listOf(account, kind).peek()].map((item) => saveObject(kind, item, jobs)),
  ]);
  const endpoints = [...account.endpoints.peek()].map((endpoint) => saveEndpoint(endpoint, jobs));
  return { ...saveSettings(account), ...Object.fromEntries(lists), endpoints } as SavedAccount;
}

export function saveSettings(account: Account): AccountSettings {
  const { number, apiKey, credit, meter, sshKeys } = account;
  return { number, apiKey, credit, meter, sshKeys };
}

/** An object of any kind. */
export type Kept = Pick<Pod, "id" | "seq" | "entry">;

/** The account's objects of one kind. */
export function listOf(account: Account, kind: LedgerKind): Collection<Kept> {
  return account[kind] as unknown as Collection<Kept>;
}

function saveEndpoint(endpoint: Endpoint, jobs: JobKeeper): object {
  const queue = jobs.save(endpoint);
  const saved = jobs.jobs(endpoint).map((job) => job.save());
  return { ...saveObject("endpoints", endpoint, jobs), queue: queue && { ...queue, jobs: saved } };
}

/** Without the jobs of an endpoint. */
export function saveObject(kind: LedgerKind, object: Kept, jobs: JobKeeper): object {
  const { entry, ...rest } = object;
  switch (kind) {
    case "pods": {
      const { storage, life, ...pod } = rest as Omit<Pod, "entry">;
      return { ...pod, life: life && saveLife(life), files: storage && [...storage.files] };
    }
    case "networkVolumes": {
      const { storage, ...volume } = rest as Omit<NetworkVolume, "entry">;
      return { ...volume, files: [...storage.files] };
    }
    case "endpoints": {
      const { fleet, ...endpoint } = rest as Omit<Endpoint, "entry">;
      const workers = fleet.map((worker) => ({ ...worker, container: null }));
      return { ...endpoint, fleet: workers, queue: jobs.save(object as Endpoint) };
    }
    default:
      return rest;
  }
}

/** Containers are replayed, and the SSH ports of a run end with it. */
function saveLife({ sshPort, ...life }: Life): Life {
  return { ...life, runtime: null };
}

/** Adds what the account has to the world's ledger, if an earlier release did not keep it there. */
export function restoreAccount(world: World, saved: SavedAccount, jobs: JobKeeper): Account {
  const { store, clock } = world;
  const { number, apiKey, credit, meter, sshKeys } = saved;
  const account: Account = { ...createAccount(number, apiKey, credit, clock), meter, sshKeys };
  const entryOf = (kind: LedgerKind, id: string) => findEntry(store.ledger, kind, id);
  for (const kind of ACCOUNT_OBJECTS) {
    restoreObjects(store.ledger, account, kind, saved[kind] ?? [], clock.now());
  }
  for (const template of saved.templates) {
    account.templates.add({ ...template, entry: entryOf("templates", template.id) });
  }
  for (const { files, ...volume } of saved.networkVolumes) {
    const storage = { files: new Map(files) };
    account.networkVolumes.add({ ...volume, storage, entry: entryOf("networkVolumes", volume.id) });
  }
  for (const { queue, ...rest } of saved.endpoints ?? []) {
    const fleet = rest.fleet.map((worker) => ({ ...worker, ...unoccupied(rest, worker) }));
    const endpoint = { ...rest, fleet, entry: entryOf("endpoints", rest.id) };
    account.endpoints.add(endpoint);
    if (queue) {
      jobs.restore(world, endpoint, queue);
    }
  }
  for (const { files, ...pod } of saved.pods) {
    const storage = files ? { files: new Map(files) } : null;
    account.pods.add({ ...pod, storage, entry: entryOf("pods", pod.id) });
  }
  return account;
}

/** No request is kept with its worker: those of a queue wait again. */
function unoccupied(
  { advancedTo }: Pick<Endpoint, "advancedTo">,
  { phase, idleSince }: Endpoint["fleet"][number],
) {
  return { busy: 0, idleSince: phase === "ready" ? (idleSince ?? advancedTo) : null };
}

/** Completes what an earlier release kept of a registry. */
function restoreObjects<K extends keyof AccountObjects>(
  ledger: Ledger,
  account: Account,
  kind: K,
  saved: readonly Saved<AccountObjects[K]>[],
  now: number,
): void {
  const before = kind === "registries" ? { username: "", accepted: true } : {};
  for (const item of saved) {
    const object = { ...before, ...item } as unknown as AccountObjects[K] & { name: string };
    const entry =
      ledger[kind].find(({ id }) => id === object.id) ??
      openEntry(ledger, kind, account, object, now);
    const list = account[kind] as { add(item: AccountObjects[K]): void };
    list.add({ ...object, entry });
  }
}

function findEntry(ledger: Ledger, kind: LedgerKind, id: string): Entry {
  const entry = ledger[kind].find((one) => one.id === id);
  if (!entry) {
    throw new Error(`the state file has no ledger entry for ${id}`);
  }
  return entry;
}
