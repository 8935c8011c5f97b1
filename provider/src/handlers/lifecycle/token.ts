import { creationToken, markedName } from "../../core/mark";
import {
  type Hidden,
  isUnknown,
  type Known,
  type Previewed,
  UNKNOWN,
  type Values,
} from "../../schema";

/**
 * The inputs with the token by which the object is known as this resource's own: the one of the
 * state, or for a new object the one of this run. An imported object has none.
 */
export function withToken(old: Hidden, given: Values): Values {
  const { __owner: owner, __nonce: nonce, ...rest } = given;
  if (Object.keys(old).length > 0) {
    return old["__token"] === undefined ? rest : { ...rest, __token: old["__token"] };
  }
  // With ignoreChanges: ["*"] a replacement is given the inputs of what it replaces, checked before.
  if (given["__account"] !== undefined) return { ...rest, __token: undefined };
  if (owner === undefined || nonce === undefined) return rest;
  if (isUnknown(owner) || isUnknown(nonce)) return { ...rest, __token: UNKNOWN };
  return { ...rest, __token: creationToken(String(owner), String(nonce)) };
}

/** The name of an object that the program leaves unnamed: its own by the token's ends. */
export function automaticName(inputs: Previewed<object>): Known<string> {
  const [logicalName, token] = [inputs["__logicalName"], inputs["__token"]];
  if (typeof logicalName !== "string") return undefined;
  if (isUnknown(token)) return UNKNOWN;
  return typeof token === "string" ? markedName(logicalName, token) : logicalName;
}
