import { type ErrorKind, RunpodError } from "../core/errors";
import { redact } from "../core/redact";
import { parseRetryAfter } from "./rate-limit";

/** An answer as it came, body read. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** RunPod's words for "no machine satisfies this". Source: REST v2, seen live in August 2026. */
const CAPACITY = /no longer any instances available|not enough free gpus/i;
const MAX_DETAIL = 2_048;
const MAX_DEPTH = 64;

/** The JSON of a successful answer; undefined for an empty one. @throws RunpodError otherwise */
export function readAnswer(answer: RawAnswer, operation: string): unknown {
  if (answer.status >= 200 && answer.status < 300) {
    if (answer.text.trim() === "") return undefined;
    const value = parseJson(answer.text);
    if (value === undefined) throw failure(answer, operation, "protocol", notJson(answer));
    return value;
  }
  throw errorOf(answer, operation);
}

function errorOf(answer: RawAnswer, operation: string): RunpodError {
  const body = parseJson(answer.text);
  if (body === undefined || body === null || typeof body !== "object") {
    // A firewall's page is no verdict on the key, nor on whether the object exists.
    const kind =
      answer.status >= 500 || answer.status === 408
        ? "server"
        : answer.status === 429
          ? "rateLimited"
          : "protocol";
    return failure(answer, operation, kind, notJson(answer));
  }
  const problem = body as {
    title?: unknown;
    detail?: unknown;
    errors?: unknown;
    error?: unknown;
    message?: unknown;
  };
  const detail =
    firstText(problem.detail, problem.message, problem.error, problem.title) ??
    "no detail was given";
  const isOtherApi = problem.title === undefined && problem.detail === undefined;
  const hint =
    isOtherApi && answer.status !== 401 && answer.status !== 429
      ? " (This is not how REST v2 answers: check that runpod:apiUrl ends in /v2.)"
      : "";
  const errors = Array.isArray(problem.errors)
    ? problem.errors.filter((text) => typeof text === "string")
    : [];
  const listed =
    errors.length === 0 || errors.every((text) => detail.includes(text))
      ? ""
      : ` [${errors.join("; ")}]`;
  return failure(
    answer,
    operation,
    kindOf(answer.status, detail),
    `${detail}${listed}${hint}`,
    errors,
  );
}

function kindOf(status: number, detail: string): ErrorKind {
  if ((status === 400 || status === 409) && CAPACITY.test(detail)) return "capacity";
  const kinds: Readonly<Record<number, ErrorKind>> = {
    401: "unauthorized",
    402: "balance",
    403: "forbidden",
    404: "notFound",
    408: "server",
    409: "conflict",
    429: "rateLimited",
  };
  return kinds[status] ?? (status >= 500 ? "server" : "invalid");
}

function failure(
  answer: RawAnswer,
  operation: string,
  kind: ErrorKind,
  detail: string,
  errors: readonly string[] = [],
): RunpodError {
  const requestId = answer.headers["x-request-id"];
  const shown = redact(detail).slice(0, MAX_DETAIL);
  const serverNow = Date.parse(answer.headers["date"] ?? "");
  const retryAfterSeconds = parseRetryAfter(answer.headers["retry-after"], serverNow);
  const id = requestId === undefined ? "" : ` (request ${requestId})`;
  return new RunpodError(`${operation}: ${answer.status} ${shown}${id}${remedy(kind)}`, {
    kind,
    status: answer.status,
    detail: shown,
    errors,
    operation,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

function remedy(kind: ErrorKind): string {
  if (kind === "unauthorized")
    return ". The API key was refused: check runpod:apiKey or RUNPOD_API_KEY.";
  if (kind === "balance")
    return ". Nothing was created. Add credit in RunPod's console under Billing.";
  if (kind === "forbidden")
    return ". The API key may not do this: check its permissions in RunPod's console.";
  return "";
}

/** What an answer that is not JSON tells: a page's title, and the CDN's id for it. */
function notJson({ headers, text }: RawAnswer): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
  const ray = headers["cf-ray"] === undefined ? "" : `, cf-ray ${headers["cf-ray"]}`;
  if (title !== undefined) return `an HTML page instead of JSON: "${title}"${ray}`;
  return `an answer that is not JSON (${headers["content-type"] ?? "no content type"}${ray})`;
}

function parseJson(text: string): unknown {
  let depth = 0;
  try {
    const value: unknown = JSON.parse(text);
    depth = depthOf(value);
    return depth > MAX_DEPTH ? undefined : value;
  } catch {
    return undefined;
  }
}

function depthOf(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value !== "");
}
