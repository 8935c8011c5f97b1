import { safe } from "@runpod-stack/kit";
import { UserError } from "../core/errors";

/** A path whose every variable part was checked. Made by `path` only. */
export type SafePath = string & { readonly __safe: true };

/** An id as RunPod gives them: what else could be one must never become part of a URL. */
const ID = /^[A-Za-z0-9_.-]{1,191}$/;

/**
 * Builds a path from literal text and ids: path`/pods/${id}`.
 * @throws UserError for an id that is empty, or that could lead to another object
 */
export function path(literals: TemplateStringsArray, ...ids: readonly string[]): SafePath {
  for (const id of ids) {
    if (isId(id)) continue;
    throw new UserError(
      safe`${JSON.stringify(id)} is not an id as RunPod gives them: letters, digits, "-", "_" and ".", at most 191.`,
    );
  }
  return String.raw({ raw: literals }, ...ids) as SafePath;
}

/** Whether a text is in the form that RunPod gives ids. */
export function isId(text: string): boolean {
  return ID.test(text) && text !== "." && text !== "..";
}
