import { type Safe, safe } from "@runpod-stack/kit";
import type { Dispatcher } from "undici";
import type { Clock } from "../core/clock";
import { isRunpodError, RunpodError } from "../core/errors";
import { type Asked, presentable, readAnswer, refusal } from "./answer";
import { baseUrl } from "./base-url";
import type { Passenger, Priority } from "./gate";
import { Identities, type Identity } from "./identity";
import { type Machine, readMachine } from "./machine";
import type { SafePath } from "./path";
import type { Headers } from "./rate-limit";
import { withRetries } from "./retry";
import { ServerClock } from "./server-clock";
import {
  type Exchange,
  type OpenAnswer,
  readText,
  TIMEOUTS,
  type Timeouts,
  Transport,
} from "./transport";
import { unanswered } from "./unanswered";

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** When the call must be over, including waits, in monotonic milliseconds. @default in 10 minutes */
  readonly deadline?: number;
  /** Called with a message about each wait that a user would notice. @default the client's `log` */
  readonly onProgress?: (text: string) => void;
}

/** One call. */
export interface Call extends CallOptions {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "PATCH" | "DELETE";
  readonly path: SafePath;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Verb, noun and name, for messages: "creating pod 'llm'". */
  readonly operation: string;
  /** Whether repeating the call is harmless. @default true, except for POST and PATCH */
  readonly isIdempotent?: boolean;
  /** Strings in the body that no message may show. */
  readonly secrets?: readonly string[];
  /** The priority when calls must wait. @default by method: DELETE, then GET, then all others */
  readonly priority?: Priority;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body; undefined if there is none. */
  readonly body: unknown;
}

/** Hooks for all calls of a client. */
export interface ClientHooks {
  /** Wraps a call, including its waits and retries. @default calls `make` */
  readonly around?: <T>(make: () => Promise<T>) => Promise<T>;
  /** Called just before the first byte of each attempt. If it throws, the call ends unsent. */
  readonly beforeSend?: (call: Call) => void;
  /** Called when RunPod first rejects the key. Returns another key to continue with, if there is one. */
  readonly onUnauthorized?: () => string | undefined;
}

/** A JSON client for one API and one account. */
export interface HttpClient {
  /** The API's origin, and a fingerprint of the API key that does not reveal it. */
  readonly account: { readonly origin: string; readonly fingerprint: string };
  /** @throws RunpodError */
  request(call: Call): Promise<Answer>;
  /** An answer to read as it arrives, until the signal aborts. @throws RunpodError */
  stream(call: Call, accept: string): Promise<OpenAnswer>;
  /** The default deadline of a call that begins now, in monotonic milliseconds. */
  deadline(): number;
  /** The server's clock, in milliseconds since 1970; undefined before its first successful answer. */
  serverNow(): number | undefined;
  /** A string from an answer, safe to show. */
  presentable(text: string): Safe;
}

export interface ClientOptions {
  /** The URL that paths are appended to, such as https://api.runpod.io/v2. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly dispatcher?: Dispatcher;
  readonly timeouts?: Partial<Timeouts>;
  /** @default Math.random */
  readonly random?: () => number;
  /** @default from the environment */
  readonly machine?: Machine;
  /** Whether the API answers errors as { "error": … } or plain text. @default false */
  readonly hasPlainErrors?: boolean;
  /** Called with a message about each wait of a call without `onProgress`. */
  readonly log?: (text: string) => void;
  readonly hooks?: ClientHooks;
}

const PATIENCE_MS = 10 * 60_000;
const PRIORITIES: { readonly [method in Call["method"]]?: Priority } = {
  DELETE: "delete",
  GET: "read",
  HEAD: "read",
};

/** @throws UserError if the URL must not receive a key, or if the key is not valid */
export function createClient(options: ClientOptions): HttpClient {
  const { apiKey, clock, log = () => {}, random = Math.random, hooks = {} } = options;
  const { around = (make) => make() } = hooks;
  const { trustedHosts } = options.machine ?? readMachine();
  const base = baseUrl(options.baseUrl, trustedHosts);
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const transport = new Transport(clock, timeouts, options.dispatcher);
  const serverClock = new ServerClock(clock);
  const identities = new Identities(apiKey, base.origin, clock, hooks.onUnauthorized);

  function askedOf(call: Call, { apiKey }: Identity): Asked {
    const { operation, isIdempotent = !["POST", "PATCH"].includes(call.method) } = call;
    const secrets = [apiKey, ...(call.secrets ?? [])];
    return { operation, isIdempotent, secrets, hasPlainErrors: options.hasPlainErrors ?? false };
  }

  function newDeadline(): number {
    return clock.monotonic() + PATIENCE_MS;
  }

  function passengerOf(call: Call): Passenger {
    const { operation, signal, deadline = newDeadline() } = call;
    const priority = call.priority ?? PRIORITIES[call.method] ?? "create";
    return { operation, priority, signal, deadline, report: call.onProgress ?? log };
  }

  function headersOf(call: Call, { apiKey }: Identity, accept: string): Record<string, string> {
    const given = {
      accept,
      "accept-encoding": "identity",
      authorization: `Bearer ${apiKey}`,
      "user-agent": options.userAgent,
    };
    return call.body === undefined ? given : { ...given, "content-type": "application/json" };
  }

  /** One exchange. Its errors show whether anything was sent. */
  async function send<T>(
    call: Call,
    identity: Identity,
    accept: string,
    limit: number,
    act: (exchange: Exchange) => Promise<T>,
  ): Promise<T> {
    const url = new URL(`${base.href.replace(/\/$/, "")}${call.path}`);
    url.search = new URLSearchParams(call.query).toString();
    let isSent = false;
    const onSent = () => {
      isSent = true;
      hooks.beforeSend?.(call);
    };
    const body = JSON.stringify(call.body);
    const headers = headersOf(call, identity, accept);
    const { method, signal } = call;
    try {
      return await act({ method, url, headers, body, signal, limit, onSent });
    } catch (error) {
      throw unanswered(error, askedOf(call, identity), base, isSent, signal?.aborted === true);
    }
  }

  async function request(call: Call, identity: Identity): Promise<Answer> {
    const asked = askedOf(call, identity);
    const passenger = passengerOf(call);
    const attempt = async () => {
      const raw = await identity.gate.run(passenger, () => {
        const left = passenger.deadline - clock.monotonic();
        if (left <= 0) {
          throw tooLate(call);
        }
        const limit = Math.min(call.method === "GET" ? timeouts.read : timeouts.write, left);
        return send(call, identity, "application/json", limit, (exchange) =>
          transport.exchange(exchange),
        );
      });
      const answer = { ...raw, body: readAnswer(raw, asked) };
      serverClock.hear(raw.headers);
      return answer;
    };
    const conditions = { ...passenger, ...asked, clock, budget: identity.budget, random };
    return cancellable(call, () => withRetries(conditions, attempt));
  }

  async function stream(call: Call, identity: Identity, accept: string): Promise<OpenAnswer> {
    return cancellable(call, async () => {
      const { text, ...answer } = await identity.gate.run(passengerOf(call), () =>
        send(call, identity, accept, 0, async (exchange) => {
          const open = await transport.open(exchange);
          return { ...open, text: open.status < 300 ? undefined : await readText(open.body) };
        }),
      );
      if (text === undefined) {
        return answer;
      }
      throw refusal({ ...answer, text }, askedOf(call, identity));
    });
  }

  return {
    get account() {
      return identities.current.account;
    },
    request: (call) => around(() => identities.ask((identity) => request(call, identity))),
    stream: (call, accept) =>
      around(() => identities.ask((identity) => stream(call, identity, accept))),
    deadline: newDeadline,
    serverNow: () => serverClock.now(),
    presentable: (text) => presentable(text, [apiKey, identities.current.apiKey]),
  };
}

/** Turns an aborted wait into a RunpodError. */
async function cancellable<T>({ operation, signal }: Call, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (signal?.aborted !== true || isRunpodError(error)) {
      throw error;
    }
    throw new RunpodError(safe`${operation}: canceled`, { kind: "aborted", operation });
  }
}

function tooLate({ operation }: Call): RunpodError {
  const detail = "this operation ran out of time";
  return new RunpodError(safe`${operation}: ${detail}; nothing was sent`, {
    kind: "notSent",
    detail,
    operation,
  });
}
