import { safe } from "@runpod-stack/kit";
import { UserError } from "../core/errors";
import { isLoopback, isPrivate, isRunpods } from "../core/hosts";
import { withoutEndSlashes } from "../core/slashes";

/**
 * The URL of an API, if a key may be sent there: https to RunPod or to a host that the machine's
 * owner trusts, or this machine.
 * @throws UserError otherwise
 */
export function baseUrl(text: string, trustedHosts: readonly string[] = []): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isPrivate(url)) {
    throw new UserError(
      safe`${JSON.stringify(text)} cannot be used as the URL of RunPod's API: the API key is sent over https only, or to this machine. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL).`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      safe`The URL of RunPod's API must not hold a user name or a password. The API key is set as runpod:apiKey or RUNPOD_API_KEY.`,
    );
  }
  const { hostname } = url;
  const isTrusted = isRunpods(hostname) || isLoopback(hostname) || trustedHosts.includes(hostname);
  if (!isTrusted) {
    throw new UserError(
      safe`${url.origin} is not RunPod's, and is not sent the API key. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL); if it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=${hostname} in the environment.`,
    );
  }
  url.pathname = withoutEndSlashes(url.pathname);
  url.search = "";
  url.hash = "";
  return url;
}
