import type { Dispatcher } from "undici";
import { type Clock, later } from "../core/clock";
import { formatDuration } from "../core/duration";
import type { RawAnswer } from "./answer";
import { openConnections } from "./connections";
import type { Headers } from "./rate-limit";

/** How long the phases of an exchange may take, in milliseconds. */
export interface Timeouts {
  /** @default 10 s */
  readonly connect: number;
  /** A whole GET, up to the last byte. @default 30 s */
  readonly read: number;
  /** Any other whole call. @default 60 s */
  readonly write: number;
  /** Between two parts of a body. @default 15 s */
  readonly silence: number;
}

export interface Exchange {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Time limit for the whole exchange, in milliseconds; 0 if only the signal ends it. */
  readonly limit: number;
  /** Called just before the first byte is sent. If it is never called, nothing was sent. */
  readonly onSent: () => void;
}

/** An answer whose body is still arriving. The caller must read it, or abort the exchange's signal. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
}

export const TIMEOUTS: Timeouts = {
  connect: 10_000,
  read: 30_000,
  write: 60_000,
  silence: 15_000,
};

const LARGEST_ANSWER = 8 * 1024 * 1024;

/** Sends requests and reads answers, without interpreting them. Never follows a redirect. */
export class Transport {
  #dispatcher: Dispatcher | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly timeouts: Timeouts,
    dispatcher?: Dispatcher,
  ) {
    this.#dispatcher = dispatcher;
  }

  /** @throws what undici throws, or the signal's reason */
  async exchange(exchange: Exchange): Promise<RawAnswer> {
    const timer = new AbortController();
    const reason = new Error(`no answer within ${formatDuration(exchange.limit)}`);
    const callOff = later(this.clock, exchange.limit, () => timer.abort(reason));
    const signals = [timer.signal, ...(exchange.signal === undefined ? [] : [exchange.signal])];
    try {
      const answer = await this.open({ ...exchange, signal: AbortSignal.any(signals) });
      return { status: answer.status, headers: answer.headers, text: await readText(answer.body) };
    } finally {
      callOff();
    }
  }

  /** Resolves when the answer's headers have arrived. */
  async open({ method, url, headers, body, signal, limit, onSent }: Exchange): Promise<OpenAnswer> {
    this.#dispatcher ??= await openConnections(this.timeouts.connect);
    const answer = await watched(this.#dispatcher, onSent).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...headers },
      body: body ?? null,
      signal: signal ?? null,
      headersTimeout: Math.ceil(limit),
      bodyTimeout: Math.min(Math.ceil(limit), this.timeouts.silence),
    });
    return { status: answer.statusCode, headers: plain(answer.headers), body: answer.body };
  }
}

/** undici reports when it is about to write a request to a connection, and not before. */
function watched(dispatcher: Dispatcher, onSent: () => void): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          handler.onRequestStart?.(controller, context);
          if (!controller.aborted) {
            onSent();
          }
        },
        onResponseStart: (...args) => handler.onResponseStart?.(...args),
        onResponseData: (...args) => handler.onResponseData?.(...args),
        onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
        onResponseError: (...args) => handler.onResponseError?.(...args),
      }),
  );
}

/** @throws an Error beyond 8 MiB: no answer from RunPod is that large */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER) {
      throw new Error(`an answer of more than ${LARGEST_ANSWER} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function plain(headers: Dispatcher.ResponseData["headers"]): Headers {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return Object.fromEntries(entries);
}
