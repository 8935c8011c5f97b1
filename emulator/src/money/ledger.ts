import { changeRate, type Meter, openMeter, spentAt } from "./billing";

/** The cost of one object, kept forever. */
export interface Entry {
  readonly id: string;
  name: string;
  /** Number of the account, from 1. */
  readonly account: number;
  readonly createdAt: number;
  endedAt: number | null;
  readonly meter: Meter;
  /** Of a pod that belongs to a cluster. */
  readonly clusterId?: string;
}

/** The lists of the ledger. */
export const LEDGER_KINDS = [
  "pods",
  "networkVolumes",
  "templates",
  "endpoints",
  "secrets",
  "registries",
  "delegations",
  "tags",
  "costCenters",
  "globalVolumes",
  "clusters",
] as const;

export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** Everything ever created, ended or not. */
export type Ledger = Record<LedgerKind, Entry[]>;

interface Payer {
  readonly number: number;
  readonly meter: Meter;
}

export function emptyLedger(): Ledger {
  return byKind(() => []);
}

export function openEntry(
  ledger: Ledger,
  kind: LedgerKind,
  payer: Payer,
  { id, name, clusterId }: { id: string; name: string; clusterId?: string | undefined },
  at: number,
): Entry {
  const entry = {
    id,
    name,
    ...(clusterId !== undefined && { clusterId }),
    account: payer.number,
    createdAt: at,
    endedAt: null,
    meter: openMeter(at),
  };
  ledger[kind].push(entry);
  return entry;
}

/** From `at` on the object costs `perHr`; its account's total follows. */
export function charge(payer: Payer, entry: Entry, perHr: number, at: number): void {
  changeRate(payer.meter, payer.meter.perHr + perHr - entry.meter.perHr, at);
  changeRate(entry.meter, perHr, at);
}

/** A single amount. */
export function spend(payer: Payer, entry: Entry, dollars: number): void {
  payer.meter.spent += dollars;
  entry.meter.spent += dollars;
}

export function closeEntry(payer: Payer, entry: Entry, at: number): void {
  charge(payer, entry, 0, at);
  entry.endedAt = at;
}

/** As the control plane answers. */
export function ledgerView(ledger: Ledger, now: number): Record<LedgerKind, object[]> {
  const view = (entry: Entry) => ({
    id: entry.id,
    name: entry.name,
    ...(entry.clusterId !== undefined && { clusterId: entry.clusterId }),
    account: entry.account,
    createdAt: new Date(entry.createdAt).toISOString(),
    endedAt: entry.endedAt === null ? null : new Date(entry.endedAt).toISOString(),
    costPerHr: round(entry.meter.perHr),
    spent: round(spentAt(entry.meter, now)),
  });
  return byKind((kind) => ledger[kind].map(view));
}

function byKind<T>(make: (kind: LedgerKind) => T): Record<LedgerKind, T> {
  return Object.fromEntries(LEDGER_KINDS.map((kind) => [kind, make(kind)])) as Record<
    LedgerKind,
    T
  >;
}

/** Rounds away the errors of binary fractions. */
export function round(dollars: number): number {
  return Math.round(dollars * 1e6) / 1e6;
}
