import { shortHash } from "./token";

/*
 * How a stack recognizes its own objects: a pod by the creation token in its environment, any other
 * object by the end of its name.
 */

/** The stack mark: eight hexadecimal digits at the start of every token of the stack. */
export function stackMark(ownerId: string): string {
  return shortHash("owner", ownerId).slice(0, 8);
}

/**
 * The creation token of one resource.
 * @param nonce 16 random hexadecimal digits, then 8 that all resources of the run share
 */
export function creationToken(ownerId: string, nonce: string): string {
  return `${stackMark(ownerId)}-${nonce}`;
}

/** The stack mark of a token; undefined if the value is not a token. */
export function markOf(token: unknown): string | undefined {
  if (typeof token !== "string") {
    return undefined;
  }
  return /^([0-9a-f]{8})-(?:[0-9a-f]{16}|[0-9a-f]{24})$/.exec(token)?.[1];
}

/**
 * Whether a token identifies exactly one object. Older releases derived tokens of 16 digits from
 * URNs. Renamed, moved or retained resources share those, so they prove nothing.
 */
export function isUniqueToken(token: unknown): token is string {
  return typeof token === "string" && /^[0-9a-f]{8}-[0-9a-f]{24}$/.test(token);
}

/** The run that made a token; undefined for other values and for tokens of older releases. */
export function runOf(token: unknown): string | undefined {
  return isUniqueToken(token) ? token.slice(-8) : undefined;
}

/**
 * The name of an object that the program does not name. It ends with the start of both parts of the
 * token.
 */
export function markedName(logicalName: string, token: string): string {
  const [mark = "", nonce = ""] = token.split("-");
  return `${logicalName}-${mark.slice(0, 5)}${nonce.slice(0, 5)}`;
}

/** Whether `markedName` made the name for a resource of the stack with this mark. */
export function isMarkedName(name: string, mark: string): boolean {
  return name.slice(0, -5).endsWith(`-${mark.slice(0, 5)}`) && /^[0-9a-f]{5}$/.test(name.slice(-5));
}
