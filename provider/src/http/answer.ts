import { STATUS_CODES } from "node:http";
import { foreign, join, type Safe, safe } from "@runpod-stack/kit";
import { type ErrorKind, RunpodError } from "../core/errors";
import { parseJson } from "./json";
import { type Headers, retryAfterSeconds } from "./rate-limit";

/** A raw answer, with its body. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The call that an answer belongs to. */
export interface Asked {
  readonly operation: string;
  /** Whether repeating the call is harmless. */
  readonly isIdempotent: boolean;
  /** Strings that must not be shown, even if the server quotes them. */
  readonly secrets: readonly string[];
  /** Whether the API answers errors as { "error": … } or plain text, as that of serverless jobs does. */
  readonly hasPlainErrors?: boolean;
}

/** RunPod's messages for "no machine satisfies this". Source: REST v2, v1 and GraphQL, seen live. */
const CAPACITY =
  /no longer any instances available|no instances (?:are )?currently available|not enough free gpus|does not have the resources to deploy|SUPPLY_CONSTRAINT|insufficient resources/i;

/** Cloudflare's own errors, as plain text and as pages. All its 1xxx errors occur before the origin. */
const TEXT_CODE = /^\s*error code: (1\d{3})\s*$/i;
const PAGE_CODE = /cf-error-code">\s{0,9}(1\d{3})|<title>[^<]{0,200}\bError (1\d{3})\b/i;
const BLOCK_PAGE =
  /used Cloudflare to restrict access|<title>\s{0,99}Attention Required! \| Cloudflare|you have been blocked/i;

/** Statuses that mean the same whoever answers. */
const PLAIN_KINDS: Readonly<Record<number, ErrorKind>> = {
  401: "unauthorized",
  408: "server",
  429: "rateLimited",
};

/** RunPod's verdicts. They count only in RunPod's own error format. */
const VERDICTS: Readonly<Record<number, ErrorKind>> = {
  402: "balance",
  403: "forbidden",
  404: "notFound",
  409: "conflict",
};

const REMEDIES: { readonly [kind in ErrorKind]?: string } = {
  unauthorized: "Check the API key: runpod:apiKey or RUNPOD_API_KEY.",
  balance: "Add credit in RunPod's console under Billing.",
  forbidden: "Check in RunPod's console what this API key and account may do.",
};

/** Plain text of up to this length is shown. */
const SHORT_TEXT = 200;
const MOST_ERRORS = 20;
/** The part of a page to search for its title. A hostile page must not slow down the search. */
const HEAD = 4_096;
const LONGEST_BLOCK_PAGE = 16_384;
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The JSON of a successful answer; undefined if it has no body. @throws RunpodError otherwise */
export function readAnswer(answer: RawAnswer, asked: Asked): unknown {
  if (answer.status >= 300) {
    throw refusal(answer, asked);
  }
  if (answer.text.trim() === "") {
    return undefined;
  }
  const value = isPage(answer) ? undefined : parseJson(answer.text);
  if (value !== undefined) {
    return value;
  }
  // Something succeeded; only a check can show what.
  const kind = !asked.isIdempotent || isJson(answer) ? "ambiguous" : "protocol";
  throw failure(answer, asked, kind, { detail: unreadable(answer) });
}

interface Problem {
  readonly title?: string | undefined;
  readonly detail: string;
  readonly errors?: readonly string[];
}

/** The error for an answer other than 2xx. */
export function refusal(answer: RawAnswer, asked: Asked): RunpodError {
  const { status } = answer;
  const block = blockOf(answer);
  if (block !== undefined) {
    return failure(answer, asked, "blocked", { detail: block });
  }
  const problem = isPage(answer) ? undefined : problemIn(answer, asked);
  const reported = problem ?? { detail: stranger(answer) };
  if (lacksCapacity(answer)) {
    return failure(answer, asked, "capacity", reported);
  }
  if (status >= 500) {
    return failure(answer, asked, "server", reported);
  }
  const plain = PLAIN_KINDS[status];
  if (plain !== undefined) {
    return failure(answer, asked, plain, reported);
  }
  if (problem === undefined || status < 400) {
    return failure(answer, asked, "protocol", reported);
  }
  return failure(answer, asked, VERDICTS[status] ?? "invalid", problem);
}

/** Whether RunPod reports, in any format, that it has no machine for the request. */
function lacksCapacity(answer: RawAnswer): boolean {
  const { status, text } = answer;
  const mayLack = status === 400 || status === 409 || status >= 500;
  return mayLack && !isPage(answer) && CAPACITY.test(text);
}

/** The message for a block by Cloudflare itself; undefined if the answer is not one. */
function blockOf(answer: RawAnswer): string | undefined {
  const { status, headers, text } = answer;
  if (status < 400 || status >= 500) {
    return undefined;
  }
  const head = text.slice(0, LONGEST_BLOCK_PAGE);
  const { cloudflare_error, error_code } = Object(parseJson(text)) as Record<string, unknown>;
  const isOwnJson = cloudflare_error === true;
  const isOwnPage = isPage(answer) && BLOCK_PAGE.test(head);
  const [, ...codes] = (isPage(answer) ? PAGE_CODE : TEXT_CODE).exec(head) ?? [];
  const code = isOwnJson ? error_code : codes.find((found) => found !== undefined);
  if (code === undefined && !isOwnJson && !isOwnPage && !headers["cf-mitigated"]) {
    return undefined;
  }
  const ray = headers["cf-ray"];
  const facts = [
    ...(code === undefined ? [] : [`error code: ${code}`]),
    ...(ray === undefined ? [] : [`cf-ray ${ray}`]),
  ];
  const shown = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `Cloudflare blocked this network or client${shown} before the request reached RunPod, so RunPod did nothing. Check this machine's proxy, VPN or firewall, and runpod:apiUrl (RUNPOD_REST_V2_URL)`;
}

/** The problem that REST v2 (RFC 9457) or GraphQL reports; undefined for any other format. */
function problemOf(body: unknown): Problem | undefined {
  const { title, detail, errors } = Object(body) as Record<string, unknown>;
  const list: unknown[] = Array.isArray(errors) ? errors : [];
  const texts = list.map((entry) => (typeof entry === "string" ? entry : Object(entry).message));
  const messages = texts.filter((text) => typeof text === "string");
  if (typeof title === "string" || typeof detail === "string") {
    return {
      title: typeof title === "string" ? title : undefined,
      detail: typeof detail === "string" ? detail : "",
      errors: messages,
    };
  }
  return messages.length > 0 ? { detail: messages.join("; ") } : undefined;
}

function problemIn({ status, text }: RawAnswer, asked: Asked): Problem | undefined {
  const body = parseJson(text);
  const problem = problemOf(body);
  if (problem !== undefined || !asked.hasPlainErrors || status < 400) {
    return problem;
  }
  const { error, message } = Object(body) as Record<string, unknown>;
  const said = [error, message].find((one) => typeof one === "string");
  return { detail: said === undefined ? text.slice(0, SHORT_TEXT) : String(said) };
}

function failure(answer: RawAnswer, asked: Asked, kind: ErrorKind, problem: Problem): RunpodError {
  const { status, headers } = answer;
  const shown = (text: string) => presentable(text, asked.secrets);
  const detail = shown(problem.detail);
  const errors = (problem.errors ?? []).slice(0, MOST_ERRORS).map(shown);
  const title = shown(problem.title ?? STATUS_CODES[status] ?? "");
  const news = errors.filter((text) => !detail.includes(text)).join("; ");
  const what = safe`${asked.operation}: ${`${status} ${title}`.trim()}`;
  const parts = [what, detail, shown(news)].filter((part) => part !== "");
  const requestId = requestIdOf(headers);
  const id = requestId === undefined ? "" : ` (request id ${requestId})`;
  const remedy = REMEDIES[kind] === undefined ? "" : `. ${REMEDIES[kind]}`;
  return new RunpodError(join([join(parts, ": "), safe`${id}${remedy}`]), {
    kind,
    status,
    detail,
    errors,
    operation: asked.operation,
    requestId,
    retryAfterSeconds: retryAfterSeconds(headers),
  });
}

/** A server's message, safe to show: without secrets and of readable length. */
export function presentable(text: string, secrets: readonly string[]): Safe {
  return foreign(text.trim(), { secrets });
}

/** The request id, for RunPod's support; undefined if the header is not a valid id. */
function requestIdOf(headers: Headers): string | undefined {
  const id = headers["x-request-id"] ?? "";
  return REQUEST_ID.test(id) ? id : undefined;
}

/** The message for an answer that is not in this API's format. */
function stranger(answer: RawAnswer): string {
  if (answer.status < 400) {
    return `a redirect to ${redirectTarget(answer)}, which is not followed: the API key is sent only to the configured API`;
  }
  const { error, message } = Object(parseJson(answer.text)) as Record<string, unknown>;
  const text = [error, message].find((one) => typeof one === "string");
  if (text === undefined) {
    return unreadable(answer);
  }
  return `${text}. This is not an answer from RunPod's REST API v2. Check runpod:apiUrl (RUNPOD_REST_V2_URL), which ends in /v2`;
}

function redirectTarget({ headers }: RawAnswer): string {
  const target = headers["location"] ?? "";
  return URL.canParse(target) ? new URL(target).origin : "another address";
}

function unreadable(answer: RawAnswer): string {
  const ray = answer.headers["cf-ray"];
  const of = ray === undefined ? "" : `, cf-ray ${ray}`;
  const head = answer.text.slice(0, HEAD);
  const title = /<title[^<>]*>([^<]*)</i
    .exec(head)?.[1]
    ?.split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
  if (isPage(answer)) {
    return `an HTML page${title ? ` "${title}"` : ""} instead of JSON${of}`;
  }
  const type = answer.headers["content-type"] ?? "no content type";
  const text = answer.text.trim();
  // Truncated JSON may contain a user's environment.
  if (answer.status >= 400 && !isJson(answer) && text !== "" && text.length <= SHORT_TEXT) {
    return `"${text}" instead of JSON (${type}${of})`;
  }
  return `an unreadable answer of ${answer.text.length} characters (${type}${of})`;
}

function isPage({ headers, text }: RawAnswer): boolean {
  return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(text);
}

function isJson({ headers }: RawAnswer): boolean {
  return /\bjson\b/i.test(headers["content-type"] ?? "");
}
