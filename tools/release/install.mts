// Installs the packed packages into empty folders as their users do, and imports all that they export.
// usage: node tools/release/install.mts [FOLDER with the packed packages] (after a build)
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../checks/files.mts";
import { importing, publicEntries, requiring, typed } from "./entries.mts";
import { publishedPackages, readManifest } from "./packages.mts";

/** The ways in which the compiler resolves a package's types, and the other options that each needs. */
const RESOLUTIONS = {
  node16: { module: "node16" },
  nodenext: { module: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
};

const scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-install-"));
try {
  const tarballs = packed(process.argv[2]);
  for (const [name, tarball] of Object.entries(tarballs)) {
    step(`${name}: publint`, () => run(root, "publint", "--strict", tarball));
    step(`${name}: attw`, () => run(root, "attw", "--no-color", "--profile", "node16", tarball));
  }
  tryOut("npm", tarballs, {}, "install", "--prefer-offline", "--no-audit", "--no-fund");
  // As strict as possible: a package sees only what it declares.
  const settings = { hoist: false, overrides: tarballs };
  tryOut("pnpm", tarballs, settings, "install", "--prefer-offline", "--strict-peer-dependencies");
} finally {
  rmSync(scratch, { recursive: true });
}

/** The packed packages as dependencies, by name. */
function packed(given: string | undefined): Record<string, string> {
  const folder = path.resolve(given ?? path.join(scratch, "packed"));
  if (given === undefined) {
    step("pack", () => run(root, "node", "tools/release/pack.mts", folder));
  }
  const files = readdirSync(folder);
  return Object.fromEntries(
    publishedPackages().map((directory) => {
      const { name } = readManifest(directory);
      const file = files.find((one) => one.startsWith(`${name.slice(1).replace("/", "-")}-`));
      if (!file) {
        throw new Error(`${name} is not packed in ${folder}`);
      }
      return [name, path.join(folder, file)];
    }),
  );
}

function tryOut(
  installer: string,
  tarballs: Record<string, string>,
  settings: object,
  ...command: string[]
): void {
  const folder = path.join(scratch, installer);
  mkdirSync(folder);
  const write = (file: string, content: string | object) =>
    writeFileSync(
      path.join(folder, file),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  write("package.json", { private: true, dependencies: tarballs });
  // JSON is valid YAML.
  write("pnpm-workspace.yaml", settings);
  step(`${installer}: install`, () => run(folder, installer, ...command, "--ignore-scripts"));

  const manifests = Object.keys(tarballs).map((name) => path.join(folder, "node_modules", name));
  const entries = Object.keys(tarballs).flatMap((name, index) =>
    publicEntries(name, manifests[index] ?? ""),
  );
  write("require.cjs", requiring(entries));
  write("import.mjs", importing(entries));
  step(`${installer}: ${entries.length} entries`, () => {
    const required = run(folder, "node", "require.cjs");
    if (run(folder, "node", "import.mjs") !== required) {
      throw new Error(`import and require give different names:\n${required}`);
    }
  });
  for (const bin of manifests.flatMap(commandsOf)) {
    step(`${installer}: ${bin} --help`, () => run(folder, `node_modules/.bin/${bin}`, "--help"));
  }
  write("types.cts", typed(entries));
  write("types.mts", typed(entries));
  for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
    const compilerOptions = { ...options, strict: true, noEmit: true, types: [] };
    const include = ["types.cts", "types.mts"];
    write("tsconfig.json", { compilerOptions, include });
    step(`${installer}: types by ${resolution}`, () => compile(folder));
  }
}

/** Errors in the packages of others are ignored. */
function compile(folder: string): void {
  try {
    run(folder, "tsc", "--pretty", "false");
  } catch (error) {
    const ours = /^(?:types\.|.*node_modules\/@runpod-stack\/).*/gm;
    const problems = `${error}`.match(ours);
    if (problems) {
      throw new Error(problems.join("\n"));
    }
  }
}

function commandsOf(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return Object.keys(manifest.bin ?? {});
}

function step<T>(name: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  return result;
}

/** The output of a command, which must succeed. Runs this repository's tools and its Node.js. */
function run(folder: string, command: string, ...args: string[]): string {
  const bin = path.join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"]}` };
  try {
    return execFileSync(command, args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed in ${folder}\n${stdout}${stderr}`);
  }
}
