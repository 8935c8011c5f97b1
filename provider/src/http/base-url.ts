import { UserError } from "../core/errors";

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;
const RUNPOD = /^([a-z0-9-]+\.)*runpod\.io$/;

/**
 * The URL of an API, if a key may be sent there: https to RunPod or to a host that the machine's
 * owner trusts, or this machine.
 * @throws UserError otherwise
 */
export function baseUrl(text: string, trustedHosts: readonly string[] = []): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isPrivate(url)) {
    throw new UserError(
      `${JSON.stringify(text)} cannot be used as the URL of RunPod's API: the API key is sent over https only, or to this machine. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL).`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      "The URL of RunPod's API must not hold a user name or a password. The API key is set as runpod:apiKey or RUNPOD_API_KEY.",
    );
  }
  const { hostname } = url;
  const isTrusted = [RUNPOD, LOOPBACK].some((hosts) => hosts.test(hostname));
  if (!isTrusted && !trustedHosts.includes(hostname)) {
    throw new UserError(
      `${url.origin} is not RunPod's, and is not sent the API key. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL); if it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=${hostname} in the environment.`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  url.search = "";
  url.hash = "";
  return url;
}

/** Whether nobody on the way can read what is sent to a URL. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
