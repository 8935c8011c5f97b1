import { isUniqueToken, markOf } from "../../core/mark";
import type { Kind } from "../../schema";
import { hasAutomaticName, type Stored } from "./stack-state";

/** An object as RunPod lists it, with the creation token that it carries, if it can carry one. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly token?: string | undefined;
}

/**
 * Whether entries of one resource prove that an object is what they created. An object that was
 * adopted or created by a run that ended well has another name or token by now.
 */
export function proves(entries: readonly Stored[], { name, token }: Candidate): boolean {
  // A name that is a secret cannot be read in the state.
  const fitting = entries.filter((entry) => entry.name === name || entry.name === undefined);
  return token === undefined
    ? fitting.some((entry) => isUniqueToken(entry.token) && hasAutomaticName(entry))
    : fitting.length > 0 && isUniqueToken(token) && entries.some((entry) => entry.token === token);
}

/** Whether entries may have created an object. */
export function mayHaveCreated(entries: readonly Stored[], candidate: Candidate): boolean {
  return proves(entries, candidate) || fitsOlder(entries, candidate);
}

/** What interrupted creates of one resource made, of the objects that are in no state. */
export interface Lost<T> {
  /** Certain to be the resource's own. */
  readonly certain: readonly T[];
  /** What an older release's token fits, which does not tell one object of a resource from another. */
  readonly doubtful: readonly T[];
}

/** @param entries those of one resource */
export function lostAmong<T extends Candidate>(
  entries: readonly Stored[],
  candidates: readonly T[],
): Lost<T> {
  const certain = candidates.filter((one) => proves(entries, one));
  const older = candidates.filter((one) => !certain.includes(one) && fitsOlder(entries, one));
  const [only] = older;
  // One pending create and one object that fits it in name as well: nothing else can be the case.
  const isAlone = older.length === 1 && certain.length === 0;
  return only !== undefined && isAlone && entries.some(({ name }) => name === only.name)
    ? { certain: [only], doubtful: [] }
    : { certain, doubtful: older };
}

/** Whether a create that leaves no mark may have made an object of its name. */
export function isNamesake(
  entry: Stored,
  { kind, name, token }: Candidate & { kind: Kind },
): boolean {
  const leavesMark = kind === "Pod" ? entry.token !== undefined : hasAutomaticName(entry);
  return entry.kind === kind && entry.name === name && !leavesMark && markOf(token) === undefined;
}

/** Older releases chose one token and one name for all objects of a resource. */
function fitsOlder(entries: readonly Stored[], { name, token }: Candidate): boolean {
  return entries.some(
    (entry) =>
      entry.token !== undefined &&
      !isUniqueToken(entry.token) &&
      (token === undefined
        ? hasAutomaticName(entry) && entry.name === name
        : entry.token === token),
  );
}
