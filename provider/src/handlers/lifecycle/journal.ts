import type { Clock } from "../../core/clock";
import { mayHaveCommitted } from "../../core/errors";
import { markOf, runOf } from "../../core/mark";
import type { Kind, Values } from "../../schema";
import type { CreateLog } from "./create-log";
import { isObjectKind, objectName } from "./objects";
import type { StackState, Stored } from "./stack-state";

/** What the journal shows to an operation on one resource. */
export interface Entries {
  /** Creates of this resource that earlier, interrupted runs did not finish. */
  readonly own: readonly Stored[];
  /** Those of other resources. */
  readonly others: readonly Stored[];
  isInState(kind: Kind, id: string): boolean;
}

/** The resource whose create is under way. */
export interface Creating {
  readonly kind: Kind;
  readonly logicalName: string;
  readonly name: string;
  readonly token: string;
}

/** What the journal needs to know about the engine. */
interface EngineLife {
  readonly isDead: boolean;
  beforeEnd(act: () => void): void;
}

/** The time within which the engine has written a finished create into the state. */
const SETTLE_MS = 1_000;

/**
 * Pulumi's pending operations, used as the journal of creates. The engine writes the checked inputs
 * of a resource into the state before it calls `create`, and the entry stays if the run is
 * interrupted.
 */
export class Journal {
  /** Creates that have returned but are still in the log. */
  readonly #returned: { readonly mark: string; readonly token: string }[] = [];
  #first: Promise<StackState | undefined> | undefined;
  #next: Promise<StackState | undefined> | undefined;
  #present: Promise<StackState | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly readState: () => Promise<StackState | undefined>,
    private readonly log: CreateLog,
    private readonly clock: Pick<Clock, "now">,
    private readonly engine: EngineLife = { isDead: false, beforeEnd: () => {} },
  ) {
    engine.beforeEnd(() => this.#settle());
  }

  /**
   * What the journal shows to a create, which is in it by now. Undefined if the state cannot be
   * read, or is not this stack's.
   */
  async atCreate({ kind, logicalName, token }: Creating): Promise<Entries | undefined> {
    const isEarlier = (entry: Stored) => runOf(entry.token) !== runOf(token);
    const first = await this.#atStart();
    // What earlier runs left is there from the start. If they left nothing, one read is enough.
    const isClean =
      first !== undefined &&
      ![...pendingOf(first), ...this.#unrecorded(first, token)].some(isEarlier);
    if (isClean && holds(first, token)) {
      return entries(first, [], () => false);
    }
    const state = await this.#fresh();
    if (state === undefined || !holds(state, token)) {
      return undefined;
    }
    const earlier = pendingOf(state).filter(isEarlier);
    const urn = pendingOf(state).find((entry) => entry.token === token)?.urn;
    // A state without checkpoints does not show which resource this is.
    if (urn === undefined && earlier.length > 0) {
      return undefined;
    }
    const logged = this.#unrecorded(state, token).filter(isEarlier);
    return entries(state, [...earlier, ...logged], ownEntries({ urn, kind, logicalName }));
  }

  /** What the journal shows to an operation on an object that is in the state. */
  async at(kind: Kind, id: string): Promise<Entries | undefined> {
    return this.#entriesOf(await this.#fresh(), kind, id);
  }

  /** Like `at`, from the first read of this process. Enough for a report. */
  async atStart(kind: Kind, id: string): Promise<Entries | undefined> {
    return this.#entriesOf(await this.#atStart(), kind, id);
  }

  /** The whole state, if it contains the object of this kind and id. */
  async stateWith(kind: Kind, id: string): Promise<StackState | undefined> {
    const state = await this.#fresh();
    return state?.ids.has(`${kind} ${id}`) ? state : undefined;
  }

  /** The ids of a kind's objects in the state; none if it cannot be read. */
  async idsInState(kind: Kind): Promise<string[]> {
    const state = await this.#fresh();
    const known = state === undefined ? [] : knownOf(state);
    return known.filter((one) => one.kind === kind).flatMap(({ id }) => id ?? []);
  }

  /** Creates that began on this machine for stacks with these marks and have not ended. */
  logged(marks: readonly string[]): Stored[] {
    return loggedCreates(this.log, marks, this.clock.now());
  }

  /** Keeps a create in this machine's log until its result is certain. */
  async track<T>({ kind, logicalName, name, token }: Creating, create: () => Promise<T>) {
    const [mark, at] = [markOf(token) ?? "", this.clock.now()];
    this.log.begin(mark, { kind, logicalName, name, token, at });
    try {
      const created = await create();
      // The engine writes it into the state a moment later; until then, both may be killed.
      this.#returned.push({ mark, token });
      setTimeout(() => this.#settle(), SETTLE_MS).unref();
      return created;
    } catch (error) {
      if (!mayHaveCommitted(error)) {
        this.log.end(mark, token);
      }
      throw error;
    }
  }

  /** Removes the create of a deleted object from the log. */
  forget(token: string): void {
    this.log.end(markOf(token) ?? "", token);
  }

  /** Removes from the log what the engine has recorded by now. */
  #settle(): void {
    if (this.engine.isDead) {
      return;
    }
    for (const { mark, token } of this.#returned.splice(0)) {
      this.log.end(mark, token);
    }
  }

  /**
   * The creates in the log that are not in the state, of all its Ownership resources: a resource
   * whose provider changed has a create under the earlier one. Removes the rest from the log.
   */
  #unrecorded({ shares, tokens }: StackState, token: string | undefined): Stored[] {
    const marks = new Set([markOf(token) ?? "", ...shares.flatMap((share) => [...share.marks])]);
    const logged = this.logged([...marks]);
    for (const entry of logged) {
      if (entry.token !== undefined && tokens.has(entry.token)) {
        this.forget(entry.token);
      }
    }
    return logged.filter((entry) => !tokens.has(entry.token));
  }

  #entriesOf(state: StackState | undefined, kind: Kind, id: string): Entries | undefined {
    const known = state && knownOf(state).find(isObjectOf(kind, id));
    if (state === undefined || known === undefined) {
      return undefined;
    }
    const logged = this.#unrecorded(state, known.token);
    return entries(state, [...pendingOf(state), ...logged], ownEntries(known));
  }

  #atStart(): Promise<StackState | undefined> {
    this.#first ??= this.readState();
    return this.#first;
  }

  /** A read that begins after this call and after the current read. Concurrent callers share it. */
  #fresh(): Promise<StackState | undefined> {
    this.#next ??= this.#present.then(() => {
      this.#next = undefined;
      this.#present = this.readState();
      return this.#present;
    });
    return this.#next;
  }
}

/** The create of a resource with these inputs; undefined if it has no token. */
export function creating(kind: Kind, inputs: Values): Creating | undefined {
  const { __token: token, __logicalName: logicalName } = inputs;
  if (typeof token !== "string") {
    return undefined;
  }
  return { kind, token, logicalName: String(logicalName), name: String(objectName(kind, inputs)) };
}

/** Creates whose result the state does not record, and which may have made objects. */
export function pendingOf({ shares }: Pick<StackState, "shares">): Stored[] {
  return shares.flatMap(({ pending }) => pending).filter(({ kind }) => isObjectKind(kind));
}

function knownOf({ shares }: StackState): Stored[] {
  return shares.flatMap(({ known }) => known);
}

function entries(
  state: StackState,
  leftovers: readonly Stored[],
  isOwn: (entry: Stored) => boolean,
): Entries {
  return {
    own: leftovers.filter(isOwn),
    others: leftovers.filter((entry) => !isOwn(entry)),
    isInState: (kind, id) => state.ids.has(`${kind} ${id}`),
  };
}

/** The log has no URNs. Resources with one name, in several components, may swap their lost objects. */
function ownEntries(
  resource: Pick<Stored, "kind" | "logicalName"> & { readonly urn: string | undefined },
): (entry: Stored) => boolean {
  return ({ urn, kind, logicalName }) =>
    urn === undefined
      ? kind === resource.kind && logicalName === resource.logicalName
      : urn === resource.urn;
}

/** Entries of this machine's log. @param now in milliseconds since 1970 */
export function loggedCreates(log: CreateLog, marks: readonly string[], now: number): Stored[] {
  return marks
    .flatMap((mark) => log.unfinished(mark, now))
    .map((create) => ({ ...create, urn: undefined, id: undefined, account: undefined }));
}

function isObjectOf(kind: Kind, id: string): (stored: Stored) => boolean {
  return (stored) => stored.kind === kind && stored.id === id;
}

/** Whether this is the state in which the create with this token is under way. */
function holds(state: StackState, token: string): boolean {
  const mark = markOf(token) ?? "none";
  return (
    pendingOf(state).some((entry) => entry.token === token) ||
    state.shares.some(({ marks }) => marks.has(mark))
  );
}
