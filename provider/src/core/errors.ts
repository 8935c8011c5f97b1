import { foreign, type Safe, safe } from "@runpod-stack/kit";

/** The kind of failure of a call. It decides what may be done next. */
export type ErrorKind =
  /** RunPod rejected the request itself: 400 (except for capacity), 413, 422. */
  | "invalid"
  /** No machine satisfies the request now: 400, 409 or 5xx with RunPod's capacity message. */
  | "capacity"
  | "unauthorized"
  /** Insufficient balance: 402. */
  | "balance"
  | "forbidden"
  /** Cloudflare blocked the request; RunPod never saw it. */
  | "blocked"
  | "notFound"
  | "conflict"
  | "rateLimited"
  /** 408 and 5xx: the request may have been carried out. */
  | "server"
  /** Never sent: connection refused, DNS, connect timeout, TLS. */
  | "notSent"
  /** Sent without a clear answer: reset, timeout, truncated. */
  | "ambiguous"
  /** An answer that is not from this API: HTML, unparsable, another API's error. */
  | "protocol"
  | "aborted";

/** Facts about a failed call. */
export interface ErrorFacts {
  readonly kind: ErrorKind;
  readonly status?: number | undefined;
  /** RunPod's own message. */
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

/** A failed call to RunPod. Recognized across copies of this package. */
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

/** The same failure with a more detailed message. */
export function reworded(error: RunpodError, message: Safe): RunpodError {
  return new RunpodError(message, { ...error, cause: error });
}

/** Whether an error is a failed call to RunPod, of the given kind if there is one. */
export function isRunpodError(error: unknown, kind?: ErrorKind): error is RunpodError {
  return error instanceof RunpodError && (kind === undefined || error.kind === kind);
}

/** Whether a request may have been carried out even though no answer confirms it. */
export function mayHaveCommitted(error: unknown): error is RunpodError {
  if (!isRunpodError(error)) {
    return false;
  }
  // RunPod has created pods and still answered 500, whatever the message.
  if (error.kind === "capacity") {
    return (error.status ?? 0) >= 500;
  }
  return ["server", "ambiguous", "protocol"].includes(error.kind);
}

/** A problem that the user can fix, explained in full sentences. Has no stack trace. */
export class UserError extends Error {
  readonly [USER_BRAND] = true;
  declare readonly message: Safe;

  constructor(message: Safe) {
    super(message);
    this.name = "UserError";
    // The plugin host prints stacks, which show paths.
    this.stack = message;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, USER_BRAND);
  }
}

/** The message of an error: ours as it is, any other made safe to show. */
export function messageFrom(error: unknown): Safe {
  if (error instanceof UserError || isRunpodError(error)) {
    return error.message;
  }
  return foreign(error instanceof Error ? error.message : String(error));
}

/** Ends a message with a period, which RunPod's messages may lack. */
export function sentence(text: string): Safe {
  return /[.!?]$/.test(text) ? foreign(text) : safe`${text}.`;
}

function isBranded(value: unknown, brand: symbol): boolean {
  return value !== null && typeof value === "object" && brand in value;
}
