const POST = "POST";
const GET = "GET";
const READ = "GET, HEAD";

/** The routes in the order in which vLLM 0.24.0 lists them in its log, with their methods. */
const ROUTES: readonly (readonly [path: string, methods: string])[] = [
  ["/openapi.json", READ],
  ["/docs", READ],
  ["/docs/oauth2-redirect", READ],
  ["/redoc", READ],
  ["/load", GET],
  ["/version", GET],
  ["/health", GET],
  ["/metrics", GET],
  ["/tokenize", POST],
  ["/detokenize", POST],
  ["/v1/models", GET],
  ["/ping", GET],
  ["/ping", POST],
  ["/invocations", POST],
  ["/v1/chat/completions", POST],
  ["/v1/chat/completions/batch", POST],
  ["/v1/responses", POST],
  ["/v1/responses/{response_id}", GET],
  ["/v1/responses/{response_id}/cancel", POST],
  ["/v1/completions", POST],
  ["/v1/messages", POST],
  ["/v1/messages/count_tokens", POST],
  ["/generative_scoring", POST],
  ["/inference/v1/generate", POST],
  ["/scale_elastic_ep", POST],
  ["/is_scaling_elastic_ep", POST],
  ["/v1/chat/completions/render", POST],
  ["/v1/completions/render", POST],
  ["/v1/chat/completions/derender", POST],
  ["/v1/completions/derender", POST],
];

/** The lines of the log that list the routes. `documents` are `/docs` and what belongs to it. */
export function routeLines(documents: boolean): string[] {
  return ROUTES.filter(([, methods]) => documents || methods !== READ).map(
    ([path, methods]) => `Route: ${path}, Methods: ${methods}`,
  );
}
