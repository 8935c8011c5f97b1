/** A step down into a value: a map's key, or a list's index. */
export type Path = readonly (string | number)[];

/** A value that a file holds, alone or as one of several. */
export interface ParsedDocument {
  readonly value: unknown;
  /** The line of what is at a path, from 1; undefined if nothing is there. */
  lineOf(path: Path): number | undefined;
  /** Whether it is JSON with comments or trailing commas, which a JSON parser refuses. */
  readonly isLenientJson: boolean;
}
