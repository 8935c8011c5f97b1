/** One row of a table, its cells as they are shown. */
export type Row = readonly string[];

/** The lines of a table, its columns as wide as they must be. The last column is left ragged. */
export function tableLines(header: Row, rows: readonly Row[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => width(row, column))));
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** Dollars an hour as people compare them. */
export function dollarsPerHour(cost: number): string {
  return cost === 0 ? "-" : cost.toFixed(cost < 0.1 ? 4 : 2);
}

function width(row: Row, column: number): number {
  return row[column]?.length ?? 0;
}
