import { randomInt } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type Safe, safe } from "@runpod-stack/kit";
import { createApp } from "./app";
import type { Speed } from "./core/clock";
import { LOOPBACK } from "./core/loopback";
import { Faults } from "./http/faults";
import { checkRights, type KeyRights } from "./http/key-rights";
import { LIVE_RATE_LIMIT, RateLimiter, type RateLimitWindow } from "./http/rate-limit";
import { RequestLog } from "./http/request-log";
import { LIVE_SPEND_LIMIT } from "./pods/spend-limit";
import { jobKeeper } from "./serverless/job-keeper";
import type { SshServers } from "./ssh/servers";
import { FileLock } from "./state/file-lock";
import { cannotWrite, removePartials } from "./state/private-file";
import { restore, resumeAt } from "./state/snapshot";
import { readState, StateFile } from "./state/state-file";
import { createWorld, resetWorld, type World } from "./state/world";

export interface EmulatorOptions {
  /** @default 0, any free port */
  port?: number;
  /** One account each. @default ["rpa_emulator"] */
  apiKeys?: readonly string[];
  /**
   * Further keys of the first account, and what they may do, such as
   * `{ rpa_ci: ["all:read", "pods:write"] }`. @default none
   */
  restrictedKeys?: KeyRights;
  /** Determines ids, stock and random events. @default a random one */
  seed?: number;
  /** Null for no limit. @default as the live API */
  rateLimit?: readonly RateLimitWindow[] | null;
  /** @default "real" */
  speed?: Speed;
  /** Dollars on each account. @default 10,000 */
  credit?: number;
  /** The most that an account's running pods may cost, in dollars per hour; null for no limit. @default 80 */
  spendLimit?: number | null;
  /** Objects on a page of a list; null answers lists whole and without `pagination`. @default 1,000 */
  pageSize?: number | null;
  /** Refuses models that the emulator does not know. @default false */
  strictHub?: boolean;
  /** Whether REST v1 works, which RunPod retired in November 2026; else it answers 410. @default false */
  restV1?: boolean;
  /** Whether running pods that expose 22/tcp have a real SSH server on this machine. @default false */
  ssh?: boolean;
  /** Keeps everything between runs. @default nothing is kept */
  stateFile?: string;
  /** Prints a line of the log. @default nothing is printed */
  log?: (line: Safe) => void;
  /** Real milliseconds since the epoch. @default Date.now */
  time?: () => number;
  /** Replaces the process's Request and Response by cheaper ones. @default false */
  replaceGlobals?: boolean;
}

export interface Emulator {
  /** As `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly seed: number;
  /** The environment variables that point RunPod's clients to this emulator. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts an emulator. The promise resolves once it accepts connections. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const {
    port = 0,
    rateLimit = LIVE_RATE_LIMIT,
    pageSize = 1000,
    restV1 = false,
    restrictedKeys = {},
    replaceGlobals = false,
  } = options;
  const { log = () => {} } = options;
  Object.values(restrictedKeys).forEach(checkRights);
  const { world, state } = await loadWorld(options);
  const ssh = options.ssh ? await openSshServers(world, log) : null;
  const app = createApp({
    world,
    requests: new RequestLog(),
    faults: new Faults(),
    limiter: rateLimit && new RateLimiter(rateLimit, () => world.clock.wall()),
    pageSize,
    restV1,
    keyRights: restrictedKeys,
    ssh,
    log,
    saved: async () => state?.saved(),
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: replaceGlobals,
  }) as Server;
  try {
    await listen(server, port);
  } catch (error) {
    await ssh?.close();
    await state?.close();
    throw error;
  }
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seed: world.options.seed,
    env: clientEnv(url, options.apiKeys?.[0] ?? world.store.accounts[0]?.apiKey ?? ""),
    close: async () => {
      await close(server);
      await ssh?.close();
      await state?.close();
      // Nothing of it goes on: jobs with webhooks would.
      resetWorld(world);
    },
  };
}

/** @throws if the state file is in use, is something else, or cannot be written */
async function loadWorld(
  options: EmulatorOptions,
): Promise<{ world: World; state: StateFile | null }> {
  const { apiKeys = ["rpa_emulator"], speed = "real", credit = 10_000, time = Date.now } = options;
  const { spendLimit = LIVE_SPEND_LIMIT, stateFile, strictHub = false } = options;
  const announce = announcer(options);
  const settings = { apiKeys, speed, credit, spendLimit, time, strictHub, announce };
  if (stateFile === undefined) {
    const seed = options.seed ?? randomInt(2 ** 31);
    return { world: createWorld({ ...settings, seed }), state: null };
  }
  const lock = FileLock.acquire(stateFile);
  try {
    const snapshot = readState(stateFile);
    const seed = options.seed ?? snapshot?.seed ?? randomInt(2 ** 31);
    const startAt = snapshot ? resumeAt(snapshot, time()) : undefined;
    const world = createWorld({ ...settings, seed }, startAt);
    if (snapshot) {
      restore(world, snapshot, jobKeeper);
    }
    const state = new StateFile(world, stateFile, lock, jobKeeper);
    await removePartials(stateFile);
    await state.saved().catch((error: NodeJS.ErrnoException) => {
      throw cannotWrite(stateFile, error);
    });
    return { world, state };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Loaded only where it is used. */
async function openSshServers(world: World, log: (line: Safe) => void): Promise<SshServers> {
  const { SshServers } = require("./ssh/servers") as typeof import("./ssh/servers");
  const servers = new SshServers(world, log);
  await servers.settle();
  return servers;
}

/** Prints each sentence once. */
function announcer({ log = () => {} }: EmulatorOptions): (sentence: string) => void {
  const printed = new Set<string>();
  return (sentence) => {
    if (!printed.has(sentence) && printed.size < MAX_ANNOUNCED) {
      printed.add(sentence);
      log(safe`warning: ${sentence}`);
    }
  };
}

const MAX_ANNOUNCED = 10_000;

function clientEnv(url: string, apiKey: string): Record<string, string> {
  return {
    RUNPOD_API_KEY: apiKey,
    RUNPOD_REST_V2_URL: `${url}/v2`,
    RUNPOD_API_BASE_URL: url,
    RUNPOD_REST_V1_URL: `${url}/v1`,
    RUNPOD_GRAPHQL_URL: `${url}/graphql`,
    RUNPOD_PROXY_URL: `${url}/proxy/{podId}-{port}`,
    RUNPOD_ENDPOINT_BASE_URL: `${url}/serverless/v2`,
    RUNPOD_LOAD_BALANCER_URL: `${url}/lb/{endpointId}`,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken: choose another, or 0 for any free one`)
          : error,
      ),
    );
    server.listen(port, LOOPBACK, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
