import { hideSecret } from "@runpod-stack/kit";
import { trustedHosts } from "./hosts";
import {
  graphqlUrl,
  loadBalancerTemplate,
  proxyTemplate,
  restUrl,
  type Setting,
  serverlessUrl,
} from "./service-url";
import { withoutEndSlashes } from "./slashes";

/** Where RunPod's APIs are, and which API key to use. */
export interface Settings {
  /** The API key, if there is one. */
  readonly apiKey: string | undefined;
  /** The environment's key, for use if RunPod rejects the stored one. Default provider only. */
  readonly fallbackApiKey: string | undefined;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** A template with {podId} and {port}. */
  readonly proxyUrl: string;
  /** The API of serverless jobs: an endpoint's own URL is below it, by the endpoint's id. */
  readonly serverlessUrl: string;
  /** A template with {endpointId}. */
  readonly loadBalancerUrl: string;
}

/** Looks up a setting by its name in a stack's configuration. */
export type Lookup = (key: string) => string | undefined;

/** The variables of an environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment variables for settings that a stack's configuration leaves out. */
const VARIABLES: Readonly<Record<string, string>> = {
  "runpod:apiKey": "RUNPOD_API_KEY",
  "runpod:apiUrl": "RUNPOD_REST_V2_URL",
  "runpod:graphqlUrl": "RUNPOD_GRAPHQL_URL",
  "runpod:proxyUrl": "RUNPOD_PROXY_URL",
  // RunPod's own Python SDK reads it too.
  "runpod:serverlessUrl": "RUNPOD_ENDPOINT_BASE_URL",
  "runpod:loadBalancerUrl": "RUNPOD_LOAD_BALANCER_URL",
};
const BASE_URL = "RUNPOD_API_BASE_URL";

/**
 * Reads the stack's configuration first, then the environment.
 * @param config reads a key of the stack's configuration, or of an explicit provider
 * @throws UserError if a URL is not usable
 */
export function readSettings(config: Lookup, env: Environment): Settings {
  const own = settingsIn(env);
  const explicit = config("runpod:explicit") === "true";
  const stored = config("runpod:apiKey");
  const fromEnv = explicit ? undefined : own("runpod:apiKey");
  const setting = (key: string): Setting | undefined => {
    const value = config(key);
    if (value === undefined) {
      return settingOf(env, key);
    }
    return explicit
      ? { name: `the Provider's ${key.slice("runpod:".length)}`, value, removal: "leave it out" }
      : { name: key, value, removal: `remove it with \`pulumi config rm ${key}\`` };
  };
  for (const key of [stored, fromEnv]) {
    if (key !== undefined) {
      hideSecret(key);
    }
  }
  const trusted = trustedHosts(env);
  return {
    apiKey: stored ?? fromEnv,
    fallbackApiKey: stored === undefined || stored === fromEnv ? undefined : fromEnv,
    apiUrl: restUrl(setting("runpod:apiUrl"), trusted),
    graphqlUrl: graphqlUrl(setting("runpod:graphqlUrl"), trusted),
    proxyUrl: proxyTemplate(setting("runpod:proxyUrl")),
    serverlessUrl: serverlessUrl(setting("runpod:serverlessUrl"), trusted),
    loadBalancerUrl: loadBalancerTemplate(setting("runpod:loadBalancerUrl"), trusted),
  };
}

/** Looks up settings in an environment. */
export function settingsIn(env: Environment): Lookup {
  return (key) => {
    const setting = settingOf(env, key);
    if (setting?.suffix === undefined) {
      return setting?.value;
    }
    return `${withoutEndSlashes(setting.value)}${setting.suffix}`;
  };
}

/** An empty variable counts as not set: pipelines define empty ones. */
function settingOf(env: Environment, key: string): Setting | undefined {
  const name = VARIABLES[key] ?? "";
  const removal = "unset it";
  if (env[name]) {
    return { name, value: env[name], removal };
  }
  const base = env[BASE_URL];
  return key === "runpod:apiUrl" && base
    ? { name: BASE_URL, value: base, removal, suffix: "/v2" }
    : undefined;
}

/** The proxy URL of a pod's HTTP port, without a trailing slash. */
export function proxyUrl(template: string, podId: string, port: number | string): string {
  return withoutEndSlashes(template.replace("{podId}", podId).replace("{port}", String(port)));
}

/** The URL of a load-balanced endpoint, without a trailing slash. */
export function loadBalancerUrl(template: string, endpointId: string): string {
  return withoutEndSlashes(template.replace("{endpointId}", endpointId));
}
