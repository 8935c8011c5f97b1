import { multiline, type Safe, safe } from "@runpod-stack/kit";
import { isRunpodError, type RunpodError, sentence, UserError } from "../../core/errors";

/** What is created on the first candidate that RunPod accepts. */
export interface Placed {
  /** How messages name it, such as "pod 'llm'". */
  readonly what: string;
  /** What the candidates are, such as "GPU type". */
  readonly noun: string;
  /** The input that lists them. */
  readonly field: string;
  /** What else may help if none is available, as an imperative. */
  readonly otherwise: string;
}

interface Refusal {
  readonly candidate: string;
  readonly kind: "capacity" | "forbidden" | "refused";
  readonly detail: string;
}

/**
 * Creates an object on the first candidate that RunPod accepts, in the user's order.
 * @throws UserError naming every candidate that was tried
 */
export async function firstAccepted<C, T>(
  placed: Placed,
  candidates: readonly C[],
  nameOf: (candidate: C) => string,
  create: (candidate: C) => Promise<T>,
): Promise<T> {
  const refusals: Refusal[] = [];
  for (const candidate of candidates) {
    try {
      return await create(candidate);
    } catch (error) {
      const kind = refusalKind(error);
      if (kind === undefined) {
        throw error;
      }
      const detail = (error as RunpodError).detail ?? String(error);
      refusals.push({ candidate: nameOf(candidate), kind, detail });
    }
  }
  throw new UserError(refusalText(placed, refusals));
}

/** How RunPod rejected a candidate; undefined if the next one cannot do better. */
function refusalKind(error: unknown): Refusal["kind"] | undefined {
  if (!isRunpodError(error)) {
    return undefined;
  }
  if (error.kind === "capacity" || error.kind === "forbidden") {
    return error.kind;
  }
  const isCrossFieldOrCapacity =
    error.kind === "conflict" || (error.kind === "invalid" && error.status === 400);
  return isCrossFieldOrCapacity ? "refused" : undefined;
}

function refusalText(placed: Placed, refusals: readonly Refusal[]): Safe {
  const { what, noun } = placed;
  const [first] = refusals;
  const nothing = "Nothing was created and nothing is billed.";
  if (first === undefined) {
    return safe`Creating ${what}: no ${noun} is given. ${nothing}`;
  }
  const isSame = refusals.every(
    ({ kind, detail }) => kind === first.kind && detail === first.detail,
  );
  if (refusals.length === 1) {
    return safe`Creating ${what} on ${first.candidate} failed: ${sentence(first.detail)} ${nothing} ${remedy(placed, refusals)}`;
  }
  if (isSame && first.kind !== "capacity") {
    const tried = refusals.map(({ candidate }) => candidate).join(", ");
    return safe`Creating ${what}: RunPod rejected the request for every ${noun} with the same error (${tried}): ${sentence(first.detail)} ${nothing} ${remedy(placed, refusals)}`;
  }
  const lines = refusals.map(
    ({ candidate, kind, detail }) => safe`  ${candidate}: ${reasonOf(kind, detail)}`,
  );
  return multiline(
    safe`Creating ${what}: none of the requested ${noun}s is available.`,
    ...lines,
    safe`${nothing} ${remedy(placed, refusals)}`,
  );
}

function reasonOf(kind: Refusal["kind"], detail: string): string {
  if (kind === "capacity") {
    return "no capacity";
  }
  return kind === "forbidden"
    ? `not available to this account (${detail})`
    : `rejected (${detail})`;
}

/** A 403 about the key, and not about the requested machines. */
const KEY_RIGHTS = /\b(?:scopes?|permissions?|api key|read[ -]?only|write access)\b/i;

function remedy({ noun, field, otherwise }: Placed, refusals: readonly Refusal[]): string {
  const isAll = (kind: Refusal["kind"]) => refusals.every((refusal) => refusal.kind === kind);
  if (isAll("refused")) {
    return "Correct the inputs that RunPod names, and run `pulumi up` again.";
  }
  if (isAll("forbidden")) {
    const check = "Check in RunPod's console what this API key and account may do";
    const details = new Set(refusals.map(({ detail }) => detail));
    const isAboutKey =
      details.size < refusals.length || [...details].some((detail) => KEY_RIGHTS.test(detail));
    return isAboutKey ? `${check}.` : `${check}, or list other ${noun}s in ${field}.`;
  }
  return `Add ${noun}s to ${field}, ${otherwise}, or try again later.`;
}
