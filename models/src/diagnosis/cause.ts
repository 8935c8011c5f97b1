/** How far a line proves its cause. */
export type Confidence =
  /** Nothing else prints this. */
  | "certain"
  /** It has a second reading, or it may follow from another fault that the log does not show. */
  | "likely"
  /** It says that something went wrong, not what; or it is an alarm that many healthy servers give. */
  | "possible";

/** Why a container failed, as far as its log shows. */
export interface Diagnosis {
  /** The cause's name, for example `disk-full-download`; null for a healthy log and for an unknown failure. */
  readonly cause: string | null;
  /** How far the evidence proves the cause; null without one. */
  readonly confidence: Confidence | null;
  /** The lines that show the cause; without one the log's last lines, and none once the server answered. */
  readonly evidence: readonly string[];
  /** What to change; null without a cause. */
  readonly remedy: string | null;
}

/** A cause of failure, how a log shows it, and what to do about it. */
export interface Cause {
  readonly name: string;
  /** What to change, in the names of the pod's inputs and the server's options. */
  readonly remedy: string;
  readonly signs: readonly Sign[];
}

/** A pattern that shows a cause: the part of its wording that has stayed the same from release to release. */
export interface Sign {
  readonly pattern: RegExp;
  readonly confidence: Confidence;
  /** Counts only if a line close by matches this as well. */
  readonly near?: Nearby;
  /** Does not count if a line close by matches this. */
  readonly unlessNear?: Nearby;
  /** Counts even on a line logged as information or as a warning. */
  readonly quiet?: boolean;
  /** A closer remedy than the cause's own. */
  readonly remedy?: string;
}

export interface Nearby {
  readonly pattern: RegExp;
  /** How many lines before and after are looked at; 0 is the line itself. */
  readonly lines: number;
}

type Details = Omit<Sign, "pattern" | "confidence">;

export function certain(pattern: RegExp, details: Details = {}): Sign {
  return { pattern, confidence: "certain", ...details };
}

export function likely(pattern: RegExp, details: Details = {}): Sign {
  return { pattern, confidence: "likely", ...details };
}

export function possible(pattern: RegExp, details: Details = {}): Sign {
  return { pattern, confidence: "possible", ...details };
}
