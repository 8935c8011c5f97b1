import OpenAI from "openai";
import type {
  ContainerInput,
  ContainerRuntime,
} from "../../../../../emulator/src/containers/runtime";
import { advanced, container, get, post } from "../support";

const MODEL = "Qwen/Qwen3-0.6B";
const HELLO = { model: MODEL, messages: [{ role: "user", content: "Hello there" }] };

function serving(changes: Partial<ContainerInput> = {}): ContainerRuntime {
  return advanced(container({ cmd: [MODEL], ...changes }), 10);
}

/** The payloads of a stream of server-sent events. */
async function events(response: Response): Promise<string[]> {
  const frames = (await response.text()).split("\n\n");
  expect(frames.pop()).toBe("");
  return frames.map((frame) => {
    expect(frame.startsWith("data: ")).toBe(true);
    return frame.slice("data: ".length);
  });
}

describe("the server's own routes", () => {
  it("report its health and version", async () => {
    const runtime = serving();
    expect(await (await get(runtime, "/health")).text()).toBe("");
    expect(await (await get(runtime, "/version")).json()).toEqual({ version: "0.33.0" });
    expect(await (await get(runtime, "/metrics")).text()).toContain("vllm:num_requests_running{");
  });

  it("refuse other paths and methods", async () => {
    const runtime = serving();
    expect((await get(runtime, "/")).status).toBe(404);
    expect((await get(runtime, "/v1/chat/completions")).status).toBe(405);
    expect((await post(runtime, "/health", {})).status).toBe(405);
  });

  it("list the models that are served", async () => {
    const runtime = serving({
      cmd: [MODEL, "--served-model-name", "a", "b", "--max-model-len", "4096"],
    });
    const body = (await (await get(runtime, "/v1/models")).json()) as { data: object[] };
    expect(body).toMatchObject({ object: "list" });
    expect(body.data).toMatchObject([
      { id: "a", object: "model", owned_by: "vllm", root: MODEL, max_model_len: 4096 },
      { id: "b" },
    ]);
  });
});

describe("a chat completion", () => {
  it("names the model and repeats the question", async () => {
    const response = await post(serving(), "/v1/chat/completions", HELLO);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: `This is ${MODEL}. You said: Hello there` },
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 },
    });
  });

  it("reads content in parts, and uses the default model", async () => {
    const content = [
      { type: "text", text: "in " },
      { type: "refusal" },
      { type: "text", text: "parts" },
    ];
    const body = { messages: [{ role: "user", content }] };
    const response = await post(serving(), "/v1/chat/completions", body);
    expect(JSON.stringify(await response.json())).toContain("You said: in parts");
  });

  it("stops at max_tokens", async () => {
    const body = { ...HELLO, max_tokens: 2 };
    expect(await (await post(serving(), "/v1/chat/completions", body)).json()).toMatchObject({
      choices: [{ message: { content: "This is " }, finish_reason: "length" }],
      usage: { completion_tokens: 2 },
    });
  });

  it("streams word by word", async () => {
    const response = await post(serving(), "/v1/chat/completions", { ...HELLO, stream: true });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const payloads = await events(response);
    expect(payloads.at(-1)).toBe("[DONE]");
    const chunks = payloads.slice(0, -1).map((payload) => JSON.parse(payload));
    expect(chunks[0]).toMatchObject({
      object: "chat.completion.chunk",
      choices: [{ delta: { role: "assistant", content: "" }, finish_reason: null }],
    });
    const words = chunks.map((chunk) => chunk.choices[0].delta.content ?? "");
    expect(words.join("")).toBe(`This is ${MODEL}. You said: Hello there`);
    expect(chunks.at(-1).choices[0].finish_reason).toBe("stop");
    expect(chunks.every((chunk) => !("usage" in chunk))).toBe(true);
  });

  it("ends a stream with the usage on request", async () => {
    const body = { ...HELLO, stream: true, stream_options: { include_usage: true } };
    const payloads = await events(await post(serving(), "/v1/chat/completions", body));
    expect(JSON.parse(payloads.at(-2) ?? "")).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 },
    });
  });

  it.each([
    ["{not json", 400, "JSON decode error"],
    [{ model: MODEL }, 400, "'messages'), 'msg': 'Field required'"],
    [{ ...HELLO, model: "other" }, 404, "The model `other` does not exist."],
    [{ ...HELLO, max_tokens: 1_000_000 }, 400, "max_model_len=max_total_tokens=40960"],
  ])("refuses %j with %i", async (body, status, message) => {
    const response = await post(serving(), "/v1/chat/completions", body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { message: string; code: number } };
    expect(error.message).toContain(message);
    expect(error.code).toBe(status);
  });

  it("refuses a body that is not sent as JSON", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const response = await post(serving(), "/v1/chat/completions", HELLO, headers);
    expect(response.status).toBe(400);
  });
});

describe("a text completion", () => {
  it("is answered whole or as a stream", async () => {
    const runtime = serving();
    const body = { model: MODEL, prompt: "Once upon a time" };
    expect(await (await post(runtime, "/v1/completions", body)).json()).toMatchObject({
      object: "text_completion",
      choices: [{ text: `This is ${MODEL}. You said: Once upon a time` }],
    });
    const payloads = await events(
      await post(runtime, "/v1/completions", { ...body, stream: true }),
    );
    expect(JSON.parse(payloads[0] ?? "")).toMatchObject({ choices: [{ text: "This " }] });
  });
});

describe("the API key", () => {
  const withKey = (changes: Partial<ContainerInput> = {}) =>
    serving({ env: { VLLM_API_KEY: "sk-1" }, ...changes });

  it("protects /v1 and nothing else", async () => {
    const runtime = withKey();
    const refused = await get(runtime, "/v1/models");
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({ error: "Unauthorized" });
    expect((await post(runtime, "/v1/chat/completions", HELLO)).status).toBe(401);
    for (const path of ["/health", "/version", "/metrics"]) {
      expect((await get(runtime, path)).status).toBe(200);
    }
  });

  it("is taken as a bearer token", async () => {
    const ask = (authorization: string) =>
      post(withKey(), "/v1/chat/completions", HELLO, { authorization });
    expect((await ask("Bearer sk-1")).status).toBe(200);
    expect((await ask("Bearer sk-2")).status).toBe(401);
    expect((await ask("sk-1")).status).toBe(401);
  });

  it("may come from the command line, also several, instead of from the environment", async () => {
    const runtime = withKey({ cmd: [MODEL, "--api-key", "sk-2", "sk-3"] });
    const ask = (key: string) =>
      post(runtime, "/v1/chat/completions", HELLO, { authorization: `Bearer ${key}` });
    expect((await ask("sk-3")).status).toBe(200);
    expect((await ask("sk-1")).status).toBe(401);
  });
});

describe("OpenAI's own client", () => {
  it("chats, streams and lists the models", async () => {
    const runtime = serving({ env: { VLLM_API_KEY: "sk-1" } });
    const client = new OpenAI({
      apiKey: "sk-1",
      baseURL: "http://pod.example/v1",
      maxRetries: 0,
      fetch: (url, init) => runtime.handle(new Request(url, init as RequestInit), 8000),
    });
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual([MODEL]);
    const messages = [{ role: "user" as const, content: "Hi" }];
    const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true });
    let answer = "";
    for await (const chunk of stream) {
      answer += chunk.choices[0]?.delta.content ?? "";
    }
    expect(answer).toBe(`This is ${MODEL}. You said: Hi`);
    await expect(client.chat.completions.create({ model: "none", messages })).rejects.toThrow(
      "The model `none` does not exist.",
    );
  });

  it("gets the same answer to the same question", async () => {
    const ask = async () => (await post(serving(), "/v1/chat/completions", HELLO)).text();
    expect(await ask()).toBe(await ask());
  });
});

describe("a page of another origin", () => {
  const ask = (path: string, method: string, headers: Record<string, string>) => {
    const request = new Request(`http://pod.example${path}`, { method, headers });
    return serving().handle(request, 8000);
  };

  it("may ask before it sends a request, also without the key", async () => {
    const answer = await ask("/v1/chat/completions", "OPTIONS", {
      origin: "https://app.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("OK");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "authorization,content-type",
      "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
    });
  });

  it("may read answers, and other clients get no such header", async () => {
    const read = await ask("/health", "GET", { origin: "https://app.example" });
    expect(read.headers.get("access-control-allow-origin")).toBe("*");
    expect((await ask("/health", "GET", {})).headers.has("access-control-allow-origin")).toBe(
      false,
    );
  });

  it("is refused if its origin is not in --allowed-origins", async () => {
    const runtime = serving({ cmd: [MODEL, "--allowed-origins", '["https://app.example"]'] });
    const from = (origin: string) =>
      runtime.handle(
        new Request("http://pod.example/health", {
          method: "OPTIONS",
          headers: { origin, "access-control-request-method": "GET" },
        }),
        8000,
      );
    expect((await from("https://app.example")).status).toBe(200);
    const refused = await from("https://other.example");
    expect([refused.status, await refused.text()]).toEqual([400, "Disallowed CORS origin"]);
  });
});
