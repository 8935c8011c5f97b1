// Packs the published packages into a folder. Installs nothing and runs no script of a package.
// usage: node tools/release/pack.mts FOLDER
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../checks/files.mts";
import { publishedPackages, readManifest, withOrigin } from "./packages.mts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error("usage: node tools/release/pack.mts FOLDER");
}
const destination = path.resolve(folder);
mkdirSync(destination, { recursive: true });

// The provider's entries for what has moved to separate packages, for one more release.
for (const [from, to] of [
  ["models/dist/data", "provider/dist/data"],
  ["openapi/dist/published", "provider/dist/openapi"],
] as const) {
  cpSync(path.join(root, from), path.join(root, to), { recursive: true });
}

for (const directory of publishedPackages()) {
  const file = path.join(root, directory, "package.json");
  const committed = readFileSync(file, "utf8");
  const manifest = withOrigin(readManifest(directory), directory, process.env);
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  try {
    execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", destination], {
      cwd: path.join(root, directory),
      stdio: ["ignore", "inherit", "inherit"],
    });
  } finally {
    writeFileSync(file, committed);
  }
}
