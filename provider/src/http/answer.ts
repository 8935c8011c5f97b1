import { STATUS_CODES } from "node:http";
import { foreign, join, type Safe, safe } from "@runpod-stack/kit";
import { type ErrorKind, RunpodError } from "../core/errors";
import { parseJson } from "./json";
import { type Headers, retryAfterSeconds } from "./rate-limit";

/** An answer as it came, body read. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The call that an answer is to. */
export interface Asked {
  readonly operation: string;
  /** Whether carrying it out twice is as good as once. */
  readonly isIdempotent: boolean;
  /** Texts that must not be shown, even if the server quotes them. */
  readonly secrets: readonly string[];
}

/** RunPod's words for "no machine satisfies this". Source: REST v2, v1 and GraphQL, seen live. */
const CAPACITY =
  /no longer any instances available|no instances (?:are )?currently available|not enough free gpus|does not have the resources to deploy|SUPPLY_CONSTRAINT/i;

/** Cloudflare's own refusals, as text and as pages: all its 1xxx errors come before the origin. */
const TEXT_CODE = /^\s*error code: (1\d{3})\s*$/i;
const PAGE_CODE = /cf-error-code">\s{0,9}(1\d{3})|<title>[^<]{0,200}\bError (1\d{3})\b/i;
const BLOCK_PAGE =
  /used Cloudflare to restrict access|<title>\s{0,99}Attention Required! \| Cloudflare|you have been blocked/i;

/** What these say depends on the status alone, whoever answers. */
const PLAIN_KINDS: Readonly<Record<number, ErrorKind>> = {
  401: "unauthorized",
  408: "server",
  429: "rateLimited",
};

/** What these say is RunPod's verdict, and believed only in RunPod's own form. */
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

/** A plain text of up to this length is shown. */
const SHORT_TEXT = 200;
const MOST_ERRORS = 20;
/** Where a page's title is looked for: a hostile page must not keep a search busy. */
const HEAD = 4_096;
const LONGEST_BLOCK_PAGE = 16_384;
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The JSON of a successful answer; undefined if it has no body. @throws RunpodError otherwise */
export function readAnswer(answer: RawAnswer, asked: Asked): unknown {
  if (answer.status >= 300) throw refusal(answer, asked);
  if (answer.text.trim() === "") return undefined;
  const value = isPage(answer) ? undefined : parseJson(answer.text);
  if (value !== undefined) return value;
  // Something succeeded; what, only a look can tell.
  const kind = !asked.isIdempotent || isJson(answer) ? "ambiguous" : "protocol";
  throw failure(answer, asked, kind, { detail: unreadable(answer) });
}

interface Problem {
  readonly title?: string | undefined;
  readonly detail: string;
  readonly errors?: readonly string[];
}

/** The error that an answer other than 2xx is. */
export function refusal(answer: RawAnswer, asked: Asked): RunpodError {
  const { status } = answer;
  const block = blockOf(answer);
  if (block !== undefined) return failure(answer, asked, "blocked", { detail: block });
  const problem = isPage(answer) ? undefined : problemOf(parseJson(answer.text));
  const told = problem ?? { detail: stranger(answer) };
  if (lacksCapacity(answer)) return failure(answer, asked, "capacity", told);
  if (status >= 500) return failure(answer, asked, "server", told);
  const plain = PLAIN_KINDS[status];
  if (plain !== undefined) return failure(answer, asked, plain, told);
  if (problem === undefined || status < 400) return failure(answer, asked, "protocol", told);
  return failure(answer, asked, VERDICTS[status] ?? "invalid", problem);
}

/** Whether RunPod says, in whatever form, that it has no machine for the request. */
function lacksCapacity(answer: RawAnswer): boolean {
  const { status, text } = answer;
  const mayLack = status === 400 || status === 409 || status >= 500;
  return mayLack && !isPage(answer) && CAPACITY.test(text);
}

/** What to say of a refusal by Cloudflare itself; undefined if the answer is none. */
function blockOf(answer: RawAnswer): string | undefined {
  const { status, headers, text } = answer;
  if (status < 400 || status >= 500) return undefined;
  const head = text.slice(0, LONGEST_BLOCK_PAGE);
  const { cloudflare_error, error_code } = Object(parseJson(text)) as Record<string, unknown>;
  const isOwnJson = cloudflare_error === true;
  const isOwnPage = isPage(answer) && BLOCK_PAGE.test(head);
  const [, ...codes] = (isPage(answer) ? PAGE_CODE : TEXT_CODE).exec(head) ?? [];
  const code = isOwnJson ? error_code : codes.find((found) => found !== undefined);
  if (code === undefined && !isOwnJson && !isOwnPage && !headers["cf-mitigated"]) return undefined;
  const ray = headers["cf-ray"];
  const facts = [
    ...(code === undefined ? [] : [`error code: ${code}`]),
    ...(ray === undefined ? [] : [`cf-ray ${ray}`]),
  ];
  const shown = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `Cloudflare blocked this network or client${shown} before the request reached RunPod, so RunPod did nothing: check the proxy, VPN or firewall that this machine's traffic goes through, and runpod:apiUrl (RUNPOD_REST_V2_URL)`;
}

/** What REST v2 says of a problem (RFC 9457), or GraphQL; undefined if it is neither's form. */
function problemOf(body: unknown): Problem | undefined {
  const { title, detail, errors } = Object(body) as Record<string, unknown>;
  const list: unknown[] = Array.isArray(errors) ? errors : [];
  const texts = list.map((entry) => (typeof entry === "string" ? entry : Object(entry).message));
  const told = texts.filter((text) => typeof text === "string");
  if (typeof title === "string" || typeof detail === "string") {
    return {
      title: typeof title === "string" ? title : undefined,
      detail: typeof detail === "string" ? detail : "",
      errors: told,
    };
  }
  return told.length > 0 ? { detail: told.join("; ") } : undefined;
}

function failure(answer: RawAnswer, asked: Asked, kind: ErrorKind, told: Problem): RunpodError {
  const { status, headers } = answer;
  const shown = (text: string) => presentable(text, asked.secrets);
  const detail = shown(told.detail);
  const errors = (told.errors ?? []).slice(0, MOST_ERRORS).map(shown);
  const title = shown(told.title ?? STATUS_CODES[status] ?? "");
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

/** A server's words as they may be shown: without secrets, of a length that can be read. */
export function presentable(text: string, secrets: readonly string[]): Safe {
  return foreign(text.trim(), { secrets });
}

/** RunPod's name for an exchange, for its support; undefined if it cannot be one. */
function requestIdOf(headers: Headers): string | undefined {
  const id = headers["x-request-id"] ?? "";
  return REQUEST_ID.test(id) ? id : undefined;
}

/** What to say of an answer that is not in this API's form. */
function stranger(answer: RawAnswer): string {
  if (answer.status < 400) {
    return `a redirect to ${redirectTarget(answer)}, which is not followed: the API key goes to the configured API only`;
  }
  const { error, message } = Object(parseJson(answer.text)) as Record<string, unknown>;
  const said = [error, message].find((text) => typeof text === "string");
  if (said === undefined) return unreadable(answer);
  return `${said}. This is not how RunPod's REST API v2 answers: check runpod:apiUrl (RUNPOD_REST_V2_URL), which ends in /v2`;
}

function redirectTarget({ headers }: RawAnswer): string {
  const target = headers["location"] ?? "";
  return URL.canParse(target) ? new URL(target).origin : "another place";
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
  if (isPage(answer)) return `an HTML page${title ? ` "${title}"` : ""} instead of JSON${of}`;
  const type = answer.headers["content-type"] ?? "no content type";
  const text = answer.text.trim();
  // JSON that breaks off may hold a user's environment.
  if (answer.status >= 400 && !isJson(answer) && text !== "" && text.length <= SHORT_TEXT) {
    return `"${text}" instead of JSON (${type}${of})`;
  }
  return `an answer of ${answer.text.length} characters that cannot be read (${type}${of})`;
}

function isPage({ headers, text }: RawAnswer): boolean {
  return /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(text);
}

function isJson({ headers }: RawAnswer): boolean {
  return /\bjson\b/i.test(headers["content-type"] ?? "");
}
