import { join, matchesPattern, named, safe } from "@runpod-stack/kit";
import { isRunpodError, UserError } from "../core/errors";
import type { Account } from "./account";

/** How a function finds objects of a kind. */
interface Kind<T> {
  /** The kind's name in messages. */
  readonly noun: string;
  /** The argument that takes an id. */
  readonly idField: string;
  get(id: string): Promise<T>;
  list(): Promise<readonly T[]>;
}

interface Asked {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

/** How long RunPod may not show a new object. */
const LAG_MS = 60_000;
const PAUSE_MS = 2_000;
const SHOWN = 5;

/**
 * The one object with an id, or with a name.
 * @throws UserError if there is none, or more than one with the name
 */
export async function findOne<T extends { readonly id: string; readonly name: string }>(
  { api, clock, mayLag }: Account,
  { noun, idField, get, list }: Kind<T>,
  { id, name }: Asked,
): Promise<T> {
  if ((id === undefined) === (name === undefined)) {
    const problem =
      id === undefined ? "or name is required" : "cannot be combined with name. Remove one of them";
    throw new UserError(safe`${idField} ${problem}.`);
  }
  const deadline = clock.monotonic() + (mayLag ? LAG_MS : 0);
  for (;;) {
    const found =
      id === undefined
        ? (await list()).filter((object) => object.name === name)
        : await unlessMissing(() => get(id));
    const [first, ...others] = found;
    if (first !== undefined && others.length === 0) {
      return first;
    }
    if (first !== undefined) {
      const ids = found.slice(0, SHOWN).map((object) => object.id);
      const more = found.length > SHOWN ? ", …" : "";
      throw new UserError(
        safe`name ${named(name ?? "")} belongs to ${found.length} ${noun}s (${join(
          ids.map((one) => named(one)),
          ", ",
        )}${more}). Use ${idField} instead.`,
      );
    }
    if (clock.monotonic() >= deadline) {
      const what =
        id === undefined ? safe`name ${named(name ?? "")}` : safe`${idField} ${named(id)}`;
      const { origin, fingerprint } = api.account;
      throw new UserError(
        safe`${what} was not found: this account has no such ${noun} (API key fingerprint ${fingerprint}, ${origin}). Correct it, or pass { provider } for another account.`,
      );
    }
    await clock.sleep(PAUSE_MS);
  }
}

/**
 * Whether a name fits a pattern, in which * stands for any characters. Names that the program
 * leaves to the provider end in a suffix.
 */
export function fits(name: string, pattern: string | undefined): boolean {
  return pattern === undefined || matchesPattern(name, pattern);
}

/** A list; null if it is empty or not reported. */
export function filled(list: readonly string[] | null | undefined): string[] | null {
  return list && list.length > 0 ? [...list] : null;
}

/** Newest first; what has the same age by id. */
export function byAge(
  one: { readonly createdAt: string; readonly id: string },
  other: { readonly createdAt: string; readonly id: string },
): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt) || one.id.localeCompare(other.id);
}

/** By name; what has the same name by id. */
export function byName(
  one: { readonly name: string; readonly id: string },
  other: { readonly name: string; readonly id: string },
): number {
  return one.name.localeCompare(other.name) || one.id.localeCompare(other.id);
}

async function unlessMissing<T>(get: () => Promise<T>): Promise<T[]> {
  try {
    return [await get()];
  } catch (error) {
    if (isRunpodError(error, "notFound")) {
      return [];
    }
    throw error;
  }
}
