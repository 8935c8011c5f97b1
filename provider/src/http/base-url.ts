import { UserError } from "../core/errors";

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/**
 * The URL of an API, if a key may be sent there: https, or this machine.
 * @throws UserError otherwise
 */
export function baseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (url === undefined || !isSafe) {
    throw new UserError(
      `${JSON.stringify(text)} cannot be used as the URL of RunPod's API: the API key is sent over https only, or to this machine. Correct runpod:apiUrl (RUNPOD_REST_V2_URL) or runpod:graphqlUrl (RUNPOD_GRAPHQL_URL).`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      "The URL of RunPod's API must not hold a user name or a password. The API key is set as runpod:apiKey or RUNPOD_API_KEY.",
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  url.search = "";
  url.hash = "";
  return url;
}
