import { LEDGER_KINDS, type LedgerKind } from "../money/ledger";
import type { Endpoint } from "./endpoint";
import { type Change, poolKey, type Row } from "./replay";
import { type JobKeeper, type Kept, listOf, saveObject, saveSettings } from "./saved-account";
import type { Times } from "./snapshot";
import type { Account, Store } from "./store";
import type { World } from "./world";

/** They change without being asked for: workers end, and containers of pods write to volumes. */
const ALWAYS_COMPARED: ReadonlySet<LedgerKind> = new Set(["endpoints", "networkVolumes"]);

/** Finds what has changed in a world since the last time, at first since its creation. */
export class Changes {
  readonly store: Store;
  /** What objects, pools and accounts were, as JSON. */
  private readonly texts = new Map<object, string>();
  private readonly jobMarks = new Map<Kept, Map<string, string>>();
  private readonly lateLogs = new Map<string, unknown>();

  constructor(
    private readonly world: World,
    private readonly jobs: JobKeeper,
  ) {
    this.store = world.store;
    for (const account of this.store.accounts) {
      for (const kind of LEDGER_KINDS) {
        listOf(account, kind).track();
      }
    }
    this.take();
  }

  /** Null if nothing has changed but the time. */
  take(): Omit<Change, keyof Times> | null {
    const { accounts } = this.store;
    const rows = [
      ...accounts.flatMap((account) => this.objectRows(account)),
      ...accounts.flatMap(({ endpoints }) =>
        [...endpoints.peek()].flatMap((one) => this.jobRows(one)),
      ),
      ...this.poolRows(),
      ...this.lateLogRows(),
    ];
    const changed = accounts.filter((account) => this.differs(account, saveSettings(account)));
    return rows.length + changed.length > 0 ? { accounts: changed.map(saveSettings), rows } : null;
  }

  private objectRows(account: Account): Row[] {
    const rows: Row[] = [];
    for (const kind of LEDGER_KINDS) {
      const list = listOf(account, kind);
      const always = ALWAYS_COMPARED.has(kind) ? list.peek() : [];
      for (const item of new Set([...list.takeTouched(), ...always])) {
        const saved = list.has(item) ? saveObject(kind, item, this.jobs) : null;
        if (this.differs(item, [saved, item.entry])) {
          rows.push([`accounts/${account.number}/${kind}`, item.id, saved]);
          rows.push([`ledger/${kind}`, item.id, item.entry]);
        }
        if (saved === null) {
          this.texts.delete(item);
          this.jobMarks.delete(item);
        }
      }
    }
    return rows;
  }

  private jobRows(endpoint: Endpoint): Row[] {
    const before = this.jobMarks.get(endpoint) ?? new Map<string, string>();
    const jobs = this.jobs.jobs(endpoint);
    const now = new Map(jobs.map(({ id, mark }) => [id, mark]));
    this.jobMarks.set(endpoint, now);
    const list = `jobs/${endpoint.id}` as const;
    const gone = [...before.keys()].filter((id) => !now.has(id));
    return [
      ...jobs
        .filter(({ id, mark }) => before.get(id) !== mark)
        .map((job): Row => [list, job.id, job.save()]),
      ...gone.map((id): Row => [list, id, null]),
    ];
  }

  private poolRows(): Row[] {
    const changed = this.world.capacity.known().filter((pool) => this.differs(pool, pool.free));
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

  private differs(one: object, saved: unknown): boolean {
    const text = JSON.stringify(saved);
    const isSame = this.texts.get(one) === text;
    this.texts.set(one, text);
    return !isSame;
  }
}
