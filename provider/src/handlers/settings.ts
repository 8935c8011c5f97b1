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

/**
 * Stack configuration first, then the environment.
 * @param config reads a key of the stack's configuration, or of an explicit provider
 */
export function readSettings(
  config: (key: string) => string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const explicit = config("runpod:explicit") === "true";
  const stored = config("runpod:apiKey");
  const base = env["RUNPOD_API_BASE_URL"]?.replace(/\/+$/, "");
  const fromEnv = explicit ? undefined : env["RUNPOD_API_KEY"];
  return {
    apiKey: stored ?? fromEnv,
    fallbackApiKey: stored === fromEnv ? undefined : fromEnv,
    apiUrl:
      config("runpod:apiUrl") ??
      env["RUNPOD_REST_V2_URL"] ??
      (base === undefined ? "https://api.runpod.io/v2" : `${base}/v2`),
    graphqlUrl:
      config("runpod:graphqlUrl") ?? env["RUNPOD_GRAPHQL_URL"] ?? "https://api.runpod.io/graphql",
    proxyUrl:
      config("runpod:proxyUrl") ??
      env["RUNPOD_PROXY_URL"] ??
      "https://{podId}-{port}.proxy.runpod.net",
  };
}

/** The proxy URL of a pod's HTTP port, without a slash at its end. */
export function proxyUrl(template: string, podId: string, port: number | string): string {
  return template.replace("{podId}", podId).replace("{port}", String(port)).replace(/\/+$/, "");
}
