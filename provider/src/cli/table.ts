import { foreign, type Safe, trusted } from "@runpod-stack/kit";

/** One row of a table. Its cells may contain untrusted text. */
export type Row = readonly string[];

/** The widest cell of any column but the last. */
const WIDEST = 80;

/** The lines of a table with aligned columns. The last column is not padded. */
export function tableLines(header: Row, rows: readonly Row[]): Safe[] {
  const all = [header, ...rows].map((row) =>
    row.map((cell, column) => foreign(cell, isLast(row, column) ? {} : { most: WIDEST })),
  );
  const widths = header.map((_, column) => Math.max(...all.map((row) => width(row, column))));
  return all.map((row) => {
    const cells = row.map((cell, column) =>
      isLast(row, column) ? cell : cell.padEnd(widths[column] ?? 0),
    );
    return trusted(cells.join("  ").trimEnd());
  });
}

/** Formats dollars per hour so that they can be compared. */
export function dollarsPerHour(cost: number): string {
  return cost === 0 ? "-" : cost.toFixed(cost < 0.1 ? 4 : 2);
}

function isLast(row: Row, column: number): boolean {
  return column === row.length - 1;
}

function width(row: Row, column: number): number {
  return row[column]?.length ?? 0;
}
