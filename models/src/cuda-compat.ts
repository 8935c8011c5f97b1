import type { ServerSpec } from "./command-line";
import { findLaunch } from "./container";
import { imageFacts } from "./image";

/**
 * Whether the container loads the host's CUDA driver instead of its image's compat libraries. True if
 * `LD_LIBRARY_PATH`, set by the pod or the command, begins with the driver's folder; if the command
 * removes the libraries from the loader's list; or if the image excludes them by default, as vLLM's
 * does since v0.17.0. An unknown image is assumed not to exclude them. Never throws.
 */
export function compatFixed(spec: ServerSpec): boolean {
  const launch = findLaunch(spec);
  const variables = launch?.variables ?? spec.env ?? {};
  const { compatConflict } = imageFacts(spec.imageName ?? "");
  const byCommand =
    startsWithDriver(variables["LD_LIBRARY_PATH"] ?? "") ||
    (launch?.before ?? []).some(
      (words) => words[0] === "rm" && words.some((word) => word.includes("compat")),
    );
  if (compatConflict === true) {
    return byCommand;
  }
  const switched = variables[SWITCH];
  if (/^(?:1|true)$/i.test(switched ?? "")) {
    return false;
  }
  return compatConflict === false || switched !== undefined || byCommand;
}

const SWITCH = "VLLM_ENABLE_CUDA_COMPATIBILITY";

/** Where the NVIDIA runtime puts the host's libcuda. */
const DRIVER_FOLDERS = [
  "/usr/local/nvidia/lib64",
  "/usr/local/nvidia/lib",
  "/usr/lib/x86_64-linux-gnu",
  "/lib/x86_64-linux-gnu",
];

function startsWithDriver(libraryPath: string): boolean {
  const [first = ""] = libraryPath.split(":");
  return DRIVER_FOLDERS.includes(`/${first.split("/").filter(Boolean).join("/")}`);
}
