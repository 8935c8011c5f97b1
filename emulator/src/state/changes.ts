import type { Collection } from "../core/collection";
import { LEDGER_KINDS, type LedgerKind } from "../money/ledger";
import type { Pool } from "../stock/capacity";
import { type Change, poolKey, type Row } from "./replay";
import { type JobKeeper, type Kept, listOf, saveObject, saveSettings } from "./saved-account";
import type { Times } from "./snapshot";
import type { Account, Store } from "./store";
import type { World } from "./world";

/** They change without being asked for: workers end, and containers of pods write to volumes. */
const COMPARED: ReadonlySet<LedgerKind> = new Set(["endpoints", "networkVolumes"]);

/** Finds what has changed in a world since the last time, at first since its creation. */
export class Changes {
  readonly store: Store;
  private readonly compared = new Map<Kept, string>();
  private readonly free = new Map<Pool, number>();
  private readonly lateLogs = new Map<string, unknown>();

  constructor(
    world: World,
    private readonly jobs: JobKeeper,
  ) {
    this.store = world.store;
    for (const account of this.store.accounts) {
      for (const kind of LEDGER_KINDS) {
        listOf(account, kind).track();
      }
    }
    this.take(world);
  }

  take({ capacity }: Pick<World, "capacity">): Omit<Change, keyof Times> {
    const { accounts } = this.store;
    const rows = [
      ...accounts.flatMap((account) => this.objectRows(account)),
      ...this.poolRows(capacity.known()),
      ...this.lateLogRows(),
    ];
    return { accounts: accounts.map(saveSettings), rows };
  }

  private objectRows(account: Account): Row[] {
    const rows: Row[] = [];
    for (const kind of LEDGER_KINDS) {
      const list = listOf(account, kind);
      const touched = list.takeTouched();
      const changed = COMPARED.has(kind)
        ? this.differing(kind, list, [...touched, ...list.peek()])
        : touched;
      for (const item of changed) {
        const saved = list.has(item) ? saveObject(kind, item, this.jobs) : null;
        rows.push([`accounts/${account.number}/${kind}`, item.id, saved]);
        rows.push([`ledger/${kind}`, item.id, item.entry]);
      }
    }
    return rows;
  }

  private differing(kind: LedgerKind, list: Collection<Kept>, items: Iterable<Kept>): Kept[] {
    return [...new Set(items)].filter((item) => {
      if (!list.has(item)) {
        this.compared.delete(item);
        return true;
      }
      const text = JSON.stringify([saveObject(kind, item, this.jobs), item.entry]);
      const isSame = this.compared.get(item) === text;
      this.compared.set(item, text);
      return !isSame;
    });
  }

  private poolRows(pools: readonly Pool[]): Row[] {
    const changed = pools.filter((pool) => this.free.get(pool) !== pool.free);
    for (const pool of changed) {
      this.free.set(pool, pool.free);
    }
    return changed.map((pool) => ["pools", poolKey(pool), pool]);
  }

  private lateLogRows(): Row[] {
    const { lateLogs } = this.store;
    const rows: Row[] = [];
    for (const [id, log] of lateLogs) {
      if (this.lateLogs.get(id) !== log) {
        this.lateLogs.set(id, log);
        rows.push(["lateLogs", id, [id, log]]);
      }
    }
    for (const id of this.lateLogs.keys()) {
      if (!lateLogs.has(id)) {
        this.lateLogs.delete(id);
        rows.push(["lateLogs", id, null]);
      }
    }
    return rows;
  }
}
