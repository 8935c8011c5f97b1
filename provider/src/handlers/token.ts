import { creationToken, markedName } from "../core/mark";
import { isUnknown, UNKNOWN, type Values } from "../schema";

/**
 * The inputs with the token by which the object is known as this resource's own. Without a URN
 * there is none, and nothing is ever adopted.
 */
export function withToken(given: Values): Values {
  const { __owner: owner, __urn: urn, ...rest } = given;
  if (owner === undefined || urn === undefined) return rest;
  if (isUnknown(owner) || isUnknown(urn)) return { ...rest, __token: UNKNOWN };
  return { ...rest, __token: creationToken(String(owner), String(urn)) };
}

/** The name of an object that the program leaves unnamed: its own by the token's ends. */
export function automaticName(inputs: Values): string | undefined {
  const [logicalName, token] = [inputs["__logicalName"], inputs["__token"]];
  if (typeof logicalName !== "string") return undefined;
  if (typeof token !== "string") return logicalName;
  return token === UNKNOWN ? UNKNOWN : markedName(logicalName, token);
}
