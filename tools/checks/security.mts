import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFiles, root } from "./files.mts";

/** Defenses in SECURITY.md without a test that proves them. */
export function unprovenDefenses(): string[] {
  const text = readFileSync(path.join(root, "SECURITY.md"), "utf8");
  return unprovenIn(text, new Set(repositoryFiles("tests")));
}

export function unprovenIn(text: string, files: ReadonlySet<string>): string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  const defenses = rows.filter((row) => !/^\| (?:who|---) \|/.test(row));
  if (defenses.length === 0) {
    return ["SECURITY.md has no table of defenses"];
  }
  return defenses.flatMap((row) => {
    const [, , threat = "", , proof = ""] = row.split("|").map((cell) => cell.trim());
    const tests = [...proof.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
    if (tests.length === 0) {
      return [`SECURITY.md: no test proves "${threat}"`];
    }
    return tests
      .filter((file) => !file.endsWith(".test.ts") || !files.has(file))
      .map(
        (file) => `SECURITY.md: ${file}, the proof of "${threat}", is no test of this repository`,
      );
  });
}
