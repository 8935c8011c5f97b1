import { foreign, hideSecretsOf, multiline, type Output, type Safe, safe } from "@runpod-stack/kit";
import { type ClientHooks, createRunpodApi, probe } from "../../api";
import { fallBackTo, missingKey } from "../../core/api-key";
import { type Clock, fastClock, systemClock } from "../../core/clock";
import { readSettings, type Settings } from "../../core/settings";
import { fingerprint } from "../../core/token";
import type { Asked } from "../lifecycle/account";
import { type Context, createContext } from "../lifecycle/context";
import { ownCreateLog } from "../lifecycle/create-log";
import { Journal } from "../lifecycle/journal";
import { readOwnState } from "../lifecycle/pulumi-process";
import { Engine } from "./engine";
import { engineProgress } from "./engine-log";

/** For tests of this provider: how many times faster than the machine's clock its own clock runs. */
const CLOCK_SPEED = "RUNPOD_STACK_CLOCK_SPEED";

/** For a stack whose account has moved to another address: the former URL. */
const FORMER_API_URL = "RUNPOD_STACK_FORMER_API_URL";

let resolveConfig: (get: (key: string) => string | undefined) => void = () => {};
const config = new Promise<(key: string) => string | undefined>((resolve) => {
  resolveConfig = resolve;
});
let settings: Promise<Settings> | undefined;
let account: Promise<Asked> | undefined;
let context: Promise<Context> | undefined;
const engine = new Engine();

/**
 * Takes the configuration from the engine. Every kind gets it, and all kinds of a process get the
 * same one, so the first call decides.
 */
export function configure(get: (key: string) => string | undefined): void {
  engine.watch();
  hideSecretsOf(process.env);
  resolveConfig(get);
}

/** The settings, once this process is configured. A preview needs no key. @throws UserError */
export function processSettings(): Promise<Settings> {
  settings ??= config.then((get) => readSettings(get, process.env));
  return settings;
}

/** The API and the key that this process is configured to use. Makes no network call. */
export function processAccount(): Promise<Asked> {
  account ??= processSettings().then(({ apiUrl, apiKey }) => {
    const former = process.env[FORMER_API_URL] ?? "";
    return {
      origin: new URL(apiUrl).origin,
      ...(URL.canParse(former) && { formerOrigin: new URL(former).origin }),
      ...(apiKey && { fingerprint: fingerprint(apiKey) }),
    };
  });
  return account;
}

/** The one context of this process, once it is configured. */
export function processContext(): Promise<Context> {
  context ??= Promise.all([config, processSettings()]).then(([get, found]) => {
    const clock = processClock();
    const { apiUrl, graphqlUrl, serverlessUrl } = found;
    const log = (line: string) => say(foreign(line));
    const apiKey = found.apiKey || "none";
    const hooks: ClientHooks = {
      // Not every operation makes a call. Without a key, only one that does is rejected.
      around: found.apiKey
        ? (make) => engine.track(make)
        : () => Promise.reject(missingKey(get, process.env)),
      beforeSend: (call) => engine.assertAlive(call),
      onUnauthorized: fallBackTo(found.fallbackApiKey, say),
    };
    const api = createRunpodApi({
      apiKey,
      apiUrl,
      graphqlUrl,
      serverlessUrl,
      clock,
      log,
      hooks,
    });
    const journal = new Journal(
      () => readOwnState(process.env),
      ownCreateLog(process.env),
      clock,
      engine,
    );
    // Pulumi starts a plugin with the engine's address as its only argument.
    const progress = engineProgress(process.argv[2], say);
    return createContext({ api, probe, clock, settings: found, journal, say, progress });
  });
  return context;
}

/** Shows a line to the user: the engine passes on what the plugin prints. */
export function say(text: Safe): void {
  const stdout: Output = process.stdout;
  stdout.write(multiline(text, safe``));
}

function processClock(): Clock {
  const speed = process.env[CLOCK_SPEED];
  return speed === undefined ? systemClock : fastClock(Number(speed));
}
