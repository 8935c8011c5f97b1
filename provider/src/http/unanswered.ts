import { foreign, safe } from "@runpod-stack/kit";
import { isRunpodError, RunpodError } from "../core/errors";
import type { Asked } from "./answer";

/** What an error of the network layer says, also where it has a code alone. */
export function faultOf(error: unknown): string {
  const { code, name, message } = error as Error & { code?: unknown };
  return message || String(code ?? name);
}

/** What a broken exchange says of the request: whether it can have been carried out. */
export function unanswered(
  error: unknown,
  { operation, isIdempotent, secrets }: Asked,
  base: URL,
  isSent: boolean,
  isCancelled: boolean,
): RunpodError {
  if (isRunpodError(error)) return error;
  const detail = foreign(faultOf(error), { secrets });
  const kind = kindOf(isSent, isIdempotent, isCancelled);
  const told: { readonly [kind in typeof kind]: string } = {
    aborted: "cancelled",
    notSent: `${base.origin} was not reached, so nothing was sent`,
    ambiguous: isIdempotent
      ? "the answer was lost"
      : "the answer was lost, so it may have been carried out",
  };
  const message = safe`${operation}: ${told[kind]} (${detail})`;
  return new RunpodError(message, { kind, detail, operation, cause: error });
}

function kindOf(isSent: boolean, isIdempotent: boolean, isCancelled: boolean) {
  if (isCancelled && (!isSent || isIdempotent)) return "aborted";
  return isSent ? "ambiguous" : "notSent";
}
