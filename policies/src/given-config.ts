import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import { configProblems } from "./settings";

/** A shell and a language host run between the CLI and a policy pack's process. */
const MOST_ANCESTORS = 8;

/**
 * Problems in the configuration that the Pulumi CLI was given for a policy pack. The engine drops
 * rules that do not exist, so a pack never sees them. Empty outside of Linux, or if the configuration
 * comes from elsewhere.
 * @param pack the pack's folder
 */
export function givenConfigProblems(pack: string, parent = process.ppid): string[] {
  try {
    const { folder, args } = commandWith("--policy-pack-config", parent);
    const packs = valuesOf("--policy-pack", args).map((file) =>
      realpathSync(path.resolve(folder, file)),
    );
    const config = valuesOf("--policy-pack-config", args)[packs.indexOf(realpathSync(pack))];
    if (config === undefined) {
      return [];
    }
    return configProblems(JSON.parse(readFileSync(path.resolve(folder, config), "utf8")));
  } catch {
    return [];
  }
}

/** The nearest parent process with an argument, and the folder that its paths are relative to. */
function commandWith(name: string, parent: number): { folder: string; args: string[] } {
  let pid = parent;
  for (let step = 0; step < MOST_ANCESTORS && pid > 1; step++) {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (args.some((arg) => arg === name || arg.startsWith(`${name}=`))) {
      const [given = "."] = [...valuesOf("--cwd", args), ...valuesOf("-C", args)];
      return { folder: path.resolve(readlinkSync(`/proc/${pid}/cwd`), given), args };
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The process name before it is in parentheses, and may contain anything.
    pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  }
  throw new Error(`no process above has ${name}`);
}

function valuesOf(name: string, args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg === name) {
      return args[index + 1] ?? [];
    }
    return arg.startsWith(`${name}=`) ? arg.slice(name.length + 1) : [];
  });
}
