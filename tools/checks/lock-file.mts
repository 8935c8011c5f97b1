import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

/** Packages come from the registry that the user configured, at an exact version, and from nowhere else. */
export function unlockedPackages(): string[] {
  return repositoryFiles("package-lock.json", "*/package-lock.json").flatMap(unlockedIn);
}

function unlockedIn(file: string): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, file), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const problems: string[] = [];
  for (const [location, { version, resolved, link }] of Object.entries(lock.packages)) {
    if (!location.includes("node_modules/") || link) continue;
    if (!version) problems.push(`${file}: ${location} has no version`);
    if (resolved) problems.push(`${file}: ${location} is tied to ${resolved}`);
  }
  return problems;
}
