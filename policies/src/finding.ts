import type { Safe } from "@runpod-stack/kit";

/** What a rule reports about a spec. */
export interface Finding {
  /** The faulty input, by its v1 name. */
  readonly field: string;
  /** States the field, its value, the bound and the reason. Never contains a secret. */
  readonly message: Safe;
  /** What to do, in one or two imperative sentences. */
  readonly remedy: Safe;
  readonly certainty: Certainty;
  /** Why the resource was not fully checked, as a clause: "no model server recognized in image a/b". */
  readonly unjudged?: Safe;
}

/**
 * A `doubtful` finding depends on an estimate, or on a value that may be set elsewhere: it is advisory
 * unless the options say otherwise. `advice` is always advisory: a real fault is refused elsewhere.
 */
export type Certainty = "certain" | "doubtful" | "advice";

/** A finding that is certain. */
export function refusal(field: string, message: Safe, remedy: Safe): Finding {
  return { field, message, remedy, certainty: "certain" };
}

/** A finding that is doubtful. */
export function doubt(field: string, message: Safe, remedy: Safe): Finding {
  return { field, message, remedy, certainty: "doubtful" };
}

/** A certain finding if `isCertain`, otherwise a doubtful one. */
export function refusalIf(isCertain: boolean, field: string, message: Safe, remedy: Safe): Finding {
  return isCertain ? refusal(field, message, remedy) : doubt(field, message, remedy);
}

/** A doubt whether the resource could be checked; the summary counts it. @param why as a clause */
export function notJudged(field: string, message: Safe, remedy: Safe, why: Safe): Finding {
  return { ...doubt(field, message, remedy), unjudged: why };
}

/** Lowers findings to advice. */
export function asAdvice(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, certainty: "advice" }));
}
