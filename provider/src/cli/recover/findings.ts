import { markOf } from "../../core/mark";
import { identityOf, type Listing, type Live, liveObjects, type ObjectKind } from "./live";
import type { Share, StackState, Stored } from "./state";

/** An object that the state does not know, and what is to become of it. */
export interface Finding {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  /** What it is billed at, in USD. */
  readonly costPerHr: number;
  readonly locked: boolean;
  /**
   * `keep`: the next `pulumi up` takes it into the state. `delete`: nothing else would end it.
   * `check`: for people to decide, since it may hold data, or nothing proves whose it is.
   */
  readonly action: "keep" | "delete" | "check";
  readonly reason: string;
}

/** What a stack's account holds beyond its state. */
export interface Findings {
  readonly objects: readonly Finding[];
  /** Pending creates of which nothing is to be seen: nothing came of them, or the lists lag. */
  readonly unseen: readonly Stored[];
}

/**
 * Compares what a stack's state knows with what its account holds.
 * @param deleteAll whether also what the next `pulumi up` would take into the state is to be deleted
 */
export function findingsOf(
  state: StackState,
  share: Share,
  listing: Listing,
  deleteAll: boolean,
): Findings {
  const known = new Set(state.shares.flatMap((one) => one.known).map(address));
  const live = liveObjects(listing);
  const marks = [...share.owners, ...share.pending.flatMap(({ token }) => markOf(token) ?? [])];
  const own = live.filter(({ isMarked }) => marks.some(isMarked));
  const unknown = own.filter((object) => !known.has(address(object)));
  const strangers = live.filter(
    (object) => !object.isOwned && !own.includes(object) && !known.has(address(object)),
  );
  const namesakes = strangers.filter((object) => share.pending.some(isNamesakeOf(object)));
  return {
    objects: [
      ...leftOvers(share, own, unknown, deleteAll),
      ...namesakes.map((object) =>
        finding(object, "check", "named as a pending create; nothing tells whose it is"),
      ),
    ],
    unseen: share.pending.filter(isObject).filter((stored) => {
      const identity = identityOf(stored);
      return identity === undefined
        ? !namesakes.some((object) => isNamesakeOf(object)(stored))
        : !own.some((object) => object.identity === identity);
    }),
  };
}

/** What carries the stack's mark and is not in its state. */
function leftOvers(
  share: Share,
  own: readonly Live[],
  unknown: readonly Live[],
  deleteAll: boolean,
): Finding[] {
  const holders = new Map(
    own.filter((object) => !unknown.includes(object)).map(({ identity, id }) => [identity, id]),
  );
  const expected = new Set(
    share.pending.filter(({ token }) => share.owners.has(markOf(token) ?? "")).map(identityOf),
  );
  return unknown.map((object) => {
    const { identity, id } = object;
    const holder = holders.get(identity);
    if (holder !== undefined)
      return superfluous(object, `a second one beside ${holder}`, deleteAll);
    holders.set(identity, id);
    return expected.has(identity) && !deleteAll
      ? finding(object, "keep", "the next `pulumi up` adopts it")
      : superfluous(object, "not in the state", deleteAll);
  });
}

/** A volume may be out of the state because someone wants to keep what is on it. */
function superfluous(object: Live, reason: string, deleteAll: boolean): Finding {
  if (object.kind !== "Volume") return finding(object, "delete", reason);
  return deleteAll
    ? finding(object, "delete", `${reason}; its content is lost`)
    : finding(object, "check", `${reason}; it may hold data, and only --delete deletes it`);
}

function finding(
  { kind, id, name, costPerHr, locked }: Live,
  action: Finding["action"],
  reason: string,
): Finding {
  return { kind, id, name, costPerHr, locked, action, reason };
}

/** Whether a pending create that leaves no mark may have made this object. */
function isNamesakeOf(object: Live): (stored: Stored) => boolean {
  return (stored) =>
    stored.kind === object.kind && stored.name === object.name && identityOf(stored) === undefined;
}

/** Whether a resource is an object of its own at RunPod. */
function isObject({ kind }: Stored): boolean {
  return kind === "Pod" || kind === "Volume" || kind === "Template";
}

function address({
  kind,
  id,
}: {
  readonly kind: string;
  readonly id?: string | undefined;
}): string {
  return `${kind} ${id}`;
}
