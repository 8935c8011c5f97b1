import { quoted, type Safe, safe } from "@runpod-stack/kit";
import { UserError } from "./errors";
import { isLoopback, isPrivate, isRunpods } from "./hosts";
import { withoutEndSlashes } from "./slashes";

/** A URL that somebody has set, and where. */
export interface Setting {
  /** By which it is known: runpod:apiUrl, RUNPOD_REST_V2_URL. */
  readonly name: string;
  readonly value: string;
  /** What to do to go without it. */
  readonly removal: string;
  /** The path that is appended to it. */
  readonly suffix?: string;
}

/** An API that a URL may lead to. */
interface Api {
  readonly name: string;
  readonly segment: string;
  readonly home: string;
  /** The last segments of other APIs' paths, which one of these is taken for. */
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

/** @throws UserError if it cannot be the URL of RunPod's REST API, or not one for the API key */
export function restUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? REST.home : apiUrl(REST, setting, trusted);
}

/** @throws UserError if it cannot be the URL of RunPod's GraphQL API, or not one for the API key */
export function graphqlUrl(setting: Setting | undefined, trusted: readonly string[]): string {
  return setting === undefined ? GRAPHQL.home : apiUrl(GRAPHQL, setting, trusted);
}

/** @throws UserError if pods cannot be reached by it */
export function proxyTemplate(setting: Setting | undefined): string {
  if (setting === undefined) return PROXY;
  const { value } = setting;
  const sample = value.replace("{podId}", "pod").replace("{port}", "1");
  if (!value.includes("{podId}")) {
    throw refusal(setting, "must contain {podId}, and {port} for pods with more ports", PROXY);
  }
  if (!URL.canParse(sample) || !isPrivate(new URL(sample))) {
    throw refusal(setting, "must begin with https://, except on this machine", PROXY);
  }
  return value;
}

function apiUrl(api: Api, setting: Setting, trusted: readonly string[]): string {
  const { name, value, suffix = "" } = setting;
  if (value.includes("{podId}")) {
    throw refusal(setting, "is a template of pods' proxy URLs, not the URL of an API", api.home);
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !isPrivate(url)) {
    const rule = "cannot be used: the API key is sent over https only, or to this machine";
    throw refusal(setting, rule, api.home);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      safe`${name} must not contain a user name or a password. Remove them; the API key is set as runpod:apiKey or RUNPOD_API_KEY.`,
    );
  }
  const { hostname, origin } = url;
  const path = withoutEndSlashes(url.pathname);
  if (hostname === new URL(api.home).hostname && path === "") return api.home;
  const rule = mistake(api, hostname, path, suffix);
  if (rule !== undefined) {
    throw refusal(setting, rule, isLoopback(hostname) ? `${origin}/${api.segment}` : api.home);
  }
  if (!isRunpods(hostname) && !isLoopback(hostname) && !trusted.includes(hostname)) {
    throw new UserError(
      safe`${name} ${shown(value)} cannot be used: ${origin} is not RunPod's, and is not sent the API key. Correct it; or, if it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=${hostname} in the environment.`,
    );
  }
  return `${origin}${path.endsWith(suffix) ? path : `${path}${suffix}`}`;
}

/** What an address is instead, if that is certain: an unknown host may have paths of its own. */
function mistake(api: Api, hostname: string, path: string, suffix: string): string | undefined {
  const segment = path.split("/").at(-1) ?? "";
  if (hostname.endsWith(".proxy.runpod.net")) return "is the proxy URL of a pod, not of an API";
  if (hostname === "api.runpod.ai") return `is the API of serverless jobs, not the ${api.name}`;
  const isKnown = isRunpods(hostname) || isLoopback(hostname);
  const other = isKnown || segment === "graphql" ? api.others[segment] : undefined;
  if (other !== undefined) return `is the address of ${other}, not of the ${api.name}`;
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

/** A URL as it may be printed: its query may hold a key, and so may what is no URL at all. */
function shown(value: string): Safe {
  return quoted(value.replace(/[?#].*/s, ""));
}
