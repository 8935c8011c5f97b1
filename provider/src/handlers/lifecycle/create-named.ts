import { safe } from "@runpod-stack/kit";
import { UserError } from "../../core/errors";
import type { Values } from "../../schema";
import type { Context } from "./context";
import { createOnce } from "./create-once";
import type { InputChange } from "./diff";
import { PartialFailure } from "./handler";
import { type Creating, creating, type Entries } from "./journal";
import { type NamedObjectKind, objectName } from "./objects";
import { pollUntilFound } from "./poll";
import { lostAmong } from "./proof";
import { REFRESH_AGE_MS, type Snapshot } from "./snapshot";
import { assertAsked, assertNoneUnaccounted } from "./unaccounted";

/** An object that has a name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** What `createNamed` needs to know about a kind of object that cannot carry a token. */
export interface NamedCreation<T extends Named> {
  readonly kind: NamedObjectKind;
  /** The kind's name in messages. */
  readonly noun: string;
  readonly snapshot: Snapshot<T>;
  /** Whether several objects can have one name. */
  readonly sharesNames: boolean;
  /** Whether an object with the name can be the one of a lost answer. */
  fits(found: T): boolean;
  create(): Promise<T>;
  /** How an interrupted run's object differs from what the program wants now. */
  changes(found: T): readonly InputChange[];
  update(found: T, fields: readonly string[]): Promise<T>;
  /** Completes an object with what its list does not show, once RunPod has it. Never fails. */
  settled?(found: T): Promise<T>;
  /** Deletes what an interrupted run made and nothing can use. Absent: such an object is reported. */
  discard?(found: T): Promise<void>;
  /** What is stored if an update of these fields fails. */
  outputs(found: T, fields: readonly string[]): Values;
}

/**
 * Creates an object that is known only by its name. Every run makes a new automatic name, so an
 * object with the automatic name of an interrupted create was made by it. A name that the program
 * chose may be anyone's, so an object that already has it is never touched.
 */
export async function createNamed<T extends Named>(
  context: Context,
  inputs: Values,
  kind: NamedCreation<T>,
): Promise<T> {
  const present = creating(kind.kind, inputs);
  if (present === undefined) {
    return createNew(context, inputs, kind);
  }
  return context.journal.track(present, async () => {
    const entries = await context.journal.atCreate(present);
    const lost = await findLost(context, kind, present, entries);
    const wasTried = entries?.own.some(({ name }) => name === present.name) === true;
    return lost === undefined ? createNew(context, inputs, kind, wasTried) : synced(kind, lost);
  });
}

async function createNew<T extends Named>(
  context: Context,
  inputs: Values,
  kind: NamedCreation<T>,
  wasTried = false,
): Promise<T> {
  const name = String(objectName(kind.kind, inputs));
  const what = `${kind.noun} '${name}'`;
  const isAutomatic = Array.isArray(inputs["__defaults"]) && inputs["__defaults"].includes("name");
  const before = isAutomatic ? [] : await namesakesOf(kind, name, REFRESH_AGE_MS);
  // A namesake in the state is about to be replaced, or the program uses one name twice.
  const held = before.length > 0 ? await context.journal.idsInState(kind.kind) : [];
  const other = before.find(({ id }) => !held.includes(id));
  if (other !== undefined && inputs["allowDuplicateName"] !== true) {
    const hint = wasTried
      ? " An interrupted run of this stack may have created it: run `npx -p @runpod-stack/provider runpod-stack recover` to see how to delete it."
      : "";
    const remedy = kind.sharesNames
      ? "Choose another name, remove the name, or set allowDuplicateName: true to create a second one."
      : "Choose another name.";
    throw new UserError(
      safe`Creating ${what}: the account already has one with that name (${other.id}), which is not in this stack.${hint} ${remedy} To manage the existing one, import it.`,
    );
  }
  const known = new Set(before.map(({ id }) => id));
  const send = async () => {
    const created = await kind.create();
    kind.snapshot.put(created, true);
    return created;
  };
  const find = async () => {
    const namesakes = await awaitNamesakes(context, kind, name, known);
    const [found, other] = namesakes;
    if (found !== undefined && other !== undefined && !isAutomatic) {
      throw ambiguous(what, found, other);
    }
    for (const duplicate of namesakes.slice(1)) {
      await discard(context, kind, what, duplicate);
    }
    return found;
  };
  return settled(kind, await createOnce(context, what, send, find));
}

/** Updates an adopted object to match the program. */
async function synced<T extends Named>(kind: NamedCreation<T>, found: T): Promise<T> {
  const fields = kind.changes(found).map(({ field }) => field);
  if (fields.length === 0) {
    return found;
  }
  try {
    const updated = await kind.update(found, fields);
    kind.snapshot.put(updated);
    return updated;
  } catch (error) {
    const reason = safe`${kind.noun} '${found.name}' (${found.id}) was created but is not fully configured: ${(error as Error).message}`;
    throw new PartialFailure(found.id, kind.outputs(found, fields), [reason]);
  }
}

/** The object that an interrupted create of this resource made, if it can be changed to match the inputs. */
async function findLost<T extends Named>(
  context: Context,
  kind: NamedCreation<T>,
  present: Creating,
  entries: Entries | undefined,
): Promise<T | undefined> {
  const what = `${kind.noun} '${present.name}'`;
  if (entries === undefined) {
    await assertNoneUnaccounted(context, what, present.token);
  }
  if (entries === undefined || entries.own.length === 0) {
    return undefined;
  }
  const strays = (await kind.snapshot.list()).filter(({ id }) => !entries.isInState(kind.kind, id));
  const candidates = strays.map((one) => ({ id: one.id, name: one.name, one }));
  const { certain, doubtful } = lostAmong(entries.own, candidates);
  if (doubtful[0] !== undefined) {
    const { id, name } = doubtful[0];
    throw new UserError(
      safe`Creating ${what}: an interrupted run of an older release may have created ${id} '${name}' for it, but nothing proves it. Nothing was created. To delete it, run \`npx -p @runpod-stack/provider runpod-stack recover --delete ${id} --yes\`; to keep it outside this stack, run \`pulumi refresh --clear-pending-creates\`. Then run \`pulumi up\` again.`,
    );
  }
  const lost = await Promise.all(certain.map(({ one }) => settled(kind, one)));
  if (lost.length === 0) {
    assertAsked(context, what, entries.own);
  }
  const canBecome = (found: T) => kind.changes(found).every(({ change }) => change !== "replace");
  const found = lost.find(canBecome);
  for (const other of lost) {
    if (other !== found) {
      await discard(context, kind, what, other);
    }
  }
  if (found !== undefined) {
    context.say(
      safe`${what}: adopting ${found.id}, which an interrupted run of this stack created`,
    );
  }
  return found;
}

/**
 * An interrupted run, or a request that was carried out twice, made the object, and the program
 * cannot use it.
 */
async function discard<T extends Named>(
  context: Context,
  kind: NamedCreation<T>,
  what: string,
  other: T,
): Promise<void> {
  try {
    if (kind.discard !== undefined) {
      context.say(
        safe`${what}: deleting ${other.id}: ${ORIGIN} left it, and the program cannot use it`,
      );
      await kind.discard(other);
      kind.snapshot.remove(other.id);
      return;
    }
  } catch {
    // RunPod keeps what is in use.
  }
  reportOther(context, what, other);
}

/** Where an object in no state comes from. */
const ORIGIN = "an interrupted run, or a request that was carried out twice,";

function settled<T extends Named>({ settled }: NamedCreation<T>, found: T): Promise<T> {
  return settled?.(found) ?? Promise.resolve(found);
}

async function namesakesOf<T extends Named>(
  kind: NamedCreation<T>,
  name: string,
  maxAgeMs: number,
): Promise<T[]> {
  return (await kind.snapshot.list(maxAgeMs)).filter((item) => item.name === name);
}

/** The objects that have had the name since the answer was lost, as soon as there is one. */
async function awaitNamesakes<T extends Named>(
  context: Context,
  kind: NamedCreation<T>,
  name: string,
  known: ReadonlySet<string>,
): Promise<T[]> {
  const found = await pollUntilFound(context.clock, async () => {
    const namesakes = await namesakesOf(kind, name, 0);
    const fitting = namesakes.filter((item) => !known.has(item.id) && kind.fits(item));
    return fitting.length > 0 ? fitting : undefined;
  });
  return found ?? [];
}

/** It is in no state and may hold data, so never delete it automatically. */
function reportOther(context: Context, what: string, other: Named): void {
  context.say(
    safe`${what}: ${ORIGIN} left ${other.id} '${other.name}'. It is not used, but is billed if it is a volume or a cluster. Run \`npx -p @runpod-stack/provider runpod-stack recover\` to see it`,
  );
}

function ambiguous(what: string, found: Named, other: Named): UserError {
  return new UserError(
    safe`Creating ${what}: RunPod's answer was lost, and two with that name have appeared since: ${found.id} and ${other.id}. One of them may be someone else's, so neither is in the state. Delete those that are yours in RunPod's console, and run \`pulumi up\` again.`,
  );
}
