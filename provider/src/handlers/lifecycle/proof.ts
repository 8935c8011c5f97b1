import { isUniqueToken, markOf } from "../../core/mark";
import type { Kind } from "../../schema";
import { isTokened } from "./objects";
import { hasAutomaticName, type Stored } from "./stack-state";

/** An object as RunPod lists it, with the creation token that it carries, if it can carry one. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly token?: string | undefined;
}

/**
 * Whether entries of one resource prove that they created an object. An object that was adopted, or
 * that a completed run created, has another name or token by now.
 */
export function proves(entries: readonly Stored[], { name, token }: Candidate): boolean {
  // A secret name cannot be read in the state.
  const fitting = entries.filter((entry) => entry.name === name || entry.name === undefined);
  return token === undefined
    ? fitting.some((entry) => isUniqueToken(entry.token) && hasAutomaticName(entry))
    : fitting.length > 0 && isUniqueToken(token) && entries.some((entry) => entry.token === token);
}

/** Whether entries may have created an object. */
export function mayHaveCreated(entries: readonly Stored[], candidate: Candidate): boolean {
  return proves(entries, candidate) || fitsOlder(entries, candidate);
}

/** The objects in no state that interrupted creates of one resource made. */
export interface Lost<T> {
  /** Certainly the resource's own. */
  readonly certain: readonly T[];
  /** Matches of an older release's token, which does not distinguish the objects of a resource. */
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
  // One pending create, and one object that matches it by name too: there is no other explanation.
  const isAlone = older.length === 1 && certain.length === 0;
  return only !== undefined && isAlone && entries.some(({ name }) => name === only.name)
    ? { certain: [only], doubtful: [] }
    : { certain, doubtful: older };
}

/** Whether a create that leaves no mark may have made an object with its name. */
export function isNamesake(
  entry: Stored,
  { kind, name, token }: Candidate & { kind: Kind },
): boolean {
  const leavesMark = isTokened(kind) ? entry.token !== undefined : hasAutomaticName(entry);
  return entry.kind === kind && entry.name === name && !leavesMark && markOf(token) === undefined;
}

/** Older releases used one token and one name for all objects of a resource. */
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
