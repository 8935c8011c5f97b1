import { safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import {
  type Inputs,
  type PodInputs,
  type PodProperties,
  podFields,
  type Stored,
  TOKEN_ENV,
} from "../../schema";
import { adoption } from "../lifecycle/adoption";
import type { Context } from "../lifecycle/context";
import { PartialFailure } from "../lifecycle/handler";
import { unlock } from "../lifecycle/pods";
import { podOutputs } from "./outputs";
import { syncPod } from "./sync";

/** Adopts a pod of an interrupted run, and updates it to match the program. */
export async function adopt(
  context: Context,
  found: Pod,
  inputs: Inputs<PodProperties>,
): Promise<{ id: string; outputs: Stored<PodProperties> }> {
  context.say(
    safe`pod '${inputs["name"]}': adopting ${found.id}, which an interrupted run of this stack created`,
  );
  const { inputs: adopted, needsToken } = adoption<PodProperties>(found, inputs);
  const pod = needsToken ? await withNewToken(context, found, inputs) : found;
  const synced = await syncPod(
    context,
    pod,
    adopted,
    Object.keys(podFields) as (keyof PodInputs)[],
  );
  return { id: pod.id, outputs: podOutputs(context, synced, adopted) };
}

/** A new environment restarts the container, so this is only for names that the program chose. */
async function withNewToken(
  context: Context,
  found: Pod,
  inputs: Inputs<PodProperties>,
): Promise<Pod> {
  const env = { ...found.env, [TOKEN_ENV]: String(inputs["__token"]) };
  try {
    if (found.locked) {
      await unlock(context, found.id);
    }
    const pod = await context.api.pods.update(found.id, { env });
    context.pods.put(pod);
    return pod;
  } catch (error) {
    const reason = safe`Pod '${found.name}' (${found.id}) was created by an interrupted run, and its creation token could not be replaced: ${(error as Error).message}`;
    throw new PartialFailure(found.id, podOutputs(context, found, inputs), [reason]);
  }
}
