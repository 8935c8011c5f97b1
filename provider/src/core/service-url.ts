import { quoted, type Safe, safe } from "@runpod-stack/kit";
import { UserError } from "./errors";
import { isLoopback, isPrivate, isRunpods, isRunpodsServerless } from "./hosts";
import { withoutEndSlashes } from "./slashes";

/** A configured URL, and where it is configured. */
export interface Setting {
  /** The setting's name: runpod:apiUrl, RUNPOD_REST_V2_URL. */
  readonly name: string;
  readonly value: string;
  /** How to remove the setting. */
  readonly removal: string;
  /** The path that is appended to it. */
  readonly suffix?: string;
}

/** An API that a URL may point to. */
interface Api {
  readonly name: string;
  readonly segment: string;
  readonly home: string;
  /** The last path segments of other APIs that are mistaken for this one. */
  readonly others: Readonly<Record<string, string>>;
  /** Whether a host is RunPod's for this API. */
  isHost(hostname: string): boolean;
}

const REST: Api = {
  name: "REST API v2",
  segment: "v2",
  home: "https://api.runpod.io/v2",
  others: { graphql: "a GraphQL API", v1: "REST API v1, which RunPod has switched off" },
  isHost: isRunpods,
};
const GRAPHQL: Api = {
  name: "GraphQL API",
  segment: "graphql",
  home: "https://api.runpod.io/graphql",
  others: { v1: "a REST API", v2: "a REST API" },
  isHost: isRunpods,
};
/** RunPod's own API of serverless jobs. */
export const SERVERLESS_URL = "https://api.runpod.ai/v2";

const SERVERLESS: Api = {
  name: "API of serverless jobs",
  segment: "v2",
  home: SERVERLESS_URL,
  others: { graphql: "a GraphQL API", v1: "a REST API" },
  isHost: (hostname) => hostname === "api.runpod.ai",
};
const PROXY = "https://{podId}-{port}.proxy.runpod.net";
const LOAD_BALANCER = "https://{endpointId}.api.runpod.ai";

/** @throws UserError if it is not a URL of RunPod's REST API, or must not receive the API key */
export function restUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? REST.home : apiUrl(REST, setting, trusted);
}

/** @throws UserError if it is not a URL of RunPod's GraphQL API, or must not receive the API key */
export function graphqlUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? GRAPHQL.home : apiUrl(GRAPHQL, setting, trusted);
}

/** @throws UserError if it is not a URL of RunPod's API of serverless jobs, or must not receive the API key */
export function serverlessUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? SERVERLESS.home : apiUrl(SERVERLESS, setting, trusted);
}

/** @throws UserError if endpoints cannot be reached through it, or it must not receive the API key */
export function loadBalancerTemplate(
  setting: Setting | undefined,
  trusted: readonly string[],
): string {
  if (setting === undefined) {
    return LOAD_BALANCER;
  }
  const { value } = setting;
  const sample = value.replace("{endpointId}", "endpoint");
  if (!value.includes("{endpointId}")) {
    throw refusal(setting, "must contain {endpointId}", LOAD_BALANCER);
  }
  const url = URL.canParse(sample) ? new URL(sample) : undefined;
  if (url === undefined || !isPrivate(url)) {
    throw refusal(setting, "must begin with https://, except on this machine", LOAD_BALANCER);
  }
  assertBare(setting, url);
  assertTrusted(setting, url, isRunpodsServerless, trusted);
  return value;
}

/** @throws UserError if pods cannot be reached through it */
export function proxyTemplate(setting: Setting | undefined): string {
  if (setting === undefined) {
    return PROXY;
  }
  const { value } = setting;
  const sample = value.replace("{podId}", "pod").replace("{port}", "1");
  if (!value.includes("{podId}")) {
    throw refusal(
      setting,
      "must contain {podId}, and also {port} for pods with several ports",
      PROXY,
    );
  }
  if (!URL.canParse(sample) || !isPrivate(new URL(sample))) {
    throw refusal(setting, "must begin with https://, except on this machine", PROXY);
  }
  return value;
}

function apiUrl(api: Api, setting: Setting, trusted: readonly string[]): string {
  const { value, suffix = "" } = setting;
  if (value.includes("{podId}")) {
    throw refusal(setting, "is a template for proxy URLs of pods, not the URL of an API", api.home);
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !isPrivate(url)) {
    const rule = "cannot be used: the API key is sent only over https or to this machine";
    throw refusal(setting, rule, api.home);
  }
  assertBare(setting, url);
  const { hostname, origin } = url;
  const path = withoutEndSlashes(url.pathname);
  if (hostname === new URL(api.home).hostname && path === "") {
    return api.home;
  }
  const rule = mistake(api, hostname, path, suffix);
  if (rule !== undefined) {
    throw refusal(setting, rule, isLoopback(hostname) ? `${origin}/${api.segment}` : api.home);
  }
  assertTrusted(setting, url, api.isHost, trusted);
  return `${origin}${path.endsWith(suffix) ? path : `${path}${suffix}`}`;
}

/** @throws UserError if the API key must not be sent to the URL */
function assertTrusted(
  { name, value }: Setting,
  { hostname, origin }: URL,
  isHost: (hostname: string) => boolean,
  trusted: readonly string[],
): void {
  if (isHost(hostname) || isLoopback(hostname) || trusted.includes(hostname)) {
    return;
  }
  throw new UserError(
    safe`${name} ${shown(value)} cannot be used: ${origin} is not RunPod's, so the API key is not sent there. Correct the URL. If it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=${hostname} in the environment.`,
  );
}

/** @throws UserError if the URL contains what belongs into other settings */
function assertBare({ name }: Setting, { username, password }: URL): void {
  if (username !== "" || password !== "") {
    throw new UserError(
      safe`${name} must not contain a user name or a password. Remove them, and set the API key with runpod:apiKey or RUNPOD_API_KEY.`,
    );
  }
}

/** What the URL is instead, if that is certain. An unknown host may use any path. */
function mistake(api: Api, hostname: string, path: string, suffix: string): string | undefined {
  const segment = path.split("/").at(-1) ?? "";
  if (hostname.endsWith(".proxy.runpod.net")) {
    return "is the proxy URL of a pod, not of an API";
  }
  const { isHost } = api;
  if (hostname === "api.runpod.ai" && !isHost(hostname)) {
    return `is the API of serverless jobs, not the ${api.name}`;
  }
  if (isRunpods(hostname) && !isHost(hostname)) {
    return `is not the address of RunPod's ${api.name}`;
  }
  const isKnown = isHost(hostname) || isLoopback(hostname);
  const other = isKnown || segment === "graphql" ? api.others[segment] : undefined;
  if (other !== undefined) {
    return `is the address of ${other}, not of the ${api.name}`;
  }
  const isComplete = segment === api.segment || (suffix !== "" && path === "");
  return isHost(hostname) && !isComplete ? `is not the address of RunPod's ${api.name}` : undefined;
}

function refusal(setting: Setting, rule: string, url: string): UserError {
  const { name, value, removal, suffix = "" } = setting;
  const right = url.endsWith(suffix) ? url.slice(0, url.length - suffix.length) : url;
  return new UserError(safe`${name} ${shown(value)} ${rule}. Set it to ${right}, or ${removal}.`);
}

/** The value without its query or fragment, which may contain a key, even if it is not a URL. */
function shown(value: string): Safe {
  return quoted(value.replace(/[?#].*/s, ""));
}
