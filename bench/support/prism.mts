// Prism, a mock server for any OpenAPI description. It is large, so it is fetched only when it is
// measured.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const FOLDER = path.join(import.meta.dirname, "../prism");
const INSTALLED = path.join(FOLDER, "node_modules/@stoplight/prism-cli");
const DESCRIPTION = path.join(FOLDER, "../../openapi/src/published/v2.json");
const API_KEY = "any";
const START_MS = 60_000;

export interface Prism {
  readonly version: string;
  readonly origin: string;
  /** Any key is accepted. */
  readonly apiKey: string;
  close(): Promise<void>;
}

/** Mocks the description that the emulator uses, and checks requests as well. */
export async function startPrism(report: (line: string) => void): Promise<Prism> {
  const version = install(report);
  const port = await freePort();
  const command = [path.join(INSTALLED, "dist/index.js"), "mock", DESCRIPTION, "--errors"];
  // It is faster without its log.
  const options = ["--port", String(port), "--verboseLevel", "silent"];
  const child = spawn(process.execPath, [...command, ...options], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const close = async () => {
    if (child.exitCode !== null) {
      return;
    }
    child.kill();
    await once(child, "exit");
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_MS;
  while (!(await answers(origin))) {
    if (child.exitCode !== null) {
      throw new Error("Prism ended before it accepted connections.");
    }
    if (performance.now() > deadline) {
      await close();
      throw new Error(`Prism did not answer within ${START_MS / 1000} seconds.`);
    }
    await delay(100);
  }
  return { version, origin, apiKey: API_KEY, close };
}

/** @returns the version in its folder's package.json */
function install(report: (line: string) => void): string {
  const { dependencies } = read(path.join(FOLDER, "package.json"));
  const wanted = dependencies["@stoplight/prism-cli"];
  const manifest = path.join(INSTALLED, "package.json");
  if (existsSync(manifest) && read(manifest).version === wanted) {
    return wanted;
  }
  report(`getting Prism ${wanted}`);
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--prefix", FOLDER], {
    stdio: "inherit",
  });
  if (npm.status !== 0) {
    throw new Error(`Prism ${wanted} could not be installed in bench/prism.`);
  }
  return wanted;
}

function read(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Prism does not accept port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("no port is free");
  }
  return address.port;
}

async function answers(origin: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${API_KEY}` };
  return fetch(`${origin}/v2/pods`, { headers }).then(
    ({ ok }) => ok,
    () => false,
  );
}
