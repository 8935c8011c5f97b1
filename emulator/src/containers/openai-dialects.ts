import {
  LLAMA_CPP_SERIES,
  type Load,
  metricsText,
  PROMETHEUS,
  SGLANG_SERIES,
  TGI_SERIES,
} from "./openai-metrics";
import type { OwnRoute, ServedModel } from "./served-model";
import { SGLANG_ROUTES } from "./sglang-routes";

/** How the answers of servers differ. */
export interface Dialect {
  ownedBy: string;
  /** Whether a path requires the API key. */
  isGuarded(path: string): boolean;
  /** The body of 401. */
  unauthorized: unknown;
  /** The body of `/health`; null for an empty one. */
  health: unknown;
  /** Whether a request that names another model is refused. */
  checksModel: boolean;
  /** @default none */
  routes?: Readonly<Record<string, OwnRoute>>;
  /** Answers `/metrics`; null if there is no such route. */
  metrics(model: ServedModel, load: Load): Response | null;
}

export const SGLANG_DIALECT: Dialect = {
  routes: SGLANG_ROUTES,
  ownedBy: "sglang",
  isGuarded: (path) => !/^\/(health|ready|metrics)/.test(path),
  unauthorized: { error: "Unauthorized" },
  health: null,
  checksModel: false,
  metrics: (model, load) =>
    model.metrics
      ? prometheus(metricsText(SGLANG_SERIES, load, `{model_name="${model.names[0] ?? ""}"}`))
      : null,
};

export const TGI_DIALECT: Dialect = {
  ownedBy: "text-generation-inference",
  isGuarded: (path) => path.endsWith("/completions"),
  unauthorized: { error: "Unauthorized", error_type: "unauthorized" },
  health: null,
  checksModel: false,
  metrics: (_model, load) => prometheus(metricsText(TGI_SERIES, load)),
};

export const LLAMA_CPP_DIALECT: Dialect = {
  ownedBy: "llamacpp",
  isGuarded: (path) => !/^\/(v1\/)?(health|models)$/.test(path),
  unauthorized: { error: { code: 401, message: "Invalid API Key", type: "authentication_error" } },
  health: { status: "ok" },
  checksModel: false,
  metrics: (model, load) =>
    model.metrics
      ? prometheus(metricsText(LLAMA_CPP_SERIES, load))
      : Response.json({ error: NO_METRICS }, { status: 501 }),
};

export const OLLAMA_DIALECT: Dialect = {
  ownedBy: "library",
  isGuarded: () => false,
  unauthorized: null,
  health: null,
  checksModel: true,
  metrics: () => null,
};

const NO_METRICS = {
  code: 501,
  message: "This server does not support metrics endpoint. Start it with `--metrics`",
  type: "not_supported_error",
};

function prometheus(text: string): Response {
  return new Response(text, { headers: { "content-type": PROMETHEUS } });
}
