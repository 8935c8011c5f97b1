import type { OptionalRoutes, VllmServed } from "./served";

const POST = "POST";
const GET = "GET";
const READ = "GET, HEAD";

/** What must be on for a route: `always`, a kind of model, an option or a variable. */
type Part = "always" | "documents" | "generate" | "pooling" | "classify" | "embed" | OptionalRoutes;

/** The routes in the order in which vLLM 0.24.0 lists them in its log, with their methods. */
const ROUTES: readonly (readonly [path: string, methods: string, part: Part])[] = [
  ["/openapi.json", READ, "documents"],
  ["/docs", READ, "documents"],
  ["/docs/oauth2-redirect", READ, "documents"],
  ["/redoc", READ, "documents"],
  ["/load", GET, "always"],
  ["/version", GET, "always"],
  ["/health", GET, "always"],
  ["/metrics", GET, "always"],
  ["/v1/load_lora_adapter", POST, "adapters"],
  ["/v1/unload_lora_adapter", POST, "adapters"],
  ["/tokenize", POST, "always"],
  ["/detokenize", POST, "always"],
  ["/tokenizer_info", GET, "tokenizer"],
  ["/v1/models", GET, "always"],
  ["/ping", GET, "always"],
  ["/ping", POST, "always"],
  ["/invocations", POST, "always"],
  ["/reset_prefix_cache", POST, "development"],
  ["/reset_mm_cache", POST, "development"],
  ["/reset_encoder_cache", POST, "development"],
  ["/pause", POST, "development"],
  ["/resume", POST, "development"],
  ["/is_paused", GET, "development"],
  ["/init_weight_transfer_engine", POST, "development"],
  ["/start_weight_update", POST, "development"],
  ["/update_weights", POST, "development"],
  ["/finish_weight_update", POST, "development"],
  ["/get_world_size", GET, "development"],
  ["/collective_rpc", POST, "development"],
  ["/server_info", GET, "development"],
  ["/sleep", POST, "development"],
  ["/wake_up", POST, "development"],
  ["/is_sleeping", GET, "development"],
  ["/v1/chat/completions", POST, "generate"],
  ["/v1/chat/completions/batch", POST, "generate"],
  ["/v1/responses", POST, "generate"],
  ["/v1/responses/{response_id}", GET, "generate"],
  ["/v1/responses/{response_id}/cancel", POST, "generate"],
  ["/v1/completions", POST, "generate"],
  ["/v1/messages", POST, "generate"],
  ["/v1/messages/count_tokens", POST, "generate"],
  ["/generative_scoring", POST, "generate"],
  ["/inference/v1/generate", POST, "generate"],
  ["/scale_elastic_ep", POST, "generate"],
  ["/is_scaling_elastic_ep", POST, "generate"],
  ["/v1/chat/completions/render", POST, "generate"],
  ["/v1/completions/render", POST, "generate"],
  ["/v1/chat/completions/derender", POST, "generate"],
  ["/v1/completions/derender", POST, "generate"],
  ["/pooling", POST, "pooling"],
  ["/classify", POST, "classify"],
  ["/v1/embeddings", POST, "embed"],
  ["/v2/embed", POST, "embed"],
  ["/score", POST, "pooling"],
  ["/v1/score", POST, "pooling"],
  ["/rerank", POST, "pooling"],
  ["/v1/rerank", POST, "pooling"],
  ["/v2/rerank", POST, "pooling"],
];

type Offer = Pick<VllmServed, "ability" | "documents" | "optionalRoutes">;

/** The lines of the log that list the routes. */
export function routeLines(served: Offer): string[] {
  return ROUTES.filter(([, , part]) => isOn(part, served)).map(
    ([path, methods]) => `Route: ${path}, Methods: ${methods}`,
  );
}

/** Whether a server has the route of a path that is a route of some server. */
export function offers(path: string, served: Offer): boolean {
  const route = /^\/v1\/responses\/./.test(path) ? "/v1/responses" : path;
  const known = ROUTES.filter(([name]) => name === route);
  return known.length === 0 || known.some(([, , part]) => isOn(part, served));
}

function isOn(part: Part, { ability, documents, optionalRoutes }: Offer): boolean {
  switch (part) {
    case "always":
      return true;
    case "documents":
      return documents;
    case "pooling":
      return ability !== "generate";
    case "development":
    case "adapters":
    case "tokenizer":
      return optionalRoutes.includes(part);
    default:
      return ability === part;
  }
}
