import type { Dispatcher } from "undici";
import { readMachine } from "./machine";

/**
 * Direct connections, or connections through a proxy if the machine's environment asks for it.
 * @param timeout of each connection attempt, in milliseconds
 */
export async function openConnections(timeout: number): Promise<Dispatcher> {
  // Loading undici takes a tenth of a second, and a preview sends nothing, so load it only when
  // needed.
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const options = { allowH2: false, connect: { timeout } };
  if (!readMachine().usesProxy) {
    return new Agent(options);
  }
  const proxy = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"]
    .map((name) => process.env[name])
    .find(Boolean);
  return new EnvHttpProxyAgent({
    ...options,
    connectTimeout: timeout,
    // Unencrypted requests stay on this machine.
    httpProxy: "",
    httpsProxy: proxy ?? "",
  });
}
