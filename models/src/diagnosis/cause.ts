/** How strongly a line indicates its cause. */
export type Confidence =
  /** Nothing else prints the line. */
  | "certain"
  /** The line has a second explanation, or may follow from another fault that is not in the log. */
  | "likely"
  /** The line reports a failure without its cause, or is a warning that many healthy servers print. */
  | "possible";

/** Why a container failed, as far as its log shows. */
export interface Diagnosis {
  /** The cause's name, for example `disk-full-download`; null for a healthy log and for an unknown failure. */
  readonly cause: string | null;
  /** How strongly the evidence indicates the cause; null without a cause. */
  readonly confidence: Confidence | null;
  /** The lines that show the cause. Without a cause: the log's last lines, or none if the server became ready. */
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

/** A pattern that shows a cause: the part of its wording that is the same in every release. */
export interface Sign {
  readonly pattern: RegExp;
  readonly confidence: Confidence;
  /** Counts only if a nearby line also matches this. */
  readonly near?: Nearby;
  /** Does not count if a nearby line matches this. */
  readonly unlessNear?: Nearby;
  /** Counts even in a line logged as information or as a warning. */
  readonly quiet?: boolean;
  /** A more specific remedy than the cause's. */
  readonly remedy?: string;
}

export interface Nearby {
  readonly pattern: RegExp;
  /** How many lines before and after are checked; 0 checks only the line itself. */
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
