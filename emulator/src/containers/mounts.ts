import { posix } from "node:path";
import type { Mount } from "./types";

/** Why Docker cannot create a container with these mounts, in its words; null if it can. */
export function mountRefusal(mounts: readonly Mount[]): string | null {
  const [problem] = mounts.flatMap(({ path }) => pathProblem(path) ?? []);
  return problem === undefined ? null : `invalid mount config for type "bind": ${problem}`;
}

function pathProblem(path: string): string | null {
  if (path === "") {
    return "field Target must not be empty";
  }
  if (!posix.isAbsolute(path)) {
    return `invalid mount path: '${path}' mount path must be absolute`;
  }
  return posix.normalize(path) === "/" ? "invalid specification: destination can't be '/'" : null;
}
