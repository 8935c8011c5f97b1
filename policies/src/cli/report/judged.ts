import type { Source } from "../../input/read";
import type { Violation } from "../../judge";

/** What the rules say of one file. */
export interface Judged {
  readonly file: string;
  readonly source: Source;
  readonly violations: readonly Violation[];
}
