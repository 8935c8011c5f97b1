import { multiline, type Safe, safe } from "@runpod-stack/kit";
import { isRunpodError, UserError } from "../../core/errors";
import { isMarkedName, markOf, stackMark } from "../../core/mark";
import { randomId } from "../../core/token";
import type { Hidden, Kind } from "../../schema";
import { differenceFromRun } from "../lifecycle/account";
import { clusterText } from "../lifecycle/clusters";
import type { Context } from "../lifecycle/context";
import type { Named } from "../lifecycle/create-named";
import { ENDPOINTS } from "../lifecycle/endpoints";
import type { Handler } from "../lifecycle/handler";
import { pendingOf } from "../lifecycle/journal";
import { listIfAllowed } from "../lifecycle/list-if-allowed";
import {
  isObjectKind,
  isTokened,
  LISTS,
  type NamedObjectKind,
  NOUNS,
  type ObjectKind,
} from "../lifecycle/objects";
import { PODS } from "../lifecycle/pods";
import { isNamesake, mayHaveCreated } from "../lifecycle/proof";
import { storedInputs, storedLive } from "../lifecycle/record";
import { LIST_LAG_MS } from "../lifecycle/snapshot";
import type { Share, StackState, Stored } from "../lifecycle/stack-state";
import {
  candidate,
  endStray,
  isDuplicate,
  type Tokened,
  type TokenedKind,
} from "../lifecycle/tokened";

const AGAIN_MS = 5_000;

type OtherKind = Exclude<NamedObjectKind, "Volume" | "Cluster">;

/** An object at RunPod that is in no state. */
interface Stray {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  readonly token?: string | undefined;
  /** Of an object that carries its token: whether it is a second one of an object that was created then. */
  isSecond?(createdAt: string): boolean;
  /** Terminates it. */
  end?(): Promise<void>;
  /** How messages name it. */
  readonly text: string;
  readonly isBilled: boolean;
}

/**
 * The hidden resource by which a stack recognizes its objects: a random id, in the state before
 * anything else is created and deleted after everything else. Its only call is the final check.
 */
export const ownershipHandler: Handler<object> = {
  check: (_, given) => ({ inputs: given, problems: [] }),
  // Nothing about it can change.
  diff: () => ({ changed: [], replaces: [] }),
  create: async (_, inputs) => ({ id: randomId(16), outputs: inputs }),
  read: async (_, __, outputs) => ({ inputs: storedInputs({}, outputs), outputs }),
  update: async (_, __, ___, inputs) => inputs,

  async delete(context, id, outputs) {
    const state = await context.journal.stateWith("Ownership", id);
    const own = state?.shares.find(({ known }) => known.some((one) => one.id === id));
    const pending = [
      ...(state === undefined ? [] : unfinishedIn(state, own)),
      ...context.journal.logged([stackMark(id)]),
    ];
    assertKnownAccount(context, pending, outputs);
    const found = await awaitTraces(context, state, pending, stackMark(id)).catch((error) => {
      // Without an accepted key nothing was ever created, so there is nothing to look for.
      const isRefused = error instanceof UserError || isRunpodError(error, "unauthorized");
      if (!isRefused || pending.length > 0 || state === undefined) {
        throw error;
      }
      context.say(
        safe`warning: could not check whether objects of this stack are left in the account: ${error.message}`,
      );
      return [];
    });
    const strays = await withoutDuplicates(context, found);
    const lost = strays.filter((stray) => isTraceOf(pending, stray));
    if (lost.length > 0) {
      throw stillThere(lost);
    }
    const namesakes = strays.filter(
      (stray) => stray.isBilled && pending.some((entry) => isNamesake(entry, stray)),
    );
    if (namesakes.length > 0) {
      throw mayBeLost(namesakes);
    }
    // Resources that came from another stack or provider keep its mark.
    const marks = new Set([
      stackMark(id),
      ...[...context.endedTokens.keys()].flatMap((one) => markOf(one) ?? []),
    ]);
    const marked = strays.filter((stray) => stray.isBilled && isMarkedBy(stray, marks));
    if (marked.length === 0) {
      return;
    }
    if (state === undefined) {
      throw unreadable(marked);
    }
    context.say(warning(marked));
  },
};

/** Terminates the second objects that repeated requests created for objects that were just deleted. */
async function withoutDuplicates(context: Context, strays: readonly Stray[]): Promise<Stray[]> {
  const isSecond = (stray: Stray) =>
    stray.isSecond?.(context.endedTokens.get(stray.token ?? "") ?? "never") === true;
  for (const stray of strays.filter(isSecond)) {
    await stray.end?.();
  }
  return strays.filter((stray) => !isSecond(stray));
}

/** Whether creates may have made an object. */
function isTraceOf(pending: readonly Stored[], stray: Stray): boolean {
  const ofKind = pending.filter(({ kind }) => kind === stray.kind);
  return mayHaveCreated(ofKind, stray);
}

/** Creates whose result the state does not record and that belong to no other Ownership. */
function unfinishedIn(state: StackState, own: Share | undefined): Stored[] {
  const isOurs = (share: Share) => share === own || share.marks.size === 0;
  return pendingOf({ shares: state.shares.filter(isOurs) });
}

/** The objects of the account that are in no state. Checks repeatedly while one may not be listed yet. */
async function awaitTraces(
  context: Context,
  state: StackState | undefined,
  pending: readonly Stored[],
  mark: string,
): Promise<Stray[]> {
  const deadline = context.clock.monotonic() + LIST_LAG_MS;
  const kinds = [...new Set(pending.map(({ kind }) => kind))];
  // Objects of an earlier Ownership have had enough time to be listed.
  const awaited = pending.filter(
    ({ token }) => markOf(token) === mark && !context.endedTokens.has(token ?? ""),
  );
  for (let isShown = false; ; isShown = true) {
    const strays = await straysOf(context, state, kinds);
    const isSeen = strays.some((stray) => isTraceOf(pending, stray));
    if (isSeen || awaited.length === 0 || context.clock.monotonic() >= deadline) {
      return strays;
    }
    if (!isShown) {
      context.say(
        safe`An earlier run was interrupted while it created resources. Checking for a minute whether RunPod lists any of them`,
      );
    }
    await context.clock.sleep(AGAIN_MS);
  }
}

/** @param pending the kinds of which a create was interrupted */
async function straysOf(
  context: Context,
  state: StackState | undefined,
  pending: readonly Kind[],
): Promise<Stray[]> {
  const [pods, endpoints, volumes, clusters, listed] = await Promise.all([
    context.pods.list(0),
    listIfAllowed(() => context.endpoints.list(0), pending.includes("ServerlessEndpoint")),
    context.volumes.list(0),
    listIfAllowed(() => context.clusters.list(0), pending.includes("Cluster")),
    Promise.all(pending.filter(isOther).map((kind) => othersOf(context, kind))),
  ]);
  const ids = new Set(
    state?.shares.flatMap(({ known }) => known).map(({ kind, id }) => `${kind} ${id}`),
  );
  const all: Stray[] = [
    ...tokened(context, PODS, pods),
    ...tokened(context, ENDPOINTS, endpoints),
    ...volumes.map(({ id, name, size }) => ({
      kind: "Volume" as const,
      id,
      name,
      text: `volume ${id} '${name}', ${size} GB`,
      isBilled: true,
    })),
    ...clusters.map((cluster) => ({
      kind: "Cluster" as const,
      id: cluster.id,
      name: cluster.name,
      text: clusterText(cluster),
      isBilled: true,
    })),
    ...listed.flat(),
  ];
  return all.filter(({ kind, id }) => !ids.has(`${kind} ${id}`));
}

function tokened<T extends Tokened>(
  context: Context,
  kind: TokenedKind<T>,
  objects: readonly T[],
): Stray[] {
  return objects.filter(kind.isAlive).map((object) => {
    const { id, name } = object;
    // If RunPod does not report the environment, the automatic name has to be enough.
    const { token } = candidate(object);
    return {
      kind: kind.kind,
      id,
      name,
      token,
      text: `${kind.noun} ${id} '${name}', ${kind.price(object)}`,
      isBilled: true,
      isSecond: (createdAt) => isDuplicate(object, token, createdAt),
      end: () => endStray(context, kind, object, `is a duplicate of a ${kind.noun} of this stack`),
    };
  });
}

/** The objects of a kind that is listed only if an unfinished create may have made one. */
async function othersOf(context: Context, kind: OtherKind): Promise<Stray[]> {
  const objects: readonly Named[] = await context[LISTS[kind]].list(0);
  return objects.map(({ id, name }) => ({
    kind,
    id,
    name,
    text: `${NOUNS[kind]} ${id} '${name}'`,
    isBilled: kind === "GlobalVolume",
  }));
}

function isOther(kind: Kind): kind is OtherKind {
  return isObjectKind(kind) && !isTokened(kind) && kind !== "Volume" && kind !== "Cluster";
}

function isMarkedBy({ name, token }: Stray, marks: ReadonlySet<string>): boolean {
  return token === undefined
    ? [...marks].some((mark) => isMarkedName(name, mark))
    : marks.has(markOf(token) ?? "");
}

function stillThere(lost: readonly Stray[]): UserError {
  const isBilled = lost.some((stray) => stray.isBilled);
  return new UserError(
    multiline(
      safe`An interrupted run of this stack created these objects. They still exist${isBilled ? " and are billed" : ""}, but are missing from its state:`,
      ...lost.map(({ text }) => safe`  ${text}`),
      safe`Run \`npx -p @runpod-stack/provider runpod-stack recover --delete --yes\` to delete them (add the ids of any that it shows as check). Then run the same command again.`,
    ),
  );
}

function mayBeLost(namesakes: readonly Stray[]): UserError {
  return new UserError(
    multiline(
      safe`An interrupted run of this stack was creating objects with these names, but nothing proves whose these are:`,
      ...namesakes.map(({ text }) => safe`  ${text}`),
      safe`If one is this stack's, delete it with \`npx -p @runpod-stack/provider runpod-stack recover --delete <id> --yes\`. If not, run \`pulumi refresh --clear-pending-creates\`. Then run the same command again.`,
    ),
  );
}

function unreadable(marked: readonly Stray[]): UserError {
  return new UserError(
    multiline(
      safe`Cannot tell whether this stack left anything behind: its state could not be read, and these objects carry its mark:`,
      ...marked.map(({ text }) => safe`  ${text}`),
      safe`Set RUNPOD_STACK_PULUMI to the Pulumi CLI that runs this stack, and select the stack with \`pulumi stack select\`. Then run the same command again.`,
    ),
  );
}

function warning(marked: readonly Stray[]): Safe {
  return multiline(
    safe`warning: these objects carry this stack's mark but are not in its state. They are kept:`,
    ...marked.map(({ text }) => safe`  ${text}`),
    safe`They may have been kept on purpose (retainOnDelete, pulumi state delete), moved to another stack, or copied by someone. They are billed until they are deleted in RunPod's console.`,
  );
}

/** An empty result is inconclusive if the check used another API or account. */
function assertKnownAccount(context: Context, pending: readonly Stored[], outputs: Hidden): void {
  if (pending.length === 0) {
    return;
  }
  const { origin, fingerprint } = context.api.account;
  // Older releases recorded the account here, and not with each create.
  const first = storedLive(outputs)?.account;
  const unsure = "Cannot tell whether an interrupted run of this stack left anything behind";
  for (const { urn, logicalName, account = first } of pending) {
    if (account === undefined) {
      continue;
    }
    const difference = differenceFromRun(context, account);
    if (difference === "origin") {
      throw new UserError(
        safe`${unsure}: it was creating ${urn ?? logicalName} at ${account.origin}, but the API in use is ${origin}. Set runpod:apiUrl (or RUNPOD_REST_V2_URL) back, and run the same command again.`,
      );
    }
    if (difference === "key") {
      throw new UserError(
        safe`${unsure}: it was creating ${urn ?? logicalName} with the API key ${account.fingerprint} (a fingerprint), but the key in use is ${fingerprint}. Use the first key. If both belong to the same account, run \`npx -p @runpod-stack/provider runpod-stack recover\` to check it, then \`pulumi refresh --clear-pending-creates\`, and the same command again.`,
      );
    }
  }
}
