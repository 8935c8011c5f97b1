import type { Endpoint } from "@runpod-stack/openapi";
import { loadBalancerUrl, type Settings } from "../core/settings";
import { withoutEndSlashes } from "../core/slashes";

/** The URLs of an endpoint; those that its type does not have are null. */
export interface EndpointUrls {
  readonly runUrl: string | null;
  readonly runSyncUrl: string | null;
  readonly healthUrl: string;
  readonly openaiBaseUrl: string;
  readonly loadBalancerUrl: string | null;
}

/**
 * The URLs of an endpoint. What RunPod reports is used if it is at the configured host, since
 * clients send their API key there.
 */
export function urlsOf(
  { id, requestUrls, env }: Pick<Endpoint, "id" | "requestUrls" | "env">,
  type: "QUEUE" | "LOAD_BALANCER" | undefined,
  settings: Settings,
): EndpointUrls {
  const reported = { ...requestUrls } as Readonly<Record<string, string | undefined>>;
  const url = (name: string, derived: string) => sameHost(reported[name], derived) ?? derived;
  if (type === "LOAD_BALANCER") {
    const base = withoutEndSlashes(url("base", loadBalancerUrl(settings.loadBalancerUrl, id)));
    const path = env?.["HEALTH_CHECK_PATH"] ?? "/ping";
    return {
      runUrl: null,
      runSyncUrl: null,
      healthUrl: url("health", `${base}${path.startsWith("/") ? path : `/${path}`}`),
      openaiBaseUrl: `${base}/v1`,
      loadBalancerUrl: base,
    };
  }
  const base = `${settings.serverlessUrl}/${id}`;
  return {
    runUrl: url("run", `${base}/run`),
    runSyncUrl: url("runSync", `${base}/runsync`),
    healthUrl: url("health", `${base}/health`),
    openaiBaseUrl: `${base}/openai/v1`,
    loadBalancerUrl: null,
  };
}

function sameHost(reported: string | undefined, derived: string): string | undefined {
  if (reported === undefined || !URL.canParse(reported)) {
    return undefined;
  }
  return new URL(reported).origin === new URL(derived).origin ? reported : undefined;
}
