import { foreign, type Safe, trusted } from "@runpod-stack/kit";

/** One row of a table. What its cells hold may come from anywhere. */
export type Row = readonly string[];

/** The most characters of a cell that others stand next to. */
const WIDEST = 80;

/** The lines of a table, its columns as wide as they must be. The last column is left ragged. */
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

/** Dollars an hour as people compare them. */
export function dollarsPerHour(cost: number): string {
  return cost === 0 ? "-" : cost.toFixed(cost < 0.1 ? 4 : 2);
}

function isLast(row: Row, column: number): boolean {
  return column === row.length - 1;
}

function width(row: Row, column: number): number {
  return row[column]?.length ?? 0;
}
