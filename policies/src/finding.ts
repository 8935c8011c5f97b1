import type { Safe } from "@runpod-stack/kit";

/** What a rule has to say of a spec. */
export interface Finding {
  /** The input at fault, by its v1 name. */
  readonly field: string;
  /** Names the value, what must hold, the number that would do, and why. Never a secret. */
  readonly message: Safe;
  /** What to do about it, as one imperative sentence or two. */
  readonly remedy: Safe;
  readonly certainty: Certainty;
  /** Why the resource was not judged as a whole, as a clause: "no model server recognized in image a/b". */
  readonly unjudged?: Safe;
}

/**
 * What is `doubtful` rests on an estimate, or on what may still be set elsewhere: advice, unless the
 * options say otherwise. `advice` is never more: the fault, if it is one, is refused elsewhere.
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

/** A finding that is certain where `isCertain`, and doubtful elsewhere. */
export function refusalIf(isCertain: boolean, field: string, message: Safe, remedy: Safe): Finding {
  return isCertain ? refusal(field, message, remedy) : doubt(field, message, remedy);
}

/** A doubt whether the resource could be judged at all: the summary counts it. @param why as a clause */
export function notJudged(field: string, message: Safe, remedy: Safe, why: Safe): Finding {
  return { ...doubt(field, message, remedy), unjudged: why };
}

/** The findings as advice at most. */
export function asAdvice(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, certainty: "advice" }));
}
