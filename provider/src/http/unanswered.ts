import { foreign, safe } from "@runpod-stack/kit";
import { isRunpodError, RunpodError } from "../core/errors";
import type { Asked } from "./answer";

/** The message of a network error, or its code if it has no message. */
export function faultOf(error: unknown): string {
  const { code, name, message } = error as Error & { code?: unknown };
  return message || String(code ?? name);
}

/** The error for a broken exchange, which shows whether the request may have been carried out. */
export function unanswered(
  error: unknown,
  { operation, isIdempotent, secrets }: Asked,
  base: URL,
  isSent: boolean,
  isCancelled: boolean,
): RunpodError {
  if (isRunpodError(error)) {
    return error;
  }
  const detail = foreign(faultOf(error), { secrets });
  const kind = kindOf(isSent, isIdempotent, isCancelled);
  const explanations: { readonly [kind in typeof kind]: string } = {
    aborted: "canceled",
    notSent: `${base.origin} could not be reached, so nothing was sent`,
    ambiguous: isIdempotent
      ? "the answer was lost"
      : "the answer was lost, so the request may have been carried out",
  };
  const message = safe`${operation}: ${explanations[kind]} (${detail})`;
  return new RunpodError(message, { kind, detail, operation, cause: error });
}

function kindOf(isSent: boolean, isIdempotent: boolean, isCancelled: boolean) {
  if (isCancelled && (!isSent || isIdempotent)) {
    return "aborted";
  }
  return isSent ? "ambiguous" : "notSent";
}
