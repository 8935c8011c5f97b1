import { readFileSync } from "node:fs";
import path from "node:path";
import type { FileResult, Survivor } from "./report.mts";

/** Survivors that are accepted, and why: what survivors.json holds. */
interface Pardon {
  readonly reason: string;
  /** By file, what was changed as a report's `change` has it. */
  readonly mutants: Readonly<Record<string, readonly string[]>>;
}

/** Survivors by the reason why they are accepted, and what is wrong with the reasons. */
export interface Explained {
  readonly byReason: ReadonlyMap<string, readonly Survivor[]>;
  readonly problems: string[];
}

const FILE = path.join(import.meta.dirname, "survivors.json");

/** Finds each survivor's reason. One without is a problem, and so is a reason without survivor. */
export function explain(results: readonly FileResult[]): Explained {
  const pardons = JSON.parse(readFileSync(FILE, "utf8")) as Pardon[];
  const byReason = new Map<string, Survivor[]>(pardons.map(({ reason }) => [reason, []]));
  const problems: string[] = [];
  for (const survivor of results.flatMap(({ survivors }) => survivors)) {
    const { file, line, change } = survivor;
    const pardon = pardons.find(({ mutants }) => mutants[file]?.includes(change));
    if (pardon === undefined) problems.push(`no reason for ${file}:${line} ${change}`);
    else byReason.get(pardon.reason)?.push(survivor);
  }
  for (const { mutants } of pardons) {
    for (const [file, changes] of Object.entries(mutants)) {
      const living = results.find((result) => result.file === file)?.survivors ?? [];
      const dead = changes.filter((text) => !living.some(({ change }) => change === text));
      problems.push(...dead.map((change) => `no survivor any more: ${file} ${change}`));
    }
  }
  return { byReason, problems };
}
