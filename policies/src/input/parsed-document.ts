/** Steps into a value: a map's keys and a list's indexes. */
export type Path = readonly (string | number)[];

/** One of the values in a file. */
export interface ParsedDocument {
  readonly value: unknown;
  /** The line of what is at a path, from 1; undefined if nothing is there. */
  lineOf(path: Path): number | undefined;
  /** Whether it is JSON with comments or trailing commas, which JSON parsers reject. */
  readonly isLenientJson: boolean;
}
