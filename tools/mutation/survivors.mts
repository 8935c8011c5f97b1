import { readFileSync } from "node:fs";
import path from "node:path";
import type { FileResult, Survivor } from "./report.mts";

/** Survivors that are accepted, and why: an entry of a file in survivors/. */
interface Pardon {
  readonly reason: string;
  /** By file, the accepted changes as in a report's `change`. */
  readonly mutants: Readonly<Record<string, readonly string[]>>;
}

/** Survivors by the reason for accepting them, and problems with the reasons. */
export interface Explained {
  readonly byReason: ReadonlyMap<string, readonly Survivor[]>;
  readonly problems: string[];
}

const FOLDER = path.join(import.meta.dirname, "survivors");

/** Finds each survivor's reason. A survivor without a reason is a problem, and so is a reason without a survivor. */
export function explain(part: string, results: readonly FileResult[]): Explained {
  const pardons = JSON.parse(readFileSync(path.join(FOLDER, `${part}.json`), "utf8")) as Pardon[];
  const byReason = new Map<string, Survivor[]>(pardons.map(({ reason }) => [reason, []]));
  const problems: string[] = [];
  for (const survivor of results.flatMap(({ survivors }) => survivors)) {
    const { file, line, change } = survivor;
    const pardon = pardons.find(({ mutants }) => mutants[file]?.includes(change));
    if (pardon === undefined) {
      problems.push(`no reason for ${file}:${line} ${change}`);
    } else {
      byReason.get(pardon.reason)?.push(survivor);
    }
  }
  for (const { mutants } of pardons) {
    for (const [file, changes] of Object.entries(mutants)) {
      const living = results.find((result) => result.file === file)?.survivors ?? [];
      const dead = changes.filter((text) => !living.some(({ change }) => change === text));
      problems.push(...dead.map((change) => `no longer a survivor: ${file} ${change}`));
    }
  }
  return { byReason, problems };
}
