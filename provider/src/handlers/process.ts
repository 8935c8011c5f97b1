import { createRunpodApi, probe, type RunpodApi } from "../api";
import { type Clock, fastClock, systemClock } from "../core/clock";
import { UserError } from "../core/errors";
import { readSettings, type Settings } from "../core/settings";
import { fingerprint } from "../core/token";
import type { Asked } from "./account";
import { withFallbackKey } from "./api-key";
import { type Context, createContext } from "./context";
import { Engine } from "./engine";
import { forward } from "./forward-api";
import { ownCreateLog } from "./lifecycle/create-log";
import { Journal } from "./lifecycle/journal";
import { readOwnState } from "./lifecycle/pulumi-process";

/** For tests of this provider: how many times faster than the machine's its clock runs. */
const CLOCK_SPEED = "RUNPOD_STACK_CLOCK_SPEED";

let resolveConfig: (get: (key: string) => string | undefined) => void = () => {};
const config = new Promise<(key: string) => string | undefined>((resolve) => {
  resolveConfig = resolve;
});
let settings: Promise<Settings> | undefined;
let context: Promise<Context> | undefined;
const engine = new Engine();

/**
 * Takes the configuration that the engine hands to the plugin. Every kind gets it, and all kinds
 * of a process get the same: the first call decides.
 */
export function configure(get: (key: string) => string | undefined): void {
  engine.watch();
  resolveConfig(get);
}

/** The settings of this process, once it is configured. */
function processSettings(): Promise<Settings> {
  settings ??= config.then((get) => readSettings(get, process.env));
  return settings;
}

/** Which API, and as whom, this process is configured to ask. Touches no network. */
export async function processAccount(): Promise<Asked> {
  const { apiUrl, apiKey } = await processSettings();
  return {
    origin: URL.canParse(apiUrl) ? new URL(apiUrl).origin : apiUrl,
    ...(apiKey && { fingerprint: fingerprint(apiKey) }),
  };
}

/** The one context of this process, once it is configured. */
export function processContext(): Promise<Context> {
  context ??= processSettings().then((found) => {
    const clock = processClock();
    const { apiUrl, graphqlUrl } = found;
    const connect = (apiKey: string) =>
      engine.guarded(createRunpodApi({ apiKey, apiUrl, graphqlUrl, clock, log: say }));
    const api = found.apiKey
      ? withFallbackKey(connect(found.apiKey), found.fallbackApiKey, connect, say)
      : withoutKey(connect("none"));
    const journal = new Journal(() => readOwnState(process.env), ownCreateLog(process.env), clock);
    return createContext({ api, probe, clock, settings: found, journal, say });
  });
  return context;
}

/** Not every operation makes a call: one that does is refused. */
function withoutKey(api: RunpodApi): RunpodApi {
  const refuse = async () => {
    throw new UserError(
      "No RunPod API key: run `pulumi config set --secret runpod:apiKey <key>`, or set RUNPOD_API_KEY. Keys are made in RunPod's console under Settings, API Keys.",
    );
  };
  return forward(() => api, refuse, api);
}

/** Shows the user a line: the engine passes on what the plugin prints. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function processClock(): Clock {
  const speed = process.env[CLOCK_SPEED];
  return speed === undefined ? systemClock : fastClock(Number(speed));
}
