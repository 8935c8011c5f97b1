import type { Agent, Dispatcher } from "undici";
import { type Fault, faultOf } from "../http/fault";
import { parseJson } from "../http/json";

/** What a URL answered, or why it did not. */
export interface ProbeResult {
  readonly status?: number;
  readonly contentType?: string;
  /** The body's beginning, as text. */
  readonly body?: string;
  /** The body, if it is JSON. */
  readonly json?: unknown;
  readonly error?: Fault;
}

export interface ProbeOptions {
  /** The service's own key. Proxy URLs are public: RunPod's API key must never be given here. */
  readonly bearer?: string;
  /** For all of it, in milliseconds. @default 30 s */
  readonly timeoutMs?: number;
  /** How much of the body is read. @default 1 MiB */
  readonly maxBytes?: number;
  readonly dispatcher?: Dispatcher;
  readonly signal?: AbortSignal;
}

/** RunPod's proxy answers the default names of some clients with 403. */
const USER_AGENT = "Mozilla/5.0 (compatible; runpod-stack)";
const CONNECT_MS = 10_000;

let connections: Agent | undefined;

/** Asks a service for a page once. Never throws, and never follows a redirect. */
export async function probe(url: string, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { bearer, timeoutMs = 30_000, maxBytes = 1024 * 1024, signal } = options;
  const timer = AbortSignal.timeout(timeoutMs);
  try {
    const { Agent, request } = await import("undici");
    connections ??= new Agent({ allowH2: false, connect: { timeout: CONNECT_MS } });
    const { statusCode, headers, body } = await request(url, {
      dispatcher: options.dispatcher ?? connections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: signal === undefined ? timer : AbortSignal.any([timer, signal]),
      headers: {
        accept: "application/json, */*",
        "accept-encoding": "identity",
        "user-agent": USER_AGENT,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
    });
    const text = await readStart(body, maxBytes);
    const contentType = headers["content-type"];
    return {
      status: statusCode,
      body: text,
      json: parseJson(text),
      ...(typeof contentType === "string" && { contentType }),
    };
  } catch (error) {
    return { error: faultOf(error) };
  }
}

async function readStart(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    // Leaving the loop ends the download.
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}
