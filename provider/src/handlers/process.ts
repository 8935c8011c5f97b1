import { createRunpodApi, probe } from "../api";
import { type Clock, fastClock, systemClock } from "../core/clock";
import { UserError } from "../core/errors";
import { readSettings } from "../core/settings";
import { withFallbackKey } from "./api-key";
import { type Context, createContext } from "./context";
import { Engine } from "./engine";
import { engineProgress } from "./engine-log";

/** For tests of this provider: how many times faster than the machine's its clock runs. */
const CLOCK_SPEED = "RUNPOD_STACK_CLOCK_SPEED";

/** Ids that this process has named; known before there is a context, since `diff` touches no API. */
export const named = new Set<string>();

let resolveConfig: (get: (key: string) => string | undefined) => void = () => {};
const config = new Promise<(key: string) => string | undefined>((resolve) => {
  resolveConfig = resolve;
});
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

/** The one context of this process, once it is configured. */
export function processContext(): Promise<Context> {
  context ??= config.then((get) => {
    const settings = readSettings(get, process.env);
    if (!settings.apiKey) {
      throw new UserError(
        "No RunPod API key: run `pulumi config set --secret runpod:apiKey <key>`, or set RUNPOD_API_KEY. Keys are made in RunPod's console under Settings, API Keys.",
      );
    }
    const clock = processClock();
    const { apiUrl, graphqlUrl } = settings;
    const connect = (apiKey: string) =>
      engine.guarded(createRunpodApi({ apiKey, apiUrl, graphqlUrl, clock, log: say }));
    const api = withFallbackKey(connect(settings.apiKey), settings.fallbackApiKey, connect, say);
    // Pulumi starts a plugin with the engine's address as its only argument.
    const progress = engineProgress(process.argv[2], say);
    return createContext({ api, probe, clock, settings, named, say, progress });
  });
  return context;
}

/** Shows the user a line: the engine passes on what the plugin prints. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function processClock(): Clock {
  const speed = process.env[CLOCK_SPEED];
  return speed === undefined ? systemClock : fastClock(Number(speed));
}
