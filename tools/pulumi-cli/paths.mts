import { homedir } from "node:os";
import { join } from "node:path";
import { PULUMI_VERSION } from "./version.mts";

type Environment = Record<string, string | undefined>;

export const EXECUTABLE = process.platform === "win32" ? "pulumi.exe" : "pulumi";

const repository = join(import.meta.dirname, "..", "..");

/** The folder of the Node.js and the TypeScript that this repository pins. */
export const TOOLS_FOLDER = join(repository, "node_modules", ".bin");

export const SDK_FOLDER = join(repository, "node_modules", "@pulumi", "pulumi");
export const LANGUAGE_HOST = join(import.meta.dirname, "language-host.mts");
export const GO_MODULE = join(import.meta.dirname, "go");
export const BESIDE_CLI = join(import.meta.dirname, "beside-cli");

/** The project's cache on this machine, shared by all clones. */
export function cacheRoot(env: Environment): string {
  return join(env["XDG_CACHE_HOME"] || join(homeFolder(env), ".cache"), "runpod-stack");
}

/** The folder of a CLI that was built here. */
export function cacheFolder(env: Environment): string {
  return join(cacheRoot(env), "pulumi", PULUMI_VERSION);
}

/** Pulumi's own folder: its installers put a CLI into `bin` or `versions/<version>/bin`. */
export function pulumiHome(env: Environment): string {
  return env["PULUMI_HOME"] || join(homeFolder(env), ".pulumi");
}

function homeFolder(env: Environment): string {
  return env["HOME"] || homedir();
}
