import type { Service } from "./machine";

/** The models a server offers, and how it guards them. */
export interface ServedModel {
  /** The first is the one that answers carry. */
  names: readonly string[];
  /** The repository or folder that the weights came from. */
  root: string;
  maxModelLen: number;
  apiKeys: readonly string[];
}

/** In what a server's answers differ from another's. */
export interface Dialect {
  ownedBy: string;
  version: string;
  /** Whether a path asks for the API key. */
  isGuarded(path: string): boolean;
  /** The body of 401. */
  unauthorized: unknown;
  /** The body of `/health`; null for an empty one. */
  health: unknown;
  /** Whether a request that names another model is refused. */
  checksModel: boolean;
}

/** An OpenAI-compatible server whose replies are short, and the same for the same request. */
export class OpenAiServer implements Service {
  private requests = 0;

  constructor(
    readonly host: string,
    readonly port: number,
    private readonly model: ServedModel,
    private readonly dialect: Dialect,
    private readonly startedAt: number,
  ) {}

  async handle(request: Request, now: number): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (this.dialect.isGuarded(pathname) && !this.isAuthorized(request)) {
      return Response.json(this.dialect.unauthorized, { status: 401 });
    }
    const route = ROUTES[pathname];
    if (!route) {
      return Response.json({ detail: "Not Found" }, { status: 404 });
    }
    if (request.method !== route && !(request.method === "HEAD" && route === "GET")) {
      return Response.json(
        { detail: "Method Not Allowed" },
        { status: 405, headers: { allow: route } },
      );
    }
    this.requests += 1;
    switch (pathname) {
      case "/v1/models":
        return Response.json({ object: "list", data: this.models() });
      case "/v1/chat/completions":
        return this.complete(request, "chat.completion", now);
      case "/v1/completions":
        return this.complete(request, "text_completion", now);
      case "/version":
        return Response.json({ version: this.dialect.version });
      case "/metrics":
        return new Response(this.metrics(), {
          headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        });
      default:
        return this.dialect.health === null ? new Response("") : Response.json(this.dialect.health);
    }
  }

  private isAuthorized(request: Request): boolean {
    const { apiKeys } = this.model;
    const header = request.headers.get("authorization") ?? "";
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

  private async complete(request: Request, kind: CompletionKind, now: number): Promise<Response> {
    const body = await readJson(request);
    if (body === null) {
      return badRequest(
        "[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error'}]",
      );
    }
    const prompt = promptOf(body, kind);
    if (prompt === null) {
      const field = kind === "chat.completion" ? "messages" : "prompt";
      return badRequest(
        `[{'type': 'missing', 'loc': ('body', '${field}'), 'msg': 'Field required'}]`,
      );
    }
    const name = this.model.names[0] ?? this.model.root;
    const asked = typeof body["model"] === "string" ? body["model"] : name;
    if (this.dialect.checksModel && !this.model.names.includes(asked)) {
      return problem(404, "NotFoundError", `The model \`${asked}\` does not exist.`, "model");
    }
    const limit = Number(body["max_completion_tokens"] ?? body["max_tokens"] ?? Number.NaN);
    const promptTokens = countTokens(prompt.all);
    const wanted = promptTokens + (limit || 0);
    if (wanted > this.model.maxModelLen) {
      return badRequest(
        `This model's maximum context length is ${this.model.maxModelLen} tokens. However, you requested ${wanted} tokens (${promptTokens} in the messages, ${limit || 0} in the completion). Please reduce the length of the messages or completion.`,
      );
    }
    const words = answer(name, prompt.last).split(/(?<= )/);
    const kept = Number.isFinite(limit) ? words.slice(0, limit) : words;
    const completion: Completion = {
      kind,
      id: `${kind === "chat.completion" ? "chatcmpl" : "cmpl"}-${this.requests.toString(16).padStart(32, "0")}`,
      created: Math.floor(now / 1000),
      model: asked,
      words: kept,
      finish: kept.length < words.length ? "length" : "stop",
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: kept.length,
        total_tokens: promptTokens + kept.length,
      },
    };
    return body["stream"] === true
      ? streamed(completion, includesUsage(body))
      : Response.json(whole(completion));
  }

  private metrics(): string {
    const label = `{engine="0",model_name="${this.model.names[0]}"}`;
    return [
      "# HELP vllm:num_requests_running Number of requests in model execution batches.",
      "# TYPE vllm:num_requests_running gauge",
      `vllm:num_requests_running${label} 0.0`,
      "# HELP vllm:request_success_total Count of successfully processed requests.",
      "# TYPE vllm:request_success_total counter",
      `vllm:request_success_total${label} ${this.requests}.0`,
      "",
    ].join("\n");
  }
}

/** vLLM's own dialect: the key guards what lies below `/v1`, and nothing else. */
export function vllmDialect(version: string): Dialect {
  return {
    ownedBy: "vllm",
    version,
    isGuarded: (path) => path.startsWith("/v1/") || path === "/v1",
    unauthorized: { error: "Unauthorized" },
    health: null,
    checksModel: true,
  };
}

type CompletionKind = "chat.completion" | "text_completion";

interface Completion {
  kind: CompletionKind;
  id: string;
  created: number;
  model: string;
  words: readonly string[];
  finish: "stop" | "length";
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
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

function answer(model: string, question: string): string {
  const quoted = question.length > 120 ? `${question.slice(0, 117)}...` : question;
  return `This is ${model}. You said: ${quoted}`;
}

function whole({ kind, id, created, model, words, finish, usage }: Completion): unknown {
  const text = words.join("");
  const content =
    kind === "chat.completion" ? { message: { role: "assistant", content: text } } : { text };
  const choice = { index: 0, ...content, logprobs: null, finish_reason: finish };
  return { id, object: kind, created, model, choices: [choice], usage };
}

function streamed(completion: Completion, withUsage: boolean): Response {
  const frames = chunks(completion, withUsage);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = frames.next();
      controller.enqueue(
        new TextEncoder().encode(`data: ${done ? "[DONE]" : JSON.stringify(value)}\n\n`),
      );
      if (done) {
        controller.close();
      }
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

function* chunks(completion: Completion, withUsage: boolean): Generator<unknown, void> {
  const { kind, id, created, model, words, finish, usage } = completion;
  const object = kind === "chat.completion" ? "chat.completion.chunk" : kind;
  const chunk = (choices: unknown[], rest: object = withUsage ? { usage: null } : {}) => {
    return { id, object, created, model, choices, ...rest };
  };
  const choice = (content: object, finish_reason: string | null = null) => {
    const part = kind === "chat.completion" ? { delta: content } : { text: "", ...content };
    return { index: 0, ...part, logprobs: null, finish_reason };
  };
  if (kind === "chat.completion") {
    yield chunk([choice({ role: "assistant", content: "" })]);
  }
  for (const word of words) {
    yield chunk([choice(kind === "chat.completion" ? { content: word } : { text: word })]);
  }
  yield chunk([choice({}, finish)]);
  if (withUsage) {
    yield chunk([], { usage });
  }
}

type Json = Record<string, unknown>;

async function readJson(request: Request): Promise<Json | null> {
  const body: unknown = await request.json().catch(() => null);
  return isObject(body) ? body : null;
}

function promptOf(body: Json, kind: CompletionKind): { all: string; last: string } | null {
  if (kind === "text_completion") {
    const prompt = body["prompt"];
    const text = Array.isArray(prompt) ? prompt.join(" ") : prompt;
    return typeof text === "string" ? { all: text, last: text } : null;
  }
  const messages = body["messages"];
  if (!Array.isArray(messages) || messages.length === 0) {
    return null;
  }
  const texts = messages.map((message) => textOf(isObject(message) ? message["content"] : ""));
  return { all: texts.join("\n"), last: texts.at(-1) ?? "" };
}

function textOf(content: unknown): string {
  if (Array.isArray(content)) {
    return content.map((part) => (isObject(part) ? String(part["text"] ?? "") : "")).join("");
  }
  return typeof content === "string" ? content : "";
}

function includesUsage(body: Json): boolean {
  const options = body["stream_options"];
  return isObject(options) && options["include_usage"] === true;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tokenizers make about one token of four characters. */
function countTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}

function badRequest(message: string): Response {
  return problem(400, "BadRequestError", message, null);
}

function problem(status: number, type: string, message: string, param: string | null): Response {
  return Response.json({ error: { message, type, param, code: status } }, { status });
}
