import { quoted, type Safe, safe } from "@runpod-stack/kit";
import { UserError } from "./errors";
import { isLoopback, isPrivate, isRunpods } from "./hosts";
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
}

const REST: Api = {
  name: "REST API v2",
  segment: "v2",
  home: "https://api.runpod.io/v2",
  others: { graphql: "a GraphQL API", v1: "REST API v1, which RunPod has switched off" },
};
const GRAPHQL: Api = {
  name: "GraphQL API",
  segment: "graphql",
  home: "https://api.runpod.io/graphql",
  others: { v1: "a REST API", v2: "a REST API" },
};
const PROXY = "https://{podId}-{port}.proxy.runpod.net";

/** @throws UserError if it is not a URL of RunPod's REST API, or must not receive the API key */
export function restUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? REST.home : apiUrl(REST, setting, trusted);
}

/** @throws UserError if it is not a URL of RunPod's GraphQL API, or must not receive the API key */
export function graphqlUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? GRAPHQL.home : apiUrl(GRAPHQL, setting, trusted);
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
  const { name, value, suffix = "" } = setting;
  if (value.includes("{podId}")) {
    throw refusal(setting, "is a template for proxy URLs of pods, not the URL of an API", api.home);
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !isPrivate(url)) {
    const rule = "cannot be used: the API key is sent only over https or to this machine";
    throw refusal(setting, rule, api.home);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      safe`${name} must not contain a user name or a password. Remove them, and set the API key with runpod:apiKey or RUNPOD_API_KEY.`,
    );
  }
  const { hostname, origin } = url;
  const path = withoutEndSlashes(url.pathname);
  if (hostname === new URL(api.home).hostname && path === "") {
    return api.home;
  }
  const rule = mistake(api, hostname, path, suffix);
  if (rule !== undefined) {
    throw refusal(setting, rule, isLoopback(hostname) ? `${origin}/${api.segment}` : api.home);
  }
  if (!isRunpods(hostname) && !isLoopback(hostname) && !trusted.includes(hostname)) {
    throw new UserError(
      safe`${name} ${shown(value)} cannot be used: ${origin} is not RunPod's, so the API key is not sent there. Correct the URL. If it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=${hostname} in the environment.`,
    );
  }
  return `${origin}${path.endsWith(suffix) ? path : `${path}${suffix}`}`;
}

/** What the URL is instead, if that is certain. An unknown host may use any path. */
function mistake(api: Api, hostname: string, path: string, suffix: string): string | undefined {
  const segment = path.split("/").at(-1) ?? "";
  if (hostname.endsWith(".proxy.runpod.net")) {
    return "is the proxy URL of a pod, not of an API";
  }
  if (hostname === "api.runpod.ai") {
    return `is the API of serverless jobs, not the ${api.name}`;
  }
  const isKnown = isRunpods(hostname) || isLoopback(hostname);
  const other = isKnown || segment === "graphql" ? api.others[segment] : undefined;
  if (other !== undefined) {
    return `is the address of ${other}, not of the ${api.name}`;
  }
  const isComplete = segment === api.segment || (suffix !== "" && path === "");
  return isRunpods(hostname) && !isComplete
    ? `is not the address of RunPod's ${api.name}`
    : undefined;
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
