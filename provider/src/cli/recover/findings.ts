import { markOf } from "../../core/mark";
import { pendingOf } from "../../handlers/lifecycle/journal";
import type { ObjectKind } from "../../handlers/lifecycle/objects";
import { isNamesake, lostAmong, mayHaveCreated } from "../../handlers/lifecycle/proof";
import type { Share, StackState, Stored } from "../../handlers/lifecycle/stack-state";
import { type Listing, type Live, liveObjects } from "./live";

/** An object that is not in the state, and what to do with it. */
export interface Finding {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  /** The price in USD per hour. */
  readonly costPerHr: number;
  readonly locked: boolean;
  /**
   * `keep`: the next `pulumi up` adopts it. `delete`: an interrupted create left it, and nothing
   * else would end it. `check`: the user has to decide, since nothing proves whose it is.
   */
  readonly action: "keep" | "delete" | "check";
  readonly reason: string;
  /** Whether a pending create may have made it. Such a create must not be cleared first. */
  readonly isPending: boolean;
}

/** What a stack's account holds in addition to its state. */
export interface Findings {
  readonly objects: readonly Finding[];
  /** Pending creates without a visible object: they made none, or the lists lag. */
  readonly unseen: readonly Stored[];
}

/** What to delete in addition to what only deletion can end. */
export interface Deletions {
  /** Whether to delete what the next `pulumi up` would adopt. */
  readonly adoptable: boolean;
  /** Ids of objects that are shown as `check`. */
  readonly ids: readonly string[];
}

/** Compares a stack's state with its account. */
export function findingsOf(
  state: StackState,
  share: Share,
  listing: Listing,
  deletions: Deletions,
): Findings {
  const known = new Set(state.shares.flatMap((one) => one.known).map(address));
  const live = liveObjects(listing);
  const unknown = live.filter((object) => !known.has(address(object)));
  const pending = pendingOf({ shares: [share] });
  const lost = lostObjects(pending, unknown, deletions.adoptable);
  const rest = unknown.filter(
    (object) => !lost.some(({ id, kind }) => id === object.id && kind === object.kind),
  );
  const marks = [...share.marks, ...pending.flatMap(({ token }) => markOf(token) ?? [])];
  return {
    objects: [...lost, ...rest.flatMap((object) => doubtful(object, pending, marks))].map((found) =>
      chosen(found, deletions.ids),
    ),
    unseen: pending.filter(
      (entry) =>
        !live.some(
          (object) =>
            object.kind === entry.kind &&
            // An adopted object has another name by now, but still its token.
            ((entry.token !== undefined && object.token === entry.token) ||
              mayHaveCreated([entry], object) ||
              isNamesake(entry, object)),
        ),
    ),
  };
}

/** The objects that interrupted creates made, resource by resource. The oldest of several is kept. */
function lostObjects(
  pending: readonly Stored[],
  unknown: readonly Live[],
  deletesAdoptable: boolean,
): Finding[] {
  // The log has no URNs.
  const resourceOf = ({ urn, kind, logicalName }: Stored) => urn ?? `${kind} ${logicalName}`;
  return [...new Set(pending.map(resourceOf))].flatMap((resource) => {
    const entries = pending.filter((entry) => resourceOf(entry) === resource);
    const kind = entries[0]?.kind;
    const ofKind = unknown.filter((object) => object.kind === kind);
    const [first, ...others] = lostAmong(entries, ofKind).certain;
    if (first === undefined) {
      return [];
    }
    const reason = deletesAdoptable
      ? "an interrupted run created it"
      : "the next `pulumi up` adopts it";
    return [
      finding(first, deletesAdoptable ? "delete" : "keep", reason, true),
      ...others.map((object) => finding(object, "delete", `a duplicate of ${first.id}`, true)),
    ];
  });
}

/** An object that may be this stack's, though nothing proves that an interrupted create made it. */
function doubtful(object: Live, pending: readonly Stored[], marks: readonly string[]): Finding[] {
  const entries = pending.filter(({ kind }) => kind === object.kind);
  if (mayHaveCreated(entries, object)) {
    return [finding(object, "check", "an interrupted run may have created it", true)];
  }
  if (marks.some(object.isMarked)) {
    const reason = "not in this state: kept, moved or copied on purpose, or lost";
    return [finding(object, "check", reason, false)];
  }
  if (entries.some((entry) => isNamesake(entry, object))) {
    return [
      finding(
        object,
        "check",
        "has the name of a pending create, but nothing proves whose it is",
        true,
      ),
    ];
  }
  return [];
}

function chosen(found: Finding, ids: readonly string[]): Finding {
  return found.action === "check" && ids.includes(found.id)
    ? { ...found, action: "delete", reason: "selected with --delete" }
    : found;
}

function finding(
  { kind, id, name, costPerHr, locked }: Live,
  action: Finding["action"],
  reason: string,
  isPending: boolean,
): Finding {
  return { kind, id, name, costPerHr, locked, action, reason, isPending };
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
