/** The table of a measurement. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Markdown's line below the head needs this many characters. */
const NARROWEST = 3;

/** The table in Markdown, aligned to be readable in a terminal as well. */
export function markdown({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((cells) => cells.map(String));
  const widths = columns.map((_, index) =>
    Math.max(NARROWEST, ...lines.map((cells) => cells[index]?.length ?? 0)),
  );
  const padded = (cells: readonly string[]) =>
    cells.map((cell, index) => {
      const width = widths[index] ?? 0;
      return index === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
  const rule = widths.map((width, index) =>
    index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  const [head = [], ...body] = lines;
  return [padded(head), rule, ...body.map(padded)]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
