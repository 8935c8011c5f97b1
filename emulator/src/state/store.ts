import type { LogLine, Storage } from "../containers/runtime";
import { Collection } from "../core/collection";
import { type Meter, openMeter, type VolumeType } from "../money/billing";
import { type Entry, emptyLedger, type Ledger } from "../money/ledger";
import { ACCOUNT_OBJECTS, type AccountObjects } from "./account-objects";
import type { Command } from "./container-command";
import type { Endpoint } from "./endpoint";
import type { Pod, PodMounts } from "./pod";

export interface Template {
  readonly id: string;
  readonly seq: number;
  name: string;
  image: string;
  command: Command;
  disk: number;
  ports: string[];
  env: Record<string, string>;
  registry: string | null;
  mounts: Pick<PodMounts, "persistent">;
  serverless: boolean;
  public: boolean;
  category: "CPU" | "NVIDIA" | "AMD";
  startSsh: boolean;
  startJupyter: boolean;
  allowedCudaVersions: string[];
  readonly entry: Entry;
}

export interface NetworkVolume {
  readonly id: string;
  readonly seq: number;
  name: string;
  size: number;
  readonly dataCenter: string;
  readonly type: VolumeType;
  readonly storage: Storage;
  readonly entry: Entry;
}

/** The lists of an account's smaller objects. */
type ObjectLists = { readonly [K in keyof AccountObjects]: Collection<AccountObjects[K]> };

/** One API key and everything that belongs to it. */
export interface Account extends ObjectLists {
  /** From 1, in the order of the keys. */
  readonly number: number;
  readonly apiKey: string;
  /** Total dollars paid in. */
  credit: number;
  /** Dollars spent so far. */
  readonly meter: Meter;
  sshKeys: string[];
  readonly pods: Collection<Pod>;
  readonly endpoints: Collection<Endpoint>;
  readonly templates: Collection<Template>;
  readonly networkVolumes: Collection<NetworkVolume>;
}

export interface Store {
  accounts: Account[];
  ledger: Ledger;
  /** Logs of deleted pods, by id: RunPod shows them for some time after. */
  lateLogs: Map<string, { account: number; lines: LogLine[] }>;
  /** Given to the next object. */
  nextSeq: number;
  /** The earliest time at which a timer inside a container may be due (virtual milliseconds). */
  nextDeadline: number;
}

export function accountOf(store: Store, apiKey: string | null): Account | undefined {
  return store.accounts.find((account) => account.apiKey === apiKey);
}

interface Times {
  now(): number;
  wall(): number;
}

export function createStore(apiKeys: readonly string[], credit: number, clock: Times): Store {
  return {
    accounts: apiKeys.map((apiKey, index) => createAccount(index + 1, apiKey, credit, clock)),
    ledger: emptyLedger(),
    lateLogs: new Map(),
    nextSeq: 1,
    nextDeadline: 0,
  };
}

export function createAccount(
  number: number,
  apiKey: string,
  credit: number,
  clock: Times,
): Account {
  return {
    number,
    apiKey,
    credit,
    meter: openMeter(clock.now()),
    sshKeys: [],
    pods: new Collection(clock.wall),
    endpoints: new Collection(clock.wall),
    templates: new Collection(clock.wall),
    networkVolumes: new Collection(clock.wall),
    ...(Object.fromEntries(
      ACCOUNT_OBJECTS.map((kind) => [kind, new Collection(clock.wall)]),
    ) as unknown as ObjectLists),
  };
}
