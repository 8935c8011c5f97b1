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
 * The inputs with the creation token that marks the object as this resource's: the stored one, or
 * one of this run for a new object. An imported object has none.
 */
export function withToken(old: Hidden, given: Values): Values {
  const { __owner: owner, __nonce: nonce, ...rest } = given;
  if (Object.keys(old).length > 0) {
    return old["__token"] === undefined ? rest : { ...rest, __token: old["__token"] };
  }
  // With ignoreChanges: ["*"], a replacement gets the checked inputs of the object that it
  // replaces.
  if (given["__account"] !== undefined) {
    return { ...rest, __token: undefined };
  }
  if (owner === undefined || nonce === undefined) {
    return rest;
  }
  if (isUnknown(owner) || isUnknown(nonce)) {
    return { ...rest, __token: UNKNOWN };
  }
  return { ...rest, __token: creationToken(String(owner), String(nonce)) };
}

/** The name of an object that the program does not name, made unique by its token. */
export function automaticName(inputs: Previewed<object>): Known<string> {
  const [logicalName, token] = [inputs["__logicalName"], inputs["__token"]];
  if (typeof logicalName !== "string") {
    return undefined;
  }
  if (isUnknown(token)) {
    return UNKNOWN;
  }
  return typeof token === "string" ? markedName(logicalName, token) : logicalName;
}
