import { STATUS_CODES } from "node:http";
import type { VllmLog } from "./vllm-log";

/** Takes each request that the server has answered. */
export type AccessLog = (request: Request, status: number) => void;

/** uvicorn's log of answered requests, if the options do not turn it off. */
export function accessLog(log: VllmLog, flags: ReadonlyMap<string, readonly string[]>): AccessLog {
  const [level = "info"] = flags.get("uvicorn-log-level") ?? [];
  if (flags.has("disable-uvicorn-access-log") || /^(?:critical|error|warning)$/.test(level)) {
    return () => undefined;
  }
  const hidden = (flags.get("disable-access-log-for-endpoints")?.[0] ?? "").split(",");
  let requests = 0;
  return ({ method, url }, status) => {
    const { pathname, search } = new URL(url);
    if (hidden.includes(pathname)) {
      return;
    }
    // RunPod's proxy calls from its own network, each time from another port.
    const client = `100.64.0.25:${FIRST_PORT + (requests++ % PORTS)}`;
    const target = pathname + search;
    log.uvicorn(
      `${client} - "${method} ${target} HTTP/1.1" ${status} ${STATUS_CODES[status] ?? ""}`,
    );
  };
}

const FIRST_PORT = 40_000;
const PORTS = 20_000;
