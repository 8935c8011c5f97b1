import path from "node:path";
import { STANDARD_INPUT } from "@runpod-stack/kit/command";
import { isInside } from "../../input/places";

/** A file as its repository knows it; undefined for one that is not below the working directory. */
export function pathInTree(file: string): string | undefined {
  if (file === STANDARD_INPUT) return undefined;
  const local = path.normalize(path.isAbsolute(file) ? path.relative("", file) : file);
  const posix = local.replaceAll(path.sep, "/");
  return isInside(posix) ? posix : undefined;
}
