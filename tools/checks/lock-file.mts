import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** npm would take a URL for the place of the package. */
const VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const SHA_512 = /^sha512-[\w+/]{86}==$/;

/** Entries that do not come from the user's registry, byte for byte as locked. */
export function unlockedPackages(): string[] {
  return repositoryFiles("package-lock.json", "*/package-lock.json").flatMap((file) =>
    unlockedIn(file, readFileSync(path.join(root, file), "utf8")),
  );
}

export function unlockedIn(file: string, text: string): string[] {
  const lock = JSON.parse(text) as { packages: Record<string, LockedPackage> };
  const problems: string[] = [];
  for (const [location, { version, resolved, integrity, link }] of Object.entries(lock.packages)) {
    if (!location.includes("node_modules/") || link) {
      continue;
    }
    if (!VERSION.test(version ?? "")) {
      problems.push(`${file}: ${location} has no version`);
    }
    if (resolved) {
      problems.push(`${file}: ${location} is tied to ${resolved}`);
    }
    if (!SHA_512.test(integrity ?? "")) {
      problems.push(`${file}: ${location} has no SHA-512: remove its entry, and npm install`);
    }
  }
  return problems;
}
