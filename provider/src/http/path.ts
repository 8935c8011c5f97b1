import { UserError } from "../core/errors";

/** A path whose every variable part was checked and encoded. Made by `path` only. */
export type SafePath = string & { readonly __safe: true };

/** An id as RunPod gives them. Anything else must never become part of a URL. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Builds a path from literal text and ids: path`/pods/${id}`.
 * @throws UserError for an id that is empty, or could lead to another object
 */
export function path(literals: TemplateStringsArray, ...ids: readonly string[]): SafePath {
  const checked = ids.map((id) => {
    if (!ID.test(id)) {
      throw new UserError(
        `${JSON.stringify(id)} is not an id as RunPod gives them: letters, digits, - and _, at most 64.`,
      );
    }
    return encodeURIComponent(id);
  });
  return literals.reduce(
    (text, literal, index) => `${text}${literal}${checked[index] ?? ""}`,
    "",
  ) as SafePath;
}
