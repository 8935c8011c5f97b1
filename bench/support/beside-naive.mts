// The same measurement of this provider and of the naive one, side by side.
import type { Program } from "./stack.mts";
import type { Table } from "./table.mts";

/** A row: its name, the value to show, and the bar, empty if there is none. */
export type Row<Outcome> = readonly [
  what: string,
  tell: (outcome: Outcome) => string | number,
  bar: string | number,
];

export interface Pair<Outcome> {
  readonly ours: Outcome;
  readonly naive: Outcome;
}

/** Measures one after the other. */
export async function besideNaive<Outcome>(
  measure: (name: Program["name"]) => Promise<Outcome>,
): Promise<Pair<Outcome>> {
  return { ours: await measure("pods"), naive: await measure("naive") };
}

export function pairTable<Outcome>(
  title: string,
  { ours, naive }: Pair<Outcome>,
  rows: readonly Row<Outcome>[],
): Table {
  return {
    columns: [title, "this provider", "naive", "bar"],
    rows: rows.map(([what, tell, bar]) => [what, tell(ours), tell(naive), bar]),
  };
}
