import type { Dispatcher } from "undici";
import { readMachine } from "./machine";

/**
 * Connections straight to their servers, or through the machine's proxy where its owner says so.
 * @param timeout for each to be made, in milliseconds
 */
export async function openConnections(timeout: number): Promise<Dispatcher> {
  // Loading undici takes a tenth of a second, and a preview sends nothing: only when needed.
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const options = { allowH2: false, connect: { timeout } };
  if (!readMachine().usesProxy) return new Agent(options);
  const proxy = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"]
    .map((name) => process.env[name])
    .find(Boolean);
  return new EnvHttpProxyAgent({
    ...options,
    connectTimeout: timeout,
    // What is not encrypted stays on this machine.
    httpProxy: "",
    httpsProxy: proxy ?? "",
  });
}
