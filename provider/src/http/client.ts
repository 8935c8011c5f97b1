import { Agent, type Dispatcher, errors as undici } from "undici";
import type { Clock } from "../core/clock";
import { type ErrorKind, isRunpodError, RunpodError, UserError } from "../core/errors";
import { fingerprint } from "../core/token";
import { type RawAnswer, readAnswer } from "./answer";
import { gateOf, type RateGate } from "./gate";
import type { SafePath } from "./path";
import { parseRateLimit } from "./rate-limit";
import { withRetries } from "./retry";

/** What a caller may say of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** When the whole call must be over, in monotonic milliseconds. @default 10 minutes from now */
  readonly deadline?: number;
  /** Hears of waits that a user would notice. */
  readonly onProgress?: (text: string) => void;
}

/** One call. */
export interface Call extends CallOptions {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: SafePath;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Verb, noun and name, for messages: "creating pod 'llm'". */
  readonly operation: string;
}

/** Speaks JSON with one API, as one account. */
export interface HttpClient {
  readonly origin: string;
  /** Stands for the API key in messages and in the state. */
  readonly fingerprint: string;
  /** The JSON of the answer; undefined if it has none. @throws RunpodError */
  request(call: Call): Promise<unknown>;
  /** The answer's body as it arrives, for streams. @throws RunpodError */
  stream(call: Call, accept: string): Promise<AsyncIterable<Buffer>>;
}

export interface ClientOptions {
  /** Where paths are appended, such as https://api.runpod.io/v2. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly dispatcher?: Dispatcher;
  /** Hears of waits that no caller listens to. */
  readonly log?: (text: string) => void;
}

const CONNECT_MS = 10_000;
const READ_MS = 30_000;
const WRITE_MS = 60_000;
const CALL_MS = 600_000;
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const USER_AGENT = "runpod-stack";

/** @throws UserError if the URL is not one that a key may be sent to */
export function createClient(options: ClientOptions): HttpClient {
  const base = safeBase(options.baseUrl);
  const key = fingerprint(options.apiKey);
  const transport = new Transport(options, base, gateOf(`${base.origin} ${key}`));
  return {
    origin: base.origin,
    fingerprint: key,
    request: (call) => transport.request(call),
    stream: (call, accept) => transport.stream(call, accept),
  };
}

/** The URL, if it is https or leads to this machine. @throws UserError otherwise */
export function safeBase(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback =
    url !== undefined && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (
    url === undefined ||
    (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback))
  ) {
    throw new UserError(
      `${JSON.stringify(text)} cannot be used as RunPod's API: the key is sent only over https, or to this machine. Correct runpod:apiUrl or RUNPOD_REST_V2_URL.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError(
      "RunPod's API URL must not hold a user name or password. Give the key as runpod:apiKey or RUNPOD_API_KEY.",
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

class Transport {
  readonly #dispatcher: Dispatcher;

  constructor(
    private readonly options: ClientOptions,
    private readonly base: URL,
    private readonly gate: RateGate,
  ) {
    this.#dispatcher =
      options.dispatcher ??
      new Agent({
        connect: { timeout: CONNECT_MS },
        headersTimeout: WRITE_MS,
        bodyTimeout: WRITE_MS,
        keepAliveTimeout: 10_000,
        maxResponseSize: MAX_BODY_BYTES,
      });
  }

  async request(call: Call): Promise<unknown> {
    const { clock } = this.options;
    const tell = call.onProgress ?? this.options.log ?? (() => {});
    const deadline = call.deadline ?? clock.monotonic() + CALL_MS;
    return withRetries(
      { clock, deadline, tell, isIdempotent: isIdempotent(call), signal: call.signal },
      async () => {
        await this.gate.pass(clock, call.operation, deadline, tell);
        const answer = await this.#exchange(
          call,
          Math.min(limitOf(call), deadline - clock.monotonic()),
        );
        try {
          const value = readAnswer(answer, call.operation);
          this.#learn(answer);
          return value;
        } catch (error) {
          this.#learn(
            answer,
            isRunpodError(error, "rateLimited") ? (error.retryAfterSeconds ?? 1) : 0,
          );
          throw error;
        }
      },
    );
  }

  async stream(call: Call, accept: string): Promise<AsyncIterable<Buffer>> {
    const { clock } = this.options;
    const tell = call.onProgress ?? this.options.log ?? (() => {});
    await this.gate.pass(clock, call.operation, call.deadline ?? clock.monotonic() + CALL_MS, tell);
    const response = await this.#send(call, accept, call.signal);
    if (response.statusCode === 200) return response.body;
    throw await readFailure(response, call.operation);
  }

  async #exchange(call: Call, limit: number): Promise<RawAnswer> {
    const timeUp = AbortSignal.timeout(Math.max(Math.ceil(limit), 1));
    const signal = call.signal === undefined ? timeUp : AbortSignal.any([timeUp, call.signal]);
    try {
      const response = await this.#send(call, "application/json", signal);
      return await readRaw(response);
    } catch (error) {
      throw transportError(error, call, call.signal?.aborted === true);
    }
  }

  #send(call: Call, accept: string, signal?: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { dispatcher, url } = { dispatcher: this.#dispatcher, url: new URL(this.base) };
    url.pathname = `${this.base.pathname.replace(/\/$/, "")}${call.path}`;
    url.search = new URLSearchParams(call.query).toString();
    return dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: call.method,
      headers: {
        accept,
        authorization: `Bearer ${this.options.apiKey}`,
        "user-agent": USER_AGENT,
        ...(call.body !== undefined && { "content-type": "application/json" }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(signal !== undefined && { signal }),
    });
  }

  #learn(answer: RawAnswer, retryAfterSeconds = 0): void {
    this.gate.learn(
      this.options.clock,
      parseRateLimit(answer.headers["ratelimit"]),
      retryAfterSeconds,
    );
  }
}

function isIdempotent({ method }: Call): boolean {
  return method === "GET" || method === "DELETE";
}

function limitOf({ method }: Call): number {
  return method === "GET" ? READ_MS : WRITE_MS;
}

async function readRaw(response: Dispatcher.ResponseData): Promise<RawAnswer> {
  return {
    status: response.statusCode,
    headers: plainHeaders(response.headers),
    text: await response.body.text(),
  };
}

async function readFailure(response: Dispatcher.ResponseData, operation: string): Promise<unknown> {
  try {
    return readAnswer(await readRaw(response), operation);
  } catch (error) {
    return error;
  }
}

function plainHeaders(
  headers: Dispatcher.ResponseData["headers"],
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}

/** What a transport error says of the request: whether it can have reached RunPod. */
function transportError(error: unknown, call: Call, aborted: boolean): RunpodError {
  if (isRunpodError(error)) return error;
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  const kind: ErrorKind = aborted ? "aborted" : isUnsent(error, code) ? "notSent" : "ambiguous";
  const why =
    (error as Error | null)?.name === "TimeoutError"
      ? "no answer in time"
      : `${(error as Error).message || code}`;
  const consequence =
    kind === "notSent"
      ? "RunPod was not reached"
      : isIdempotent(call)
        ? "the connection broke"
        : "RunPod may have carried it out, for the answer was lost";
  return new RunpodError(`${call.operation}: ${consequence} (${why})`, {
    kind,
    detail: why,
    operation: call.operation,
    cause: error,
  });
}

function isUnsent(error: unknown, code: string): boolean {
  if (error instanceof undici.ConnectTimeoutError) return true;
  return (
    ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"].includes(code) ||
    /^(CERT_|ERR_TLS|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED|ERR_SSL)/.test(code)
  );
}
