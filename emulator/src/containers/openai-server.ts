import { InFlight, type OnSent } from "./in-flight";
import type { Service } from "./machine";
import { complete } from "./openai-completion";
import type { Dialect } from "./openai-dialects";
import type { ServedModel } from "./served-model";

/** The OpenAI-compatible part of a server other than vLLM. Its replies are equal for equal requests. */
export class OpenAiServer implements Service {
  requests = 0;
  readonly inFlight: InFlight;

  constructor(
    readonly host: string,
    readonly port: number,
    private readonly model: ServedModel,
    private readonly dialect: Dialect,
    private readonly startedAt: number,
  ) {
    this.inFlight = new InFlight(model.capacity);
  }

  async handle(request: Request, now: number, onSent?: OnSent): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (this.dialect.isGuarded(pathname) && !this.isAuthorized(request)) {
      return Response.json(this.dialect.unauthorized, { status: 401 });
    }
    const method = ROUTES[pathname] ?? this.dialect.routes?.[pathname]?.method;
    if (method === undefined) {
      return notFound();
    }
    if (request.method !== method && !(request.method === "HEAD" && method === "GET")) {
      const init = { status: 405, headers: { allow: method } };
      return Response.json({ detail: "Method Not Allowed" }, init);
    }
    const own = this.dialect.routes?.[pathname];
    if (own !== undefined) {
      return own.answer(this.model, request);
    }
    switch (pathname) {
      case "/v1/models":
        return Response.json({ object: "list", data: this.models() });
      case "/v1/chat/completions":
      case "/v1/completions":
        this.requests += 1;
        return complete(request, this.model, this.dialect.checksModel, {
          count: this.requests,
          now,
          began: (tokens) => this.inFlight.begin(onSent, tokens),
        });
      case "/version":
        return Response.json({ version: this.model.version });
      case "/metrics":
        return this.dialect.metrics(this.model, this) ?? notFound();
      default:
        return this.dialect.health === null ? new Response("") : Response.json(this.dialect.health);
    }
  }

  private isAuthorized(request: Request): boolean {
    const { apiKeys } = this.model;
    const header = request.headers.get("authorization");
    return apiKeys.length === 0 || apiKeys.some((key) => header === `Bearer ${key}`);
  }

  private models(): unknown[] {
    return this.model.names.map((id) => ({
      id,
      object: "model",
      created: Math.floor(this.startedAt / 1000),
      owned_by: this.dialect.ownedBy,
      root: this.model.root,
      parent: null,
      max_model_len: this.model.maxModelLen,
    }));
  }
}

function notFound(): Response {
  return Response.json({ detail: "Not Found" }, { status: 404 });
}

const ROUTES: Readonly<Record<string, "GET" | "POST">> = {
  "/health": "GET",
  "/ping": "GET",
  "/version": "GET",
  "/metrics": "GET",
  "/v1/models": "GET",
  "/v1/chat/completions": "POST",
  "/v1/completions": "POST",
};
