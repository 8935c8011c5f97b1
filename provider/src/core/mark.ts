import { shortHash } from "./token";

/*
 * How a stack recognizes its own objects: pods by a creation token in their environment, and what
 * has no place for one by the end of its name.
 */

/** The stack mark: eight hexadecimal digits with which all tokens of a stack begin. */
export function stackMark(ownerId: string): string {
  return shortHash("owner", ownerId).slice(0, 8);
}

/**
 * The creation token of one resource.
 * @param nonce 16 random hexadecimal digits, then 8 that all resources of the run have in common
 */
export function creationToken(ownerId: string, nonce: string): string {
  return `${stackMark(ownerId)}-${nonce}`;
}

/** The stack mark in a token; undefined for what is none. */
export function markOf(token: unknown): string | undefined {
  if (typeof token !== "string") return undefined;
  return /^([0-9a-f]{8})-(?:[0-9a-f]{16}|[0-9a-f]{24})$/.exec(token)?.[1];
}

/**
 * Whether a token stands for one object alone. Older releases derived tokens of 16 digits from
 * URNs: resources that were renamed, moved or kept share them, so they prove nothing.
 */
export function isUniqueToken(token: unknown): token is string {
  return typeof token === "string" && /^[0-9a-f]{8}-[0-9a-f]{24}$/.test(token);
}

/** The run that chose a token; undefined for what is none, and for those of older releases. */
export function runOf(token: unknown): string | undefined {
  return isUniqueToken(token) ? token.slice(-8) : undefined;
}

/** The name of an object that the program leaves unnamed, with its token's two beginnings. */
export function markedName(logicalName: string, token: string): string {
  const [mark = "", nonce = ""] = token.split("-");
  return `${logicalName}-${mark.slice(0, 5)}${nonce.slice(0, 5)}`;
}

/** Whether a name was made by `markedName` for a resource of the stack with this mark. */
export function isMarkedName(name: string, mark: string): boolean {
  return name.slice(0, -5).endsWith(`-${mark.slice(0, 5)}`) && /^[0-9a-f]{5}$/.test(name.slice(-5));
}
