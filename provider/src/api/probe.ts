import type { Dispatcher } from "undici";
import { isPrivate } from "../core/hosts";
import { openConnections } from "../http/connections";
import { parseJson } from "../http/json";
import { faultOf } from "../http/unanswered";

/** What a URL answered, or why it did not. */
export interface ProbeResult {
  readonly status?: number;
  readonly contentType?: string;
  /** The start of the body, as text. */
  readonly body?: string;
  /** The body, if it is JSON. */
  readonly json?: unknown;
  /** The worker of a load-balanced endpoint that answered. */
  readonly workerId?: string;
  /** Why there was no answer. */
  readonly error?: string;
}

export interface ProbeOptions {
  /** The service's own API key. RunPod's API key only for a load-balanced endpoint at the configured host, since proxy URLs are public. */
  readonly bearer?: string | undefined;
  /** Time limit for the whole request, in milliseconds. @default 30 s */
  readonly timeoutMs?: number;
  /** The most bytes to read of the body. @default 1 MiB */
  readonly maxBytes?: number;
  readonly dispatcher?: Dispatcher;
  readonly signal?: AbortSignal;
}

/** RunPod's proxy answers 403 to the default user agents of some clients. */
const USER_AGENT = "Mozilla/5.0 (compatible; runpod-stack)";
const CONNECT_MS = 10_000;

let connections: Dispatcher | undefined;

/**
 * Requests a page from a service once, over https or on this machine. Never throws, and never
 * follows a redirect.
 */
export async function probe(url: string, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { bearer, timeoutMs = 30_000, maxBytes = 1024 * 1024, signal } = options;
  if (!URL.canParse(url) || !isPrivate(new URL(url))) {
    return { error: overheard(url) };
  }
  const timer = AbortSignal.timeout(timeoutMs);
  try {
    const { request } = await import("undici");
    connections ??= await openConnections(CONNECT_MS);
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
    const workerId = headers["x-runpod-worker-id"];
    return {
      status: statusCode,
      body: text,
      json: parseJson(text),
      ...(typeof contentType === "string" && { contentType }),
      ...(typeof workerId === "string" && { workerId }),
    };
  } catch (error) {
    return { error: faultOf(error) };
  }
}

function overheard(url: string): string {
  return `${url} was not requested: services are requested only over https or on this machine`;
}

async function readStart(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    // Leaving the loop ends the download.
    if (size >= maxBytes) {
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}
