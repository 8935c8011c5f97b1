import { shortHash } from "./token";

/*
 * By what a stack's objects are known as its own: pods by a token in their environment, and what
 * has no place for one by the end of its name.
 */

/** What all tokens of a stack's owner begin with: eight hexadecimal digits. */
export function ownerMark(ownerId: string): string {
  return shortHash("owner", ownerId).slice(0, 8);
}

/** The token of one resource: its owner's mark, then its own sixteen digits. */
export function creationToken(ownerId: string, urn: string): string {
  return `${ownerMark(ownerId)}-${shortHash("resource", ownerId, urn)}`;
}

/** The owner's mark in a token; undefined for a text that is none. */
export function markOf(token: unknown): string | undefined {
  return typeof token === "string" ? /^([0-9a-f]{8})-[0-9a-f]{16}$/.exec(token)?.[1] : undefined;
}

/** The name of an object that the program leaves unnamed, with its token's two beginnings. */
export function markedName(logicalName: string, token: string): string {
  const [owner = "", own = ""] = token.split("-");
  return `${logicalName}-${owner.slice(0, 5)}${own.slice(0, 5)}`;
}

/** Whether a name was made by `markedName` for a resource of the owner with this mark. */
export function isMarkedName(name: string, mark: string): boolean {
  return new RegExp(`-${mark.slice(0, 5)}[0-9a-f]{5}$`).test(name);
}
