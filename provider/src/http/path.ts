import { safe } from "@runpod-stack/kit";
import { UserError } from "../core/errors";

/** A path whose variable parts were checked. Made only by `path`. */
export type SafePath = string & { readonly __safe: true };

/** The form of RunPod's ids. Anything else must never become part of a URL. */
const ID = /^[A-Za-z0-9_.-]{1,191}$/;

/**
 * Builds a path from literal text and ids: path`/pods/${id}`.
 * @throws UserError for an id that is empty, or that could point to another object
 */
export function path(literals: TemplateStringsArray, ...ids: readonly string[]): SafePath {
  for (const id of ids) {
    if (isId(id)) {
      continue;
    }
    throw new UserError(
      safe`${JSON.stringify(id)} is not a RunPod id. Use at most 191 letters, digits, ".", "-" and "_".`,
    );
  }
  return String.raw({ raw: literals }, ...ids) as SafePath;
}

/** Whether a string has the form of a RunPod id. */
export function isId(text: string): boolean {
  return ID.test(text) && text !== "." && text !== "..";
}
