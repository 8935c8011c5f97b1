import type { LedgerKind } from "../money/ledger";
import type { Pool } from "../stock/capacity";
import type { AccountSettings, SavedAccount, SavedEndpoint } from "./saved-account";
import type { Snapshot, Times } from "./snapshot";

type ListName =
  | `accounts/${number}/${LedgerKind}`
  | `ledger/${LedgerKind}`
  | `jobs/${string}`
  | "lateLogs"
  | "pools";

/** An item of a list of the state as it is now, or null if it is gone. */
export type Row = [list: ListName, key: string, item: unknown];

/** What a save adds to a snapshot. */
export interface Change extends Times {
  accounts: AccountSettings[];
  rows: Row[];
}

type Items = Map<string, unknown>;

/** The snapshot after all the changes. @throws if they name an account that it does not have */
export function replay(snapshot: Snapshot, changes: readonly Change[]): Snapshot {
  const lists = new Map<ListName, Items>();
  let state = snapshot;
  for (const { accounts, rows, ...times } of changes) {
    const { savedAt, pace, ...rest } = state;
    state = { ...rest, ...times };
    for (const settings of accounts) {
      Object.assign(accountOf(state, settings.number), settings);
    }
    for (const [name, key, item] of rows) {
      const items = lists.get(name) ?? itemsOf(state, name);
      lists.set(name, items);
      if (item === null) {
        items.delete(key);
      } else {
        const isEndpoint = /^accounts\/\d+\/endpoints$/.test(name);
        items.set(key, isEndpoint ? withJobs(item, items.get(key)) : item);
      }
    }
  }
  // The jobs lie within the endpoints.
  const isOfJobs = ([name]: [ListName, Items]) => name.startsWith("jobs/");
  const inOrder = [...lists].sort((one, other) => Number(isOfJobs(one)) - Number(isOfJobs(other)));
  for (const [name, items] of inOrder) {
    const [holder, field] = place(state, name);
    holder[field] = [...items.values()];
  }
  return state;
}

/** A row of an endpoint has no jobs: it keeps those it had. */
function withJobs(endpoint: unknown, before: unknown): unknown {
  const { queue } = endpoint as SavedEndpoint;
  const jobs = (before as SavedEndpoint | undefined)?.queue?.jobs ?? [];
  return { ...(endpoint as SavedEndpoint), queue: queue && { ...queue, jobs } };
}

/** Every pool has another one. */
export function poolKey({ gpuTypeId, cloud, dataCenterId, cudaVersion }: Pool): string {
  return [gpuTypeId, cloud, dataCenterId, cudaVersion].join("/");
}

function itemsOf(state: Snapshot, name: ListName): Items {
  const [holder, field] = place(state, name);
  return new Map((holder[field] ?? []).map((item) => [keyOf(name, item), item]));
}

function keyOf(name: ListName, item: unknown): string {
  if (name === "lateLogs") {
    return (item as [string, unknown])[0];
  }
  return name === "pools" ? poolKey(item as Pool) : (item as { id: string }).id;
}

/** Where the list is, as an object and the name of its field. */
function place(state: Snapshot, name: ListName): [Record<string, unknown[]>, string] {
  const [start = "", first = "", kind = ""] = name.split("/");
  const holders: Record<string, () => [object, string]> = {
    accounts: () => [accountOf(state, Number(first)), kind],
    jobs: () => [queueOf(state, first), "jobs"],
    ledger: () => [state.ledger, first],
  };
  const [holder, field] = holders[start]?.() ?? [state, start];
  return [holder as Record<string, unknown[]>, field];
}

/** An endpoint that is gone by the end has none: what was to be put there is dropped. */
function queueOf({ accounts }: Snapshot, endpointId: string): object {
  const endpoints = accounts.flatMap((account) => account.endpoints ?? []);
  return endpoints.find(({ id }) => id === endpointId)?.queue ?? {};
}

function accountOf({ accounts }: Snapshot, number: number): SavedAccount {
  const account = accounts.find((one) => one.number === number);
  if (!account) {
    throw new Error(`it has no account ${number}`);
  }
  return account;
}
