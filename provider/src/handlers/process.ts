import { createRunpodApi, probe } from "../api";
import { systemClock } from "../core/clock";
import { UserError } from "../core/errors";
import { readSettings } from "../core/settings";
import { withFallbackKey } from "./api-key";
import { type Context, createContext } from "./context";

/** Ids that this process has named; known before there is a context, since `diff` touches no API. */
export const named = new Set<string>();

let resolveConfig: (get: (key: string) => string | undefined) => void = () => {};
const config = new Promise<(key: string) => string | undefined>((resolve) => {
  resolveConfig = resolve;
});
let context: Promise<Context> | undefined;

/**
 * Takes the configuration that the engine hands to the plugin. Every kind gets it, and all kinds
 * of a process get the same: the first call decides.
 */
export function configure(get: (key: string) => string | undefined): void {
  resolveConfig(get);
}

/** The one context of this process, once it is configured. */
export function processContext(): Promise<Context> {
  context ??= config.then((get) => {
    const settings = readSettings(get, process.env);
    if (settings.apiKey === undefined) {
      throw new UserError(
        "No RunPod API key: run `pulumi config set --secret runpod:apiKey <key>`, or set RUNPOD_API_KEY. Keys are made in RunPod's console under Settings, API Keys.",
      );
    }
    const connect = (apiKey: string) =>
      createRunpodApi({
        apiKey,
        apiUrl: settings.apiUrl,
        graphqlUrl: settings.graphqlUrl,
        clock: systemClock,
        log: say,
      });
    const api = withFallbackKey(connect(settings.apiKey), settings.fallbackApiKey, connect, say);
    return createContext({ api, probe, clock: systemClock, settings, named, say });
  });
  return context;
}

/** Shows the user a line: the engine passes on what the plugin prints. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
