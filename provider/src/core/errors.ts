import { foreign, type Safe, safe } from "@runpod-stack/kit";

/** What kind of failure a call met; it decides what may be done next. */
export type ErrorKind =
  /** The request is refused as it stands: 400 (not for capacity), 413, 422. */
  | "invalid"
  /** No machine satisfies the request now: 400, 409 or 5xx with RunPod's capacity text. */
  | "capacity"
  | "unauthorized"
  /** Insufficient balance: 402. */
  | "balance"
  | "forbidden"
  /** Cloudflare refused it: RunPod never saw the request. */
  | "blocked"
  | "notFound"
  | "conflict"
  | "rateLimited"
  /** 408 and 5xx: the request may have been carried out. */
  | "server"
  /** Never sent: connection refused, DNS, connect timeout, TLS. */
  | "notSent"
  /** Sent, and no clear answer: reset, timeout, truncated. */
  | "ambiguous"
  /** An answer that is not this API's: HTML, unparsable, another API's error. */
  | "protocol"
  | "aborted";

/** What is known of a failed call. */
export interface ErrorFacts {
  readonly kind: ErrorKind;
  readonly status?: number | undefined;
  /** RunPod's own words. */
  readonly detail?: string | undefined;
  readonly errors?: readonly string[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Verb, noun and name: "creating pod 'llm'". */
  readonly operation?: string | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for("runpod-stack.error");
const USER_BRAND = Symbol.for("runpod-stack.user-error");

/** A call to RunPod that failed. Recognised also across two copies of this package. */
export class RunpodError extends Error {
  readonly [BRAND] = true;
  readonly kind: ErrorKind;
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly errors: readonly string[] | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly operation: string | undefined;

  declare readonly message: Safe;

  constructor(message: Safe, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "RunpodError";
    this.kind = facts.kind;
    this.status = facts.status;
    this.detail = facts.detail;
    this.errors = facts.errors;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.operation = facts.operation;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, BRAND);
  }
}

/** The same failure with a message that says more. */
export function reworded(error: RunpodError, message: Safe): RunpodError {
  return new RunpodError(message, { ...error, cause: error });
}

/** Whether a failure is a failed call to RunPod, of a given kind if one is given. */
export function isRunpodError(error: unknown, kind?: ErrorKind): error is RunpodError {
  return error instanceof RunpodError && (kind === undefined || error.kind === kind);
}

/** Whether a request may have been carried out although no answer says so. */
export function mayHaveCommitted(error: unknown): error is RunpodError {
  if (!isRunpodError(error)) return false;
  // RunPod has created pods behind a 500, whatever its text says.
  if (error.kind === "capacity") return (error.status ?? 0) >= 500;
  return ["server", "ambiguous", "protocol"].includes(error.kind);
}

/** A user's mistake or situation, told in complete sentences; a stack would only be in the way. */
export class UserError extends Error {
  readonly [USER_BRAND] = true;
  declare readonly message: Safe;

  constructor(message: Safe) {
    super(message);
    this.name = "UserError";
    // Stacks show paths, and the plugin host prints them.
    this.stack = message;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, USER_BRAND);
  }
}

/** What a failure says; in our own words where it is one of ours. */
export function messageFrom(error: unknown): Safe {
  if (error instanceof UserError || isRunpodError(error)) return error.message;
  return foreign(error instanceof Error ? error.message : String(error));
}

/** A message as a sentence of its own: RunPod's end with a full stop or without. */
export function sentence(text: string): Safe {
  return /[.!?]$/.test(text) ? foreign(text) : safe`${text}.`;
}

function isBranded(value: unknown, brand: symbol): boolean {
  return value !== null && typeof value === "object" && brand in value;
}
