import path from "node:path";
import { foreign } from "@runpod-stack/kit";
import { STANDARD_INPUT } from "@runpod-stack/kit/command";
import { isInside } from "../../input/places";

/**
 * A file's path below the working directory. Undefined if the file is elsewhere, or if its name, which
 * strangers may choose, is not safe to show.
 */
export function pathInTree(file: string): string | undefined {
  if (file === STANDARD_INPUT) {
    return undefined;
  }
  const local = path.normalize(path.isAbsolute(file) ? path.relative("", file) : file);
  const posix = local.replaceAll(path.sep, "/");
  return isInside(posix) && foreign(posix) === posix ? posix : undefined;
}
