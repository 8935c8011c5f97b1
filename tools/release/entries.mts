import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

type Target = string | { readonly default: string };

/** The entries that an installed package exports, with patterns expanded to files. */
export function publicEntries(name: string, folder: string): string[] {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    exports: Readonly<Record<string, Target>>;
  };
  return Object.entries(manifest.exports).flatMap(([entry, target]) => {
    const file = typeof target === "string" ? target : target.default;
    return matches(folder, file).map((match) => path.posix.join(name, entry.replace("*", match)));
  });
}

/** The part of each existing file that a pattern's star matches; a single match for a plain path. */
function matches(folder: string, pattern: string): string[] {
  const [start = "", end] = path.posix.basename(pattern).split("*");
  if (end === undefined) {
    return [""];
  }
  return readdirSync(path.join(folder, path.posix.dirname(pattern)))
    .filter((file) => file.startsWith(start) && file.endsWith(end))
    .map((file) => file.slice(start.length, file.length - end.length));
}

/** A CommonJS program that prints the names that each entry exports. */
export function requiring(entries: readonly string[]): string {
  return `${entries.map((entry) => `print("${entry}", require("${entry}"));`).join("\n")}\n${PRINT}`;
}

/** The same as an ES module, for which Node.js finds a CommonJS file's names without running it. */
export function importing(entries: readonly string[]): string {
  const imports = entries.map((entry, index) =>
    isJson(entry)
      ? `import entry${index} from "${entry}" with { type: "json" };`
      : `import * as entry${index} from "${entry}";`,
  );
  const prints = entries.map((entry, index) => `print("${entry}", entry${index});`);
  return `${[...imports, ...prints].join("\n")}\n${PRINT}`;
}

const PRINT = `
function print(entry, module) {
  const added = ["default", "module.exports", "__esModule"];
  const names = Object.keys(module).filter((name) => !added.includes(name));
  console.log(entry + ": " + names.sort().join(" "));
}
`;

/** A program for the compiler only. */
export function typed(entries: readonly string[]): string {
  return entries
    .filter((entry) => !isJson(entry))
    .map((entry, index) => `import * as entry${index} from "${entry}";\nvoid entry${index};\n`)
    .join("");
}

function isJson(entry: string): boolean {
  return entry.endsWith(".json");
}
