import { delimiter, dirname, join } from "node:path";
import { buildPulumi } from "./build.mts";
import { downloadPulumi } from "./download.mts";
import { findPulumi } from "./installed.mts";
import { withLock } from "./lock.mts";
import { cacheFolder, cacheRoot, LANGUAGE_HOST, pulumiHome, TOOLS_FOLDER } from "./paths.mts";
import { distrust } from "./trust.mts";
import { OLDEST_PULUMI_VERSION, PULUMI_VERSION } from "./version.mts";

export interface ResolvedPulumi {
  /** Absolute path of the CLI. */
  command: string;
  version: string;
  source: "path" | "home" | "cache" | "download" | "built";
  /** Environment variables that the CLI needs in addition to the current ones. */
  env: Record<string, string>;
  /** CLIs found before this one that cannot be used, with the reason, a sentence each. */
  passedOver: string[];
}

export interface ResolveOptions {
  /** @default the environment of this process */
  env?: NodeJS.ProcessEnv;
  /** Called with each line of progress. @default progress is not shown */
  report?: (line: string) => void;
  signal?: AbortSignal | undefined;
  download?: typeof downloadPulumi;
  build?: typeof buildPulumi;
}

/**
 * Finds a Pulumi CLI that this project can use, or gets one: the official release if its download
 * site can be reached, else a build from its Go modules. `docs/pulumi-cli.md` has the order.
 *
 * Rejects with one sentence about what to install if none of this is possible.
 */
export async function resolvePulumi({
  env = process.env,
  report = () => {},
  signal,
  download = downloadPulumi,
  build = buildPulumi,
}: ResolveOptions = {}): Promise<ResolvedPulumi> {
  const { pulumi, passedOver } = await findPulumi(env);
  if (pulumi) {
    return withEnvironment({ ...pulumi, passedOver }, env);
  }

  const cache = cacheFolder(env);
  return withLock(`${cache}.lock`, { report, signal }, async () => {
    // Another process may have installed it while this one waited for the lock.
    const { pulumi } = await findPulumi(env);
    if (pulumi) {
      return withEnvironment({ ...pulumi, passedOver }, env);
    }

    const folder = join(pulumiHome(env), "versions", PULUMI_VERSION);
    const attempts = {
      download: async () => {
        await trust(folder, pulumiHome(env));
        await download({ folder, report, signal });
      },
      built: async () => {
        await trust(cache, cacheRoot(env));
        await build({ folder: cache, env, report, signal });
      },
    };
    const failures = [...passedOver];
    for (const source of ["download", "built"] as const) {
      try {
        await attempts[source]();
      } catch (error) {
        signal?.throwIfAborted();
        failures.push((error as Error).message);
        continue;
      }
      const { pulumi, passedOver: broken } = await findPulumi(env);
      if (pulumi) {
        return withEnvironment({ ...pulumi, source, passedOver }, env);
      }
      failures.push(...broken.slice(passedOver.length));
    }
    throw new Error(
      `No Pulumi CLI of version ${OLDEST_PULUMI_VERSION} or newer is installed, and none could be downloaded or built (${failures.join("; ")}): install it as https://www.pulumi.com/docs/install/ says, then run this again.`,
    );
  });
}

async function trust(folder: string, base: string): Promise<void> {
  const suspicion = await distrust(folder, base);
  if (suspicion) {
    throw new Error(`${folder} is not used: ${suspicion}`);
  }
}

function withEnvironment(
  pulumi: Omit<ResolvedPulumi, "env">,
  env: NodeJS.ProcessEnv,
): ResolvedPulumi {
  const folder = dirname(pulumi.command);
  // A CLI on PATH is complete with its other programs.
  const first = pulumi.source === "path" ? [TOOLS_FOLDER] : [TOOLS_FOLDER, folder];
  const others = (env["PATH"] ?? "").split(delimiter).filter((entry) => !first.includes(entry));
  const isOurs = pulumi.source === "cache" || pulumi.source === "built";
  return {
    ...pulumi,
    env: {
      PATH: [...first, ...others].join(delimiter),
      // Official releases contain their language host; see beside-cli/pulumi-language-nodejs.
      ...(isOurs ? { RUNPOD_STACK_LANGUAGE_HOST: LANGUAGE_HOST } : {}),
    },
  };
}
