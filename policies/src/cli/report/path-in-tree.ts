import path from "node:path";
import { foreign } from "@runpod-stack/kit";
import { STANDARD_INPUT } from "@runpod-stack/kit/command";
import { isInside } from "../../input/places";

/**
 * A file as its repository knows it; undefined for one that is not below the working directory, and for
 * one with a name that cannot be shown as it is: strangers choose it.
 */
export function pathInTree(file: string): string | undefined {
  if (file === STANDARD_INPUT) {
    return undefined;
  }
  const local = path.normalize(path.isAbsolute(file) ? path.relative("", file) : file);
  const posix = local.replaceAll(path.sep, "/");
  return isInside(posix) && foreign(posix) === posix ? posix : undefined;
}
