import { ownCreateLog } from "../../handlers/lifecycle/create-log";
import { isTokened } from "../../handlers/lifecycle/objects";
import type { StackState } from "../../handlers/lifecycle/stack-state";
import type { Lock, Stack } from "../pulumi";
import { removeForSure } from "../removal";
import { announced, type Session } from "../session";
import { attempt, type Step } from "../step";
import type { AccountCheck } from "./accounts";
import type { Finding } from "./findings";

/** What a recovery found, and what it does or did about it. Printed unchanged by --json. */
export interface Recovery {
  readonly stack: string;
  readonly accounts: readonly Account[];
  /** The lock that a run left; null if there is none. */
  readonly lock: (Lock & Step) | null;
  readonly objects: readonly (Finding &
    Step & { /** Its index in `accounts`. */ account: number })[];
  /** Null if there are none. */
  readonly pendingCreates: (PendingCreates & Step) | null;
}

interface Account {
  /** The name of the program's own provider; null for the default one. */
  readonly provider: string | null;
  readonly origin: string;
  /** Of the API key. */
  readonly fingerprint: string;
  /** The stack's marks in that account. */
  readonly marks: readonly string[];
}

interface PendingCreates {
  readonly urns: readonly string[];
  readonly action: "clear" | "keep";
  readonly reason: string;
}

/** The plan, with nothing done yet. */
export function planned(
  stack: string,
  lock: Lock | undefined,
  state: StackState,
  checks: readonly AccountCheck[],
): Recovery {
  const objects = checks.flatMap(({ findings }, account) =>
    findings.objects.map((object) => ({ ...object, account, done: false })),
  );
  const pending = pendingCreates(state, objects);
  return {
    stack,
    accounts: checks.map(({ share, api }) => ({
      provider: share.provider ?? null,
      ...api.account,
      marks: [...share.marks],
    })),
    lock: lock === undefined ? null : { ...lock, done: false },
    objects,
    pendingCreates: pending && { ...pending, done: false },
  };
}

/** Carries out the plan, as far as possible. */
export async function carriedOut(
  session: Session,
  stack: Stack,
  checks: readonly AccountCheck[],
  plan: Recovery,
): Promise<Recovery> {
  const lock =
    plan.lock &&
    (await attempt(plan.lock, () => announced(session, "canceling the lock", stack.cancel)));
  if (lock?.problem !== undefined) {
    return { ...plan, lock };
  }
  const remove = (object: Recovery["objects"][number]) => {
    const api = checks[object.account]?.api;
    if (object.action !== "delete" || api === undefined) {
      return object;
    }
    return attempt(object, () =>
      announced(session, `deleting ${object.id}`, () => removeForSure(session, api, object)),
    );
  };
  // What runs comes first, since a volume is in use while its pod, endpoint or cluster exists.
  const runs = ({ kind }: Finding) => isTokened(kind) || kind === "Cluster";
  const running = await Promise.all(plan.objects.filter(runs).map(remove));
  const others = await Promise.all(plan.objects.filter((object) => !runs(object)).map(remove));
  const objects = [...running, ...others];
  const isClear = objects.every(({ action, done, isPending }) =>
    action === "delete" ? done : !isPending,
  );
  const log = ownCreateLog(session.terminal.env);
  if (isClear) {
    for (const { share } of checks) {
      for (const mark of share.marks) {
        log.clear(mark);
      }
    }
  }
  const pending = plan.pendingCreates;
  const pendingCreates =
    pending?.action === "clear" && isClear
      ? await attempt(pending, () =>
          announced(session, "clearing pending creates", stack.clearPendingCreates),
        )
      : pending;
  return { ...plan, lock, objects, pendingCreates };
}

/** Whether there is anything that the user should know about. */
export function hasFindings({ lock, objects, pendingCreates }: Recovery): boolean {
  return lock !== null || objects.length > 0 || pendingCreates?.action === "clear";
}

/** Whether something failed, or is for the user to decide. */
export function isUnfinished({ lock, objects, pendingCreates }: Recovery): boolean {
  return (
    lock?.done === false ||
    objects.some(({ action, done }) => action === "check" || (action === "delete" && !done)) ||
    (pendingCreates?.action === "clear" && !pendingCreates.done)
  );
}

/** Pulumi clears all pending creates of a stack or none. */
function pendingCreates(
  { shares, otherPending }: StackState,
  objects: readonly Finding[],
): PendingCreates | null {
  const urns = [
    ...new Set(shares.flatMap(({ pending }) => pending.flatMap(({ urn }) => urn ?? []))),
  ];
  if (urns.length === 0) {
    return null;
  }
  if (objects.some(({ action }) => action === "keep")) {
    return { urns, action: "keep", reason: "until `pulumi up` has adopted their objects" };
  }
  if (objects.some(({ action, isPending }) => action === "check" && isPending)) {
    return { urns, action: "keep", reason: "until you have decided about the objects to check" };
  }
  if (otherPending.length > 0) {
    const reason = `${otherPending.length} of other packages would be cleared as well: resolve those, then run \`pulumi refresh --clear-pending-creates\``;
    return { urns, action: "keep", reason };
  }
  return { urns, action: "clear", reason: "they left nothing outside the state" };
}
