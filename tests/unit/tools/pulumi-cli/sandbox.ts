import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** A machine with nothing on it: its own home and PATH, removed after the test. */
export interface Sandbox {
  folder: string;
  /** HOME, PATH (with one folder, `bin`) and nothing else. */
  env: NodeJS.ProcessEnv;
  bin: string;
  home: string;
  cache: string;
  write(file: string, text: string, mode?: number): string;
  remove(): void;
}

export function createSandbox(): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
  const bin = join(folder, "bin");
  const home = join(folder, "home");
  mkdirSync(bin);
  mkdirSync(home);
  return {
    folder,
    env: { HOME: home, PATH: [bin, "/usr/bin", "/bin"].join(delimiter) },
    bin,
    home,
    cache: join(home, ".cache", "runpod-stack", "pulumi", "3.259.0"),
    write(file, text, mode = 0o644) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { mode });
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A `pulumi` that only knows its version. */
export function fakePulumi(version: string): string {
  return `#!/bin/sh\necho v${version}\n`;
}
