import { runInNewContext } from "node:vm";
import { foreign, join, named, type Safe, safe } from "@runpod-stack/kit";
import type { ProbeResult } from "../../api";

/** What counts as serving. */
export interface Expectation {
  readonly path: string;
  readonly status: number;
  readonly model?: string | undefined;
  /** A text, or a /regular expression/, that the body must contain. */
  readonly body?: string | undefined;
}

/** What one answer of the proxy URL says about the service behind it. */
export type Verdict =
  | { readonly kind: "serving"; readonly models: readonly string[] }
  /** May still become what is wanted. */
  | { readonly kind: "waiting"; readonly text: Safe }
  /** Will hardly become what is wanted: final once it has been said often enough. */
  | {
      readonly kind: "wrong";
      readonly text: Safe;
      readonly remedy: Safe;
      readonly patience: "short" | "long";
    };

/** RunPod's proxy and the CDN before it, while nothing listens. Source: RunPod docs, troubleshooting 502. */
const NOT_LISTENING = new Set([502, 503, 504, 520, 521, 522, 523, 530]);
const HUNG = 524;

const SHOWN_MODELS = 5;
const LONGEST_MODEL = 120;

/** Whether the answer is the proxy's own, which reaches nothing: a service that still loads says so in JSON. */
export function reachesNothing({ status, json }: ProbeResult): boolean {
  return status !== undefined && NOT_LISTENING.has(status) && json === undefined;
}

/** Judges one answer. @param secrets what must not be shown of it */
export function judge(
  answer: ProbeResult,
  expected: Expectation,
  secrets: readonly string[] = [],
): Verdict {
  if (answer.status === undefined) {
    return { kind: "waiting", text: safe`no answer (${answer.error ?? "unknown reason"})` };
  }
  if (answer.status === expected.status) return judgeContent(answer, expected, secrets);
  if (NOT_LISTENING.has(answer.status)) {
    return {
      kind: "waiting",
      text: safe`${answer.status} from the proxy: nothing listens on the port yet`,
    };
  }
  if (answer.status === HUNG) {
    return {
      kind: "waiting",
      text: safe`524 from the proxy: the service took the connection and said nothing for 100 s`,
    };
  }
  if (answer.status === 401 || (answer.status === 403 && answer.json !== undefined)) {
    return {
      kind: "wrong",
      text: safe`${answer.status}: the service runs and refuses the key`,
      remedy: safe`Give the endpoint the service's own apiKey (VLLM_API_KEY for vLLM).`,
      patience: "short",
    };
  }
  if (answer.status === 404) {
    return {
      kind: "wrong",
      text: safe`404 for ${expected.path}`,
      remedy: safe`Expose the port as <port>/http, and check that the service knows this path: /v1/models is for OpenAI-compatible servers.`,
      patience: "long",
    };
  }
  return {
    kind: "waiting",
    text: safe`status ${answer.status} where ${expected.status} is expected`,
  };
}

function judgeContent(
  answer: ProbeResult,
  expected: Expectation,
  secrets: readonly string[],
): Verdict {
  if (expected.body !== undefined) {
    const wanted = foreign(expected.body, { most: 200 });
    const isThere = contains(answer.body ?? "", expected.body);
    if (isThere === undefined) {
      return {
        kind: "wrong",
        text: safe`status ${answer.status}, and to search the body for ${wanted} takes more than ${MAX_SEARCH_MS} ms`,
        remedy: safe`Set expectBody to a pattern without repetitions in each other, such as (a+)+, or to plain text.`,
        patience: "short",
      };
    }
    if (!isThere) {
      return {
        kind: "waiting",
        text: safe`status ${answer.status}, and the body lacks ${wanted}`,
      };
    }
  }
  const isModelsRoute = expected.path.split("?")[0]?.endsWith("/models") && expected.status === 200;
  if (!isModelsRoute) return { kind: "serving", models: [] };
  const models = modelIds(answer.json);
  if (models === undefined) {
    return {
      kind: "waiting",
      text: safe`status ${answer.status} without a list of models (${foreign(answer.contentType ?? "no content type", { most: 100 })})`,
    };
  }
  if (expected.model === undefined || models.includes(expected.model))
    return { kind: "serving", models };
  return {
    kind: "wrong",
    text: safe`it serves ${modelList(models, expected, secrets)}, not ${named(expected.model)}`,
    remedy: safe`Set expectModel to the name it serves, or the server's --served-model-name to the one expected.`,
    patience: "short",
  };
}

/** The models of an answer, as far as they can be shown in a sentence. */
export function modelList(
  models: readonly string[],
  expected: Expectation,
  secrets: readonly string[],
): Safe {
  if (models.length === 0) return safe`no model`;
  const shown = models.slice(0, SHOWN_MODELS).map((model) =>
    // What the program expects is no secret, though its env may name the model too.
    named(model, { most: LONGEST_MODEL, secrets: model === expected.model ? [] : secrets }),
  );
  const more = models.length - shown.length;
  return join([join(shown, ", "), more > 0 ? safe` and ${more} more` : safe``]);
}

function modelIds(json: unknown): string[] | undefined {
  const data = (json as { data?: unknown } | null | undefined)?.data;
  if (!Array.isArray(data)) return undefined;
  return data
    .map((model: { id?: unknown } | null) => model?.id)
    .filter((id): id is string => typeof id === "string");
}

/** A page of a megabyte takes a few milliseconds, unless pattern and page are a bad match. */
const MAX_SEARCH_MS = 1_000;

/** Undefined if it takes too long to find out: nothing else in this process goes on meanwhile. */
function contains(body: string, wanted: string): boolean | undefined {
  const pattern = /^\/(.+)\/$/s.exec(wanted)?.[1];
  if (pattern === undefined) return body.includes(wanted);
  const search = { body, pattern: new RegExp(pattern) };
  try {
    return runInNewContext("pattern.test(body)", search, { timeout: MAX_SEARCH_MS });
  } catch {
    return undefined;
  }
}
