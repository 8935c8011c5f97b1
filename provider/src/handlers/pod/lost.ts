import { multiline, safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { UserError } from "../../core/errors";
import { isUniqueToken } from "../../core/mark";
import type { Inputs, PodInputs } from "../../schema";
import type { Context } from "../lifecycle/context";
import type { Creating, Entries } from "../lifecycle/journal";
import {
  candidate,
  described,
  endPod,
  getIfThere,
  isAlive,
  livePods,
  tokenOf,
} from "../lifecycle/pods";
import { pollUntilFound } from "../lifecycle/poll";
import { lostAmong, mayHaveCreated } from "../lifecycle/proof";
import { assertAsked, assertNoneUnaccounted } from "../lifecycle/unaccounted";
import { canBecome } from "./conflicts";

/**
 * The pod that an interrupted create of this resource made, if it can be changed to match the
 * inputs. Other pods that such creates made are terminated. Only the journal can prove this, and
 * only for pods that are in no state.
 * @throws UserError if it is uncertain whether a pod is one of them
 */
export async function findLostPod(
  context: Context,
  inputs: Inputs<PodInputs>,
  present: Creating,
): Promise<Pod | undefined> {
  const entries = await context.journal.atCreate(present);
  if (entries === undefined) {
    await assertNoneUnaccounted(context, `pod '${present.name}'`, present.token);
    return undefined;
  }
  if (entries.own.length + entries.others.length === 0) {
    return undefined;
  }
  const strays = (await livePods(context)).filter(({ id }) => !entries.isInState("Pod", id));
  reportOthers(context, entries, strays);
  const { certain, doubtful } = lostAmong(entries.own, strays.map(candidate));
  if (doubtful.length > 0) {
    throw inDoubt(present, doubtful);
  }
  const isLost = (pod: Pod) => certain.some(({ id }) => id === pod.id);
  const lost = (await confirmed(context, strays, isLost)).toSorted(oldestFirst);
  if (lost.length === 0) {
    assertAsked(context, `pod '${present.name}'`, entries.own);
  }
  const found = lost.find((pod) => canBecome(pod, inputs));
  const others = lost.filter((pod) => pod !== found).map(candidate);
  // An older release's token is not enough proof to terminate a pod.
  if (others.some(({ pod }) => !isUniqueToken(tokenOf(pod)))) {
    throw inDoubt(present, others);
  }
  const reason = found === undefined ? "cannot be changed to match the program" : "is a duplicate";
  for (const { pod } of others) {
    await endPod(context, pod, `was created by an interrupted run and ${reason}`);
  }
  return found;
}

/** The pod whose creation got no clear answer. */
export async function awaitOwnPod(
  context: Context,
  inputs: Inputs<PodInputs>,
): Promise<Pod | undefined> {
  const isOwn = (pod: Pod) => tokenOf(pod) === inputs["__token"];
  return pollUntilFound(context.clock, async () => {
    const found = await confirmed(context, await livePods(context, 0), isOwn);
    return found.toSorted(oldestFirst).at(-1);
  });
}

/** The pods for which a GET confirms what the list shows. */
async function confirmed(
  context: Context,
  pods: readonly Pod[],
  isWanted: (pod: Pod) => boolean,
): Promise<Pod[]> {
  const found = await Promise.all(pods.filter(isWanted).map(({ id }) => getIfThere(context, id)));
  return found.filter((pod) => pod !== undefined).filter((pod) => isAlive(pod) && isWanted(pod));
}

/**
 * Reports other resources' pods. A resource that was renamed after an interrupted create does not
 * find its pod.
 */
function reportOthers(context: Context, { others }: Entries, strays: readonly Pod[]): void {
  for (const pod of strays) {
    const entry = others.find((one) => mayHaveCreated([one], candidate(pod)));
    if (entry === undefined) {
      continue;
    }
    const name = entry.urn?.split("::").at(-1) ?? entry.logicalName;
    context.sayOnce(
      safe`${described(pod)}, was also created by an interrupted run, for '${name}'. If this run does not adopt it, run \`npx -p @runpod-stack/provider runpod-stack recover\` to see how to keep or delete it`,
    );
  }
}

function inDoubt({ name }: Creating, pods: readonly { readonly pod: Pod }[]): UserError {
  return new UserError(
    multiline(
      safe`Creating pod '${name}': an interrupted run of an older release may have created it already, but nothing proves it. Nothing was created. Check:`,
      ...pods.map(({ pod }) => safe`  ${described(pod)}`),
      safe`To delete one, run \`npx -p @runpod-stack/provider runpod-stack recover --delete <id> --yes\`. To keep it outside this stack, run \`pulumi refresh --clear-pending-creates\`. Then run \`pulumi up\` again.`,
    ),
  );
}

function oldestFirst(one: Pod, other: Pod): number {
  return Date.parse(one.createdAt) - Date.parse(other.createdAt);
}
