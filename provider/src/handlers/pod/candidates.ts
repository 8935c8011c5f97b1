import { foreign } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import type { Inputs, PodInputs } from "../../schema";
import { firstAccepted } from "../lifecycle/candidates";
import type { Context } from "../lifecycle/context";
import { createOnce } from "../lifecycle/create-once";
import { awaitOwn } from "../lifecycle/lost";
import { PODS } from "../lifecycle/pods";
import { runpodNow } from "./lifetime";
import { type Candidate, candidateName, candidatesOf, createBody } from "./wire";

/**
 * Creates the pod on the first candidate that RunPod accepts, one request each. If an answer may
 * have been lost, checks for the pod before sending anything again.
 * @throws UserError naming every candidate that was tried
 */
export async function place(context: Context, inputs: Inputs<PodInputs>): Promise<Pod> {
  const hasGpus = inputs["cpuFlavorIds"] === undefined;
  const placed = {
    what: `pod '${inputs["name"]}'`,
    noun: hasGpus ? "GPU type" : "CPU flavor",
    field: hasGpus ? "gpuTypeIds" : "cpuFlavorIds",
    otherwise: "accept more dataCenterIds or CUDA versions",
  };
  const pod = await firstAccepted(placed, candidatesOf(inputs), candidateName, (candidate) =>
    createOn(context, inputs, candidate),
  );
  context.pods.put(pod, true);
  return pod;
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
