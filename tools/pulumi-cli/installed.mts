import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { cacheFolder, cacheRoot, EXECUTABLE, pulumiHome } from "./paths.mts";
import { runChild } from "./processes.mts";
import { distrust } from "./trust.mts";
import { compareVersions, isNewEnough, OLDEST_PULUMI_VERSION } from "./version.mts";

export interface InstalledPulumi {
  command: string;
  version: string;
  source: "path" | "home" | "cache";
}

export interface Search {
  /** The first Pulumi CLI that is new enough and runs. */
  pulumi: InstalledPulumi | undefined;
  /** CLIs found before it that cannot be used, with the reason, a sentence each. */
  passedOver: string[];
}

/** Looks for a Pulumi CLI on PATH, in Pulumi's own folder and in this project's cache. */
export async function findPulumi(env: NodeJS.ProcessEnv): Promise<Search> {
  const passedOver: string[] = [];
  for (const { command, source } of await candidates(env)) {
    const suspicion = await suspicionOf({ command, source }, env);
    if (suspicion) {
      passedOver.push(`${command} is not run: ${suspicion}`);
      continue;
    }
    try {
      const version = await versionOf(command, env);
      if (isNewEnough(version)) {
        return { pulumi: { command, version, source }, passedOver };
      }
      passedOver.push(`${command} is ${version}, not 3.x from ${OLDEST_PULUMI_VERSION} on`);
    } catch (error) {
      passedOver.push(`${command} does not run: ${(error as Error).message}`);
    }
  }
  return { pulumi: undefined, passedOver };
}

type Candidate = Pick<InstalledPulumi, "command" | "source">;

async function candidates(env: NodeJS.ProcessEnv): Promise<Candidate[]> {
  const cache = cacheFolder(env);
  const home = pulumiHome(env);
  // A built CLI needs the environment of "cache", even if its folder is on PATH. Relative entries
  // such as "." would let the author of the current folder choose the CLI.
  const onPath = (env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && folder !== cache);
  const versions = await readdir(join(home, "versions")).catch(() => []);
  const inHome = versions
    .sort(compareVersions)
    .reverse()
    .map((version) => join(home, "versions", version, "bin"));
  return [
    // Only the one that a shell would run: it hides all others on PATH.
    ...(await executables("path", onPath)).slice(0, 1),
    ...(await executables("home", [join(home, "bin"), ...inHome])),
    ...(await executables("cache", [cache])),
  ];
}

/** PATH is the user's choice; the other folders are written by this project and Pulumi's installers. */
async function suspicionOf(
  { command, source }: Candidate,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (source === "path") {
    return undefined;
  }
  return distrust(command, source === "home" ? pulumiHome(env) : cacheRoot(env));
}

async function executables(source: Candidate["source"], folders: string[]): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const folder of folders) {
    const command = join(folder, EXECUTABLE);
    if (await isExecutable(command)) {
      found.push({ command, source });
    }
  }
  return found;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function versionOf(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const output = await runChild(command, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 20_000,
  });
  const version = /\d+\.\d+\.\d+\S*/.exec(output)?.[0];
  if (!version) {
    throw new Error(`"${command} version" printed ${JSON.stringify(output)}`);
  }
  return version;
}
