// Installs the clients into a folder, from the registries that npm and pip are configured for.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Client } from "./clients.mts";

/** @throws what npm reports if it fails */
export async function installNpm(folder: string, clients: readonly Client[]): Promise<void> {
  const names = clients.map(({ package: name, version }) => `${name}@${version}`);
  writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await run(folder, "npm", ["install", "--save-exact", ...quiet, ...names]);
}

/**
 * The Python that has the clients, or null if this machine has no Python that can make a virtual environment.
 * @throws what pip reports if it fails
 */
export async function installPython(
  folder: string,
  clients: readonly Client[],
): Promise<string | null> {
  const bin = path.join(folder, "venv", process.platform === "win32" ? "Scripts" : "bin");
  const python = path.join(bin, "python");
  if (!existsSync(path.join(bin, "pip"))) {
    try {
      await run(folder, "python3", ["-m", "venv", "venv"]);
    } catch {
      return null;
    }
  }
  const names = clients.map(({ package: name, version }) => `${name}==${version}`);
  const quiet = ["--quiet", "--disable-pip-version-check"];
  await run(folder, python, ["-m", "pip", "install", ...quiet, ...names]);
  return python;
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<void> {
  const child: ChildProcess = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const errors = child.stderr ? text(child.stderr) : "";
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new Error(`${command} ${args[0]} failed:\n${await errors}`);
  }
}
