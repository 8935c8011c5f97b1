import { Agent, type Dispatcher, request } from "undici";

/** What a URL answered, or why it did not. */
export interface ProbeResult {
  readonly status?: number;
  readonly contentType?: string;
  /** The body's beginning. */
  readonly body?: string;
  /** The body, if it is JSON. */
  readonly json?: unknown;
  readonly error?: { readonly message: string };
}

export interface ProbeOptions {
  /** The service's own key. RunPod's API key must never be given here: proxy URLs are public. */
  readonly bearer?: string;
  /** @default 30 s */
  readonly timeoutMs?: number;
  /** @default 1 MiB */
  readonly maxBytes?: number;
  readonly dispatcher?: Dispatcher;
}

/** RunPod's proxy answers some clients' default names with 403. */
const USER_AGENT = "Mozilla/5.0 (compatible; runpod-stack)";

let shared: Agent | undefined;

/** Asks a service once. Never throws, never follows a redirect. */
export async function probe(url: string, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { timeoutMs = 30_000, maxBytes = 1024 * 1024, bearer } = options;
  shared ??= new Agent({
    connect: { timeout: 10_000 },
    headersTimeout: 60_000,
    bodyTimeout: 30_000,
    maxResponseSize: 64 * 1024 * 1024,
  });
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: options.dispatcher ?? shared,
      headers: {
        accept: "application/json, */*",
        "user-agent": USER_AGENT,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readStart(body, maxBytes);
    const contentType = headers["content-type"];
    return {
      status: statusCode,
      body: text,
      json: parse(text),
      ...(typeof contentType === "string" && { contentType }),
    };
  } catch (error) {
    const { code, message, name } = error as Error & { code?: string };
    return {
      error: {
        message:
          name === "TimeoutError"
            ? `nothing within ${timeoutMs / 1_000} s`
            : message || code || "unknown reason",
      },
    };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
