import { safe } from "@runpod-stack/kit";
import { UserError } from "../core/errors";
import { isLoopback, isPrivate, isRunpods, isRunpodsServerless } from "../core/hosts";
import { withoutEndSlashes } from "../core/slashes";

/**
 * The URL of an API, if it may receive a key: https to RunPod or to a host that the machine's
 * environment trusts, or this machine.
 * @throws UserError otherwise
 */
export function baseUrl(text: string, trustedHosts: readonly string[] = []): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isPrivate(url)) {
    throw new UserError(
      safe`${JSON.stringify(text)} cannot be used as the URL of RunPod's API: the API key is sent only over https or to this machine. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL).`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      safe`The URL of RunPod's API must not contain a user name or a password. Remove them, and set the API key with runpod:apiKey or RUNPOD_API_KEY.`,
    );
  }
  const { hostname } = url;
  const isTrusted =
    isRunpods(hostname) ||
    isRunpodsServerless(hostname) ||
    isLoopback(hostname) ||
    trustedHosts.includes(hostname);
  if (!isTrusted) {
    throw new UserError(
      safe`${url.origin} is not RunPod's, so the API key is not sent there. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL). If it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=${hostname} in the environment.`,
    );
  }
  url.pathname = withoutEndSlashes(url.pathname);
  url.search = "";
  url.hash = "";
  return url;
}
