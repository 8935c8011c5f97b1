/**
 * Lets clients that others wrote live a pod's and an endpoint's life on the emulator, unchanged.
 * usage: npm run clients
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { writePart } from "../generate/part.mts";
import { CLIENTS, type Client, titleOf } from "./clients.mts";
import { installNpm, installPython } from "./install.mts";
import { live } from "./life.mts";
import { type Life, lineOf, passed, type Step, tableOf } from "./report.mts";
import { Waiting } from "./waiting.mts";

const HELP = `npm run clients [-- options]

Installs clients that others wrote (npm and PyPI, exact versions) into a temporary folder, and lets
each do on an emulator what it can do on RunPod: create, list, read, stop, start, ask and delete.
Prints one line for each step. If all went as expected, writes the table of docs/emulator.md.
The exit status is 1 if a step does not go as expected, or something is still billed at the end.

  --json        prints all results as one JSON document instead
  --in FOLDER   installs into this folder and leaves it, so that the next run is quick
  --help        this text`;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    in: { type: "string" },
    help: { type: "boolean" },
  },
});
if (options.help) {
  console.log(HELP);
} else {
  await main(options.in ?? temporary(), options.json);
}

async function main(folder: string, json: boolean): Promise<void> {
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(import.meta.dirname, "programs"), folder, { recursive: true });
  const python = await install(path.resolve(folder));
  if (python === null) {
    console.error(
      "Python is not available: its clients are skipped. Install Python 3 with its venv module to include them.",
    );
  }
  const lives: Life[] = [];
  for (const client of CLIENTS.filter(({ registry }) => registry === "npm" || python !== null)) {
    lives.push(await watch(client, path.resolve(folder), python, json));
  }
  const failed = lives.filter((life) => !passed(life)).map(({ client }) => titleOf(client));
  if (json) {
    console.log(JSON.stringify({ python: python !== null, lives }, null, 2));
  }
  if (failed.length > 0) {
    console.error(`Not as expected: ${failed.join(", ")}. docs/emulator.md is unchanged.`);
    process.exitCode = 1;
  } else if (lives.length === CLIENTS.length) {
    const page = path.join(import.meta.dirname, "../../docs/emulator.md");
    writePart(page, "clients", tableOf(lives, new Date().toISOString().slice(0, 10)));
    console.error("All as expected. docs/emulator.md has the new table.");
  }
}

async function install(folder: string): Promise<string | null> {
  const of = (registry: Client["registry"]) =>
    CLIENTS.filter((client) => client.registry === registry);
  const waiting = new Waiting("npm and pip to install the clients");
  try {
    const [python] = await Promise.all([
      installPython(folder, of("PyPI")),
      installNpm(folder, of("npm")),
    ]);
    return python;
  } finally {
    waiting.end();
  }
}

async function watch(
  client: Client,
  folder: string,
  python: string | null,
  quiet: boolean,
): Promise<Life> {
  const title = titleOf(client);
  const waiting = new Waiting(`the first step of ${title}`);
  const steps: Step[] = [];
  try {
    await live(client, folder, python, (step) => {
      steps.push(step);
      waiting.for(`what follows "${step.step}" of ${title}`);
      if (!quiet) {
        console.log(lineOf(client, step));
      }
    });
  } finally {
    waiting.end();
  }
  return { client, steps };
}

/** A folder that is removed when this process ends. */
function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "runpod-stack-clients-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(1));
  }
  return folder;
}
