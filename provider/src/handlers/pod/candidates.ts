import { foreign, multiline, type Safe, safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { isRunpodError, type RunpodError, sentence, UserError } from "../../core/errors";
import type { Inputs, PodInputs } from "../../schema";
import type { Context } from "../lifecycle/context";
import { createOnce } from "../lifecycle/create-once";
import { awaitOwn } from "../lifecycle/lost";
import { PODS } from "../lifecycle/pods";
import { runpodNow } from "./lifetime";
import { type Candidate, candidateName, candidatesOf, createBody } from "./wire";

interface Refusal {
  readonly candidate: string;
  readonly kind: "capacity" | "forbidden" | "refused";
  readonly detail: string;
}

/**
 * Creates the pod on the first candidate that RunPod accepts, one request each, in the user's
 * order. If an answer may have been lost, checks for the pod before sending anything again.
 * @throws UserError naming every candidate that was tried
 */
export async function place(context: Context, inputs: Inputs<PodInputs>): Promise<Pod> {
  const refusals: Refusal[] = [];
  for (const candidate of candidatesOf(inputs)) {
    const outcome = await tryCandidate(context, inputs, candidate);
    if (!("kind" in outcome)) {
      context.pods.put(outcome, true);
      return outcome;
    }
    refusals.push(outcome);
  }
  const noun = inputs["cpuFlavorIds"] === undefined ? "GPU type" : "CPU flavor";
  throw new UserError(refusalText(String(inputs["name"]), noun, refusals));
}

async function tryCandidate(
  context: Context,
  inputs: Inputs<PodInputs>,
  candidate: Candidate,
): Promise<Pod | Refusal> {
  try {
    return await createOn(context, inputs, candidate);
  } catch (error) {
    const kind = refusalKind(error);
    if (kind === undefined) {
      throw error;
    }
    return {
      candidate: candidateName(candidate),
      kind,
      detail: (error as RunpodError).detail ?? String(error),
    };
  }
}

async function createOn(
  context: Context,
  inputs: Inputs<PodInputs>,
  candidate: Candidate,
): Promise<Pod> {
  const body = createBody(inputs, candidate, await runpodNow(context, inputs));
  const send = () =>
    context.api.pods.create(body, { onProgress: (line) => context.say(foreign(line)) });
  const token = inputs["__token"];
  // Without a token, a lost pod could not be distinguished from any other.
  if (token === undefined) {
    return send();
  }
  const find = () => awaitOwn(context, PODS, token);
  return createOnce(context, `pod '${inputs["name"]}'`, send, find, `creation token ${token}`);
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

function refusalText(name: string, noun: string, refusals: readonly Refusal[]): Safe {
  const [first] = refusals;
  const nothing = "Nothing was created and nothing is billed.";
  if (first === undefined) {
    return safe`Creating pod '${name}': no ${noun} is given. ${nothing}`;
  }
  const isSame = refusals.every(
    ({ kind, detail }) => kind === first.kind && detail === first.detail,
  );
  if (refusals.length === 1) {
    return safe`Creating pod '${name}' on ${first.candidate} failed: ${sentence(first.detail)} ${nothing} ${remedy(noun, refusals)}`;
  }
  if (isSame && first.kind !== "capacity") {
    const tried = refusals.map(({ candidate }) => candidate).join(", ");
    return safe`Creating pod '${name}': RunPod rejected the request for every ${noun} with the same error (${tried}): ${sentence(first.detail)} ${nothing} ${remedy(noun, refusals)}`;
  }
  const lines = refusals.map(
    ({ candidate, kind, detail }) => safe`  ${candidate}: ${reasonOf(kind, detail)}`,
  );
  return multiline(
    safe`Creating pod '${name}': none of the requested ${noun}s is available.`,
    ...lines,
    safe`${nothing} ${remedy(noun, refusals)}`,
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

function remedy(noun: string, refusals: readonly Refusal[]): string {
  const isAll = (kind: Refusal["kind"]) => refusals.every((refusal) => refusal.kind === kind);
  const field = noun === "GPU type" ? "gpuTypeIds" : "cpuFlavorIds";
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
  return `Add ${noun}s to ${field}, accept more dataCenterIds or CUDA versions, or try again later.`;
}
