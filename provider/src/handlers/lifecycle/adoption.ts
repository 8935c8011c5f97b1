import { isMarkedName, markOf } from "../../core/mark";
import type { Inputs } from "../../schema";
import { type Tokened, tokenOf } from "./tokened";

/**
 * How an object of an interrupted run is adopted: under which inputs, and whether it gets the new
 * creation token. A new name or a new token distinguishes it from what the journal recorded, so
 * that no later run takes it for lost again, whatever happens to its resource.
 */
export function adoption<T>(
  found: Tokened,
  inputs: Inputs<T & { readonly name?: string }>,
): { readonly inputs: Inputs<T>; readonly needsToken: boolean } {
  // A name that the program chose may be used again; an automatic name never is.
  const isMarked = isMarkedName(found.name, markOf(tokenOf(found)) ?? "none");
  const isRenamed = found.name !== inputs["name"] && isMarked;
  return {
    inputs: isRenamed ? { ...inputs, __token: tokenOf(found) } : inputs,
    needsToken: !isRenamed && inputs["__token"] !== undefined,
  };
}
