import { shortHash } from "../core/token";
import { isUnknown, UNKNOWN, type Values } from "../schema";

/** The mark that every token of a stack's owner begins with. */
export function ownerMark(ownerId: string): string {
  return shortHash("owner", ownerId).slice(0, 8);
}

/**
 * The inputs with the token by which the object is known as this resource's own: the owner's mark,
 * then the resource's. Without a URN there is none, and nothing is ever adopted.
 */
export function withToken(given: Values): Values {
  const { __owner: owner, __urn: urn, ...rest } = given;
  if (owner === undefined || urn === undefined) return rest;
  if (isUnknown(owner) || isUnknown(urn)) return { ...rest, __token: UNKNOWN };
  const own = shortHash("resource", String(owner), String(urn)).slice(0, 16);
  return { ...rest, __token: `${ownerMark(String(owner))}-${own}` };
}

/** The name of an object that the program leaves unnamed: its own by the token's ends. */
export function automaticName(inputs: Values): string | undefined {
  const [logicalName, token] = [inputs["__logicalName"], inputs["__token"]];
  if (typeof logicalName !== "string") return undefined;
  if (typeof token !== "string") return logicalName;
  if (token === UNKNOWN) return UNKNOWN;
  const [owner = "", own = ""] = token.split("-");
  return `${logicalName}-${owner.slice(0, 5)}${own.slice(0, 5)}`;
}

/** Whether a name was made by `automaticName` for a resource of this owner. */
export function isNameOfOwner(name: string, ownerId: string): boolean {
  return new RegExp(`-${ownerMark(ownerId).slice(0, 5)}[0-9a-f]{5}$`).test(name);
}
