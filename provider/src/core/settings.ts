/** Where RunPod is, and as whom to speak to it. */
export interface Settings {
  /** The API key, if there is one. */
  readonly apiKey: string | undefined;
  /** The key of the environment, for when the stored one is refused. Default provider only. */
  readonly fallbackApiKey: string | undefined;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** A template with {podId} and {port}. */
  readonly proxyUrl: string;
}

/** Looks up a setting by the name that it has in a stack's configuration. */
export type Lookup = (key: string) => string | undefined;

/** The variables of an environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Stack configuration first, then the environment.
 * @param config reads a key of the stack's configuration, or of an explicit provider
 */
export function readSettings(config: Lookup, env: Environment): Settings {
  const own = settingsIn(env);
  const explicit = config("runpod:explicit") === "true";
  const stored = config("runpod:apiKey");
  const fromEnv = explicit ? undefined : own("runpod:apiKey");
  const either = (key: string) => config(key) ?? own(key);
  return {
    apiKey: stored ?? fromEnv,
    fallbackApiKey: stored === undefined || stored === fromEnv ? undefined : fromEnv,
    apiUrl: either("runpod:apiUrl") ?? "https://api.runpod.io/v2",
    graphqlUrl: either("runpod:graphqlUrl") ?? "https://api.runpod.io/graphql",
    proxyUrl: either("runpod:proxyUrl") ?? "https://{podId}-{port}.proxy.runpod.net",
  };
}

/** What an environment says. An empty variable says nothing: pipelines leave those behind. */
export function settingsIn(env: Environment): Lookup {
  const base = env["RUNPOD_API_BASE_URL"]?.replace(/\/+$/, "");
  const values: Environment = {
    "runpod:apiKey": env["RUNPOD_API_KEY"],
    "runpod:apiUrl": env["RUNPOD_REST_V2_URL"] || (base && `${base}/v2`),
    "runpod:graphqlUrl": env["RUNPOD_GRAPHQL_URL"],
    "runpod:proxyUrl": env["RUNPOD_PROXY_URL"],
  };
  return (key) => values[key] || undefined;
}

/** The proxy URL of a pod's HTTP port, without a slash at its end. */
export function proxyUrl(template: string, podId: string, port: number | string): string {
  return template.replace("{podId}", podId).replace("{port}", String(port)).replace(/\/+$/, "");
}
