import type { Pod } from "../api";
import { isRunpodError, type RunpodError, UserError } from "../core/errors";
import type { Values } from "../schema";
import { awaitOwnPod } from "./adopt";
import type { Context } from "./context";
import { createOnce } from "./create-once";
import { runpodNow } from "./lifetime";
import { type Candidate, candidateName, candidatesOf, createBody } from "./pod-body";
import { sentence } from "./sentence";

interface Refusal {
  readonly candidate: string;
  readonly kind: "capacity" | "forbidden" | "refused";
  readonly detail: string;
}

/**
 * Creates the pod on the first candidate that RunPod accepts, one request each, in the user's order.
 * An answer that may have been lost is looked for before anything is sent again.
 * @throws UserError naming every candidate that was tried
 */
export async function place(context: Context, inputs: Values): Promise<Pod> {
  const refusals: Refusal[] = [];
  for (const candidate of candidatesOf(inputs)) {
    const outcome = await tryCandidate(context, inputs, candidate);
    if (!("kind" in outcome)) {
      context.pods.put(outcome, true);
      return outcome;
    }
    refusals.push(outcome);
  }
  throw new UserError(refusalText(String(inputs["name"]), refusals));
}

async function tryCandidate(
  context: Context,
  inputs: Values,
  candidate: Candidate,
): Promise<Pod | Refusal> {
  try {
    return await createOn(context, inputs, candidate);
  } catch (error) {
    const kind = refusalKind(error);
    if (kind === undefined) throw error;
    return {
      candidate: candidateName(candidate),
      kind,
      detail: (error as RunpodError).detail ?? String(error),
    };
  }
}

async function createOn(context: Context, inputs: Values, candidate: Candidate): Promise<Pod> {
  const body = createBody(inputs, candidate, await runpodNow(context, inputs));
  const send = () => context.api.pods.create(body, { onProgress: context.say });
  // Without a token a lost pod could not be told from any other.
  if (inputs["__token"] === undefined) return send();
  const look = () => awaitOwnPod(context, inputs);
  return createOnce(context, `pod '${inputs["name"]}'`, send, look);
}

/** How a candidate was refused, if the next one may still do. */
function refusalKind(error: unknown): Refusal["kind"] | undefined {
  if (!isRunpodError(error)) return undefined;
  if (error.kind === "capacity" || error.kind === "forbidden") return error.kind;
  const isCrossFieldOrCapacity =
    error.kind === "conflict" || (error.kind === "invalid" && error.status === 400);
  return isCrossFieldOrCapacity ? "refused" : undefined;
}

function refusalText(name: string, refusals: readonly Refusal[]): string {
  const [first] = refusals;
  const nothing = "Nothing was created and nothing is billed.";
  if (first === undefined) return `Creating pod '${name}': no GPU type is given. ${nothing}`;
  const isSame = refusals.every(
    ({ kind, detail }) => kind === first.kind && detail === first.detail,
  );
  if (refusals.length === 1) {
    return `Creating pod '${name}' on ${first.candidate} was refused: ${sentence(first.detail)} ${nothing} ${remedy(first.kind)}`;
  }
  if (isSame && first.kind === "refused") {
    const tried = refusals.map(({ candidate }) => candidate).join(", ");
    return `Creating pod '${name}': the request is refused, alike for every candidate (${tried}): ${sentence(first.detail)} ${nothing} ${remedy("refused")}`;
  }
  const lines = refusals.map(
    ({ candidate, kind, detail }) => `  ${candidate}: ${told(kind, detail)}`,
  );
  return [
    `Creating pod '${name}': none of the candidates could be had.`,
    ...lines,
    `${nothing} ${remedy("capacity")}`,
  ].join("\n");
}

function told(kind: Refusal["kind"], detail: string): string {
  if (kind === "capacity") return "no capacity";
  return kind === "forbidden" ? `not open to this account (${detail})` : `refused (${detail})`;
}

function remedy(kind: Refusal["kind"]): string {
  if (kind === "refused") return "Correct what RunPod names, and run `pulumi up` again.";
  if (kind === "forbidden") return "Name other GPU types in gpuTypeIds.";
  return "Add GPU types to gpuTypeIds, accept more dataCenterIds or CUDA versions, or try again later.";
}
