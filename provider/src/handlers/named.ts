import { UserError } from "../core/errors";
import type { Values } from "../schema";
import type { Context } from "./context";
import { createOnce } from "./create-once";
import type { InputChange } from "./diff";
import { PartialFailure } from "./handler";
import { REFRESH_AGE_MS, type Snapshot } from "./snapshot";
import { isNamed, stillUnnamed } from "./unnamed";

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What `createNamed` needs to know of a kind of object that has no place for a token. */
export interface NamedKind<T extends Named> {
  /** The kind, as messages call it. */
  readonly noun: string;
  readonly snapshot: Snapshot<T>;
  /** Whether an object found under the name can be what a lost answer was about. */
  fits(found: T): boolean;
  create(): Promise<T>;
  /** What an interrupted run's object is not, or no longer, as the program wants it. */
  changes(found: T): readonly InputChange[];
  update(found: T, fields: readonly string[]): Promise<T>;
  /** What is stored of it if that fails. */
  readonly outputs: Values;
}

const LOOK_FOR_MS = 45_000;
const PAUSE_MS = 3_000;

/**
 * Creates an object known only by its name. An automatic name is the resource's own: what bears it
 * is what an interrupted run created. A name that the program chose may be anyone's: an object that
 * bears it already is never touched.
 */
export async function createNamed<T extends Named>(
  context: Context,
  inputs: Values,
  kind: NamedKind<T>,
): Promise<T> {
  const name = String(inputs["name"]);
  const what = `${kind.noun} '${name}'`;
  const isAutomatic = Array.isArray(inputs["__defaults"]) && inputs["__defaults"].includes("name");
  // What others do in the meantime under a name that is anyone's would be taken for a lost answer's.
  const before = await bearersOf(context, kind, name, isAutomatic ? undefined : REFRESH_AGE_MS);
  const isOwn = isAutomatic && inputs["__token"] !== undefined;
  const left = isOwn ? await stillUnnamed(context, before) : [];
  const canBecome = (found: T) => kind.changes(found).every(({ change }) => change !== "replace");
  const own = left.find(canBecome);
  for (const other of left) if (other !== own) tellOfOther(context, what, other);
  if (own !== undefined) {
    context.say(`${what}: adopting ${own.id}, which an interrupted run of this stack created`);
    return synced(kind, own);
  }
  if (!isAutomatic && before[0] !== undefined && inputs["allowDuplicateName"] !== true) {
    throw new UserError(
      `Creating ${what}: the account already has one of that name (${before[0].id}), which is not in this stack. Choose another name, leave the name out, or set allowDuplicateName: true to have two.`,
    );
  }
  const known = new Set(before.map(({ id }) => id));
  const send = async () => {
    const created = await kind.create();
    kind.snapshot.put(created, true);
    return created;
  };
  const look = async () => {
    const bearers = await awaitBearers(context, kind, name, known);
    const [found, other] = bearers;
    if (found !== undefined && other !== undefined && !isAutomatic) {
      throw whoseIsIt(what, found, other);
    }
    for (const spare of bearers.slice(1)) tellOfOther(context, what, spare);
    return found;
  };
  return createOnce(context, what, send, look);
}

/** Brings an adopted object to what the program says by now. */
async function synced<T extends Named>(kind: NamedKind<T>, found: T): Promise<T> {
  const fields = kind.changes(found).map(({ field }) => field);
  if (fields.length === 0) return found;
  try {
    const updated = await kind.update(found, fields);
    kind.snapshot.put(updated);
    return updated;
  } catch (error) {
    const reason = `${kind.noun} '${found.name}' (${found.id}) exists and is not yet as asked for: ${(error as Error).message}`;
    throw new PartialFailure(found.id, kind.outputs, [reason]);
  }
}

async function bearersOf<T extends Named>(
  context: Context,
  kind: NamedKind<T>,
  name: string,
  maxAgeMs?: number,
): Promise<T[]> {
  const all = await kind.snapshot.list(maxAgeMs);
  return all.filter((item) => item.name === name && !isNamed(context, item));
}

/** What bears the name since the answer was lost, as soon as there is anything. */
async function awaitBearers<T extends Named>(
  context: Context,
  kind: NamedKind<T>,
  name: string,
  known: ReadonlySet<string>,
): Promise<T[]> {
  const deadline = context.clock.monotonic() + LOOK_FOR_MS;
  for (;;) {
    const bearers = await bearersOf(context, kind, name, 0);
    const found = bearers.filter((item) => !known.has(item.id) && kind.fits(item));
    if (found.length > 0 || context.clock.monotonic() >= deadline) return found;
    await context.clock.sleep(PAUSE_MS);
  }
}

/** Nobody has it in a state, and what is on it may be dear to someone: it is not deleted unasked. */
function tellOfOther(context: Context, what: string, other: Named): void {
  context.say(
    `${what}: an interrupted run, or a request that was carried out twice, has left ${other.id} of that name. It is not used, and billed if it is a volume: \`npx runpod-stack recover\` shows it`,
  );
}

function whoseIsIt(what: string, found: Named, other: Named): UserError {
  return new UserError(
    `Creating ${what}: RunPod's answer was lost, and two of that name have appeared since, ${found.id} and ${other.id}. One of them may be somebody else's, so neither is in the state. Find out which are yours, delete those in RunPod's console, and run \`pulumi up\` again.`,
  );
}
