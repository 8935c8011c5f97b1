import { multiline, safe } from "@runpod-stack/kit";
import type { Pod } from "../../api";
import { isRunpodError, UserError } from "../../core/errors";
import { isUniqueToken, markOf } from "../../core/mark";
import { type Inputs, type PodInputs, TOKEN_ENV } from "../../schema";
import { podBill, priceText } from "../lifecycle/bill";
import type { Context } from "../lifecycle/context";
import { deleteForSure } from "../lifecycle/gone";
import {
  type Creating,
  type Entries,
  lostAmong,
  mayHaveCreated,
  proves,
} from "../lifecycle/journal";
import { assertAsked, assertNoneUnaccounted } from "../lifecycle/unaccounted";
import { canBecome } from "./conflicts";
import { unlock } from "./sync";

const LOOK_FOR_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

/**
 * The pod that an interrupted create of this very resource made, if it can be brought to the
 * inputs; what else such creates made is terminated. Only the journal proves it, and only of what
 * is in no state.
 * @throws UserError if a pod may or may not be such a one
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
  if (entries.own.length + entries.others.length === 0) return undefined;
  const strays = (await livePods(context)).filter(({ id }) => !entries.isInState("Pod", id));
  reportOthers(context, entries, strays);
  const { certain, doubtful } = lostAmong(entries.own, strays.map(candidate));
  if (doubtful.length > 0) throw inDoubt(present, doubtful);
  const isLost = (pod: Pod) => certain.some(({ id }) => id === pod.id);
  const lost = (await confirmed(context, strays, isLost)).toSorted(oldestFirst);
  if (lost.length === 0) assertAsked(context, `pod '${present.name}'`, entries.own);
  const found = lost.find((pod) => canBecome(pod, inputs));
  const others = lost.filter((pod) => pod !== found).map(candidate);
  // An older release's token does not prove enough to end a pod.
  if (others.some(({ pod }) => !isUniqueToken(tokenOf(pod)))) throw inDoubt(present, others);
  const reason = found === undefined ? "cannot become what the program wants" : "is a duplicate";
  for (const { pod } of others) {
    await endPod(context, pod, `was created by an interrupted run and ${reason}`);
  }
  return found;
}

/** The pod whose creation got no clear answer, looked for as long as lists are known to lag. */
export async function awaitOwnPod(
  context: Context,
  inputs: Inputs<PodInputs>,
): Promise<Pod | undefined> {
  const deadline = context.clock.monotonic() + LOOK_FOR_MS;
  const isOwn = (pod: Pod) => tokenOf(pod) === inputs["__token"];
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const found = await confirmed(context, await livePods(context, 0), isOwn);
    const newest = found.toSorted(oldestFirst).at(-1);
    if (newest !== undefined || context.clock.monotonic() >= deadline) return newest;
    await context.clock.sleep(pause);
  }
}

/**
 * The ids of proven duplicates of a pod in the state. They are only reported: Pulumi reads for
 * previews as well, and a preview must not end anything.
 */
export async function findDuplicates(
  context: Context,
  own: Pod,
  token: unknown,
): Promise<string[]> {
  const suspects = (await livePods(context)).filter((pod) => isSuspect(pod, own, token));
  if (suspects.length === 0) return [];
  const duplicates = proven(await context.journal.atStart("Pod", own.id), suspects, own, token);
  for (const pod of duplicates) {
    context.say(
      safe`${described(pod)} is a duplicate of ${own.id}, left by an interrupted run: the next \`pulumi up\` or \`pulumi destroy\` terminates it`,
    );
  }
  return duplicates.map(({ id }) => id);
}

/** Terminates duplicates that a refresh found, as far as they are still proven. */
export async function endDuplicates(
  context: Context,
  id: string,
  token: unknown,
  duplicates: readonly string[],
): Promise<void> {
  if (duplicates.length === 0) return;
  const [own, ...found] = await Promise.all(
    [id, ...duplicates].map((one) => getIfThere(context, one)),
  );
  if (own === undefined) return;
  const suspects = found
    .filter((pod) => pod !== undefined)
    .filter((pod) => isAlive(pod) && isSuspect(pod, own, token));
  if (suspects.length === 0) return;
  for (const pod of proven(await context.journal.at("Pod", id), suspects, own, token)) {
    await endPod(context, pod, `is a duplicate of ${id}, left by an interrupted run`);
  }
}

/** Terminates a pod that is in no state. */
export async function endPod(context: Context, pod: Pod, reason: string): Promise<void> {
  context.say(safe`${described(pod)} ${reason}: terminating it`);
  context.deleting.add(pod.id);
  await deleteForSure(
    context,
    `pod '${pod.name}' (${pod.id})`,
    {},
    {
      remove: async () => {
        if (pod.locked) await unlock(context, pod.id);
        await context.api.pods.delete(pod.id);
      },
      get: () => context.api.pods.get(pod.id),
      isGone: (found) => !isAlive(found),
      bill: (found) => podBill(found ?? pod),
    },
  );
  context.pods.remove(pod.id);
}

/**
 * Whether a pod is a second one by a resource's token. A clone by someone else carries the token as
 * well, but is younger than what it was made from.
 */
export function isDuplicate(pod: Pod, token: unknown, createdAt: string): boolean {
  return (
    isUniqueToken(token) &&
    tokenOf(pod) === token &&
    Date.parse(pod.createdAt) <= Date.parse(createdAt)
  );
}

/** Whether a pod still exists for its owner. */
export function isAlive(pod: Pod): boolean {
  return pod.status !== "TERMINATED";
}

/** A pod's creation token; an empty string for a pod without one. */
export function tokenOf(pod: Pod): string {
  return pod.env?.[TOKEN_ENV] ?? "";
}

/** How messages name a pod that is in no state. */
function described(pod: Pod): string {
  return `pod '${pod.name}' (${pod.id}), ${priceText(pod.cost)},`;
}

async function livePods(context: Context, maxAgeMs?: number): Promise<Pod[]> {
  return (await context.pods.list(maxAgeMs)).filter(isAlive);
}

/** Those of the pods that a GET of their own shows to be what the list says. */
async function confirmed(
  context: Context,
  pods: readonly Pod[],
  isWanted: (pod: Pod) => boolean,
): Promise<Pod[]> {
  const found = await Promise.all(pods.filter(isWanted).map(({ id }) => getIfThere(context, id)));
  return found.filter((pod) => pod !== undefined).filter((pod) => isAlive(pod) && isWanted(pod));
}

/** Where RunPod does not report the environment, the automatic name is all that proves anything. */
function candidate(pod: Pod) {
  return { id: pod.id, name: pod.name, token: pod.env ? tokenOf(pod) : undefined, pod };
}

/** What is worth a reading of the state: another pod of this stack's. */
function isSuspect(pod: Pod, own: Pod, token: unknown): boolean {
  const mark = markOf(token);
  return pod.id !== own.id && mark !== undefined && markOf(tokenOf(pod)) === mark;
}

/** Pods that an interrupted run left beside a pod in the state. */
function proven(
  entries: Entries | undefined,
  suspects: readonly Pod[],
  own: Pod,
  token: unknown,
): Pod[] {
  if (entries === undefined) return [];
  return suspects
    .filter(({ id }) => !entries.isInState("Pod", id))
    .filter((pod) => isDuplicate(pod, token, own.createdAt) || proves(entries.own, candidate(pod)));
}

/** Resources that were renamed after an interrupted create do not find what it made. */
function reportOthers(context: Context, { others }: Entries, strays: readonly Pod[]): void {
  for (const pod of strays) {
    const entry = others.find((one) => mayHaveCreated([one], candidate(pod)));
    if (entry === undefined) continue;
    const name = entry.urn?.split("::").at(-1) ?? entry.logicalName;
    context.sayOnce(
      safe`${described(pod)} was also created by an interrupted run, for '${name}'. If this run does not adopt it, \`npx runpod-stack recover\` shows how to keep or end it`,
    );
  }
}

function inDoubt({ name }: Creating, pods: readonly { readonly pod: Pod }[]): UserError {
  return new UserError(
    multiline(
      safe`Creating pod '${name}': an interrupted run of an older release may have created it already, but nothing proves it. Nothing was created. Check:`,
      ...pods.map(({ pod }) => safe`  ${described(pod).slice(0, -1)}`),
      safe`To delete one, run \`npx runpod-stack recover --delete <id> --yes\`. To keep it apart from this stack, run \`pulumi refresh --clear-pending-creates\`. Then run \`pulumi up\` again.`,
    ),
  );
}

function oldestFirst(one: Pod, other: Pod): number {
  return Date.parse(one.createdAt) - Date.parse(other.createdAt);
}

async function getIfThere(context: Context, id: string): Promise<Pod | undefined> {
  try {
    return await context.api.pods.get(id);
  } catch (error) {
    if (isRunpodError(error, "notFound")) return undefined;
    throw error;
  }
}
