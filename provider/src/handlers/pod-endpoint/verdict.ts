import { foreign, join, named, type Safe, safe } from "@runpod-stack/kit";
import type { ProbeResult } from "../../api";
import { contains, MAX_SEARCH_MS } from "../lifecycle/search";

/** What counts as serving. */
export interface Expectation {
  readonly path: string;
  readonly status: number;
  readonly model?: string | undefined;
  /** A string, or a /regular expression/, that the body must contain. */
  readonly body?: string | undefined;
}

/** What one answer from the proxy URL shows about the service behind it. */
export type Verdict =
  | { readonly kind: "serving"; readonly models: readonly string[] }
  /** The service may still come up. */
  | { readonly kind: "waiting"; readonly text: Safe }
  /** The service will probably not come up. Final once this has been repeated often enough. */
  | {
      readonly kind: "wrong";
      readonly text: Safe;
      readonly remedy: Safe;
      readonly patience: "short" | "long";
    };

/**
 * Statuses of RunPod's proxy, and of the CDN before it, while nothing listens. Source: RunPod docs,
 * troubleshooting 502.
 */
const NOT_LISTENING = new Set([502, 503, 504, 520, 521, 522, 523, 530]);
const HUNG = 524;

const SHOWN_MODELS = 5;
const LONGEST_MODEL = 120;

/**
 * Whether the proxy itself answered, having reached nothing. A service that is still loading
 * answers in JSON.
 */
export function reachesNothing({ status, json }: ProbeResult): boolean {
  return status !== undefined && NOT_LISTENING.has(status) && json === undefined;
}

/** Judges one answer. @param secrets strings in it that must not be shown */
export function judge(
  answer: ProbeResult,
  expected: Expectation,
  secrets: readonly string[] = [],
): Verdict {
  if (answer.status === undefined) {
    return { kind: "waiting", text: safe`no answer (${answer.error ?? "unknown reason"})` };
  }
  if (answer.status === expected.status) {
    return judgeContent(answer, expected, secrets);
  }
  if (NOT_LISTENING.has(answer.status)) {
    return {
      kind: "waiting",
      text: safe`${answer.status} from the proxy: nothing listens on the port yet`,
    };
  }
  if (answer.status === HUNG) {
    return {
      kind: "waiting",
      text: safe`524 from the proxy: the service accepted the connection and did not answer for 100 s`,
    };
  }
  if (answer.status === 401 || (answer.status === 403 && answer.json !== undefined)) {
    return {
      kind: "wrong",
      text: safe`${answer.status}: the service is running but rejects the key`,
      remedy: safe`Set the endpoint's apiKey to the service's own key (VLLM_API_KEY for vLLM).`,
      patience: "short",
    };
  }
  if (answer.status === 404) {
    return {
      kind: "wrong",
      text: safe`404 for ${expected.path}`,
      remedy: safe`Expose the port as <port>/http, and check that the service has this path: /v1/models is for OpenAI-compatible servers.`,
      patience: "long",
    };
  }
  return {
    kind: "waiting",
    text: safe`status ${answer.status} instead of ${expected.status}`,
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
        text: safe`status ${answer.status}, but searching the body for ${wanted} takes more than ${MAX_SEARCH_MS} ms`,
        remedy: safe`Set expectBody to a pattern without nested repetitions such as (a+)+, or to plain text.`,
        patience: "short",
      };
    }
    if (!isThere) {
      return {
        kind: "waiting",
        text: safe`status ${answer.status}, but the body does not contain ${wanted}`,
      };
    }
  }
  const isModelsRoute = expected.path.split("?")[0]?.endsWith("/models") && expected.status === 200;
  if (!isModelsRoute) {
    return { kind: "serving", models: [] };
  }
  const models = modelIds(answer.json);
  if (models === undefined) {
    return {
      kind: "waiting",
      text: safe`status ${answer.status} without a list of models (${foreign(answer.contentType ?? "no content type", { most: 100 })})`,
    };
  }
  if (expected.model === undefined || models.includes(expected.model)) {
    return { kind: "serving", models };
  }
  return {
    kind: "wrong",
    text: safe`it serves ${modelList(models, expected, secrets)}, not ${named(expected.model)}`,
    remedy: safe`Set expectModel to the served name, or the server's --served-model-name to the expected one.`,
    patience: "short",
  };
}

/** The models of an answer, shortened to fit into a sentence. */
export function modelList(
  models: readonly string[],
  expected: Expectation,
  secrets: readonly string[],
): Safe {
  if (models.length === 0) {
    return safe`no model`;
  }
  const shown = models.slice(0, SHOWN_MODELS).map((model) =>
    // The model that the program expects is not secret, even if env also names it.
    named(model, { most: LONGEST_MODEL, secrets: model === expected.model ? [] : secrets }),
  );
  const more = models.length - shown.length;
  return join([join(shown, ", "), more > 0 ? safe` and ${more} more` : safe``]);
}

function modelIds(json: unknown): string[] | undefined {
  const data = (json as { data?: unknown } | null | undefined)?.data;
  if (!Array.isArray(data)) {
    return undefined;
  }
  return data
    .map((model: { id?: unknown } | null) => model?.id)
    .filter((id): id is string => typeof id === "string");
}
