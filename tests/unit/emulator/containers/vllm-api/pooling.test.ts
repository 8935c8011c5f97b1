import type OpenAI from "openai";
import type { ContainerRuntime } from "../../../../../emulator/src/containers/runtime";
import { advanced, container, get, post, text } from "../support";
import { openai, refusal, serving } from "./support";

const BGE = "BAAI/bge-m3";
const RERANKER = "BAAI/bge-reranker-v2-m3";

function server(model: string, ...flags: string[]): ContainerRuntime {
  return advanced(container({ cmd: [model, ...flags] }), 20);
}

const embedder = server(BGE);
const reranker = server(RERANKER);

async function ask(runtime: ContainerRuntime, path: string, body: object) {
  const response = await post(runtime, path, body);
  expect(response.status).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any route
  return (await response.json()) as any;
}

describe("a model that makes vectors", () => {
  it.each([
    [BGE, 1024],
    ["Qwen/Qwen3-Embedding-0.6B", 1024],
    ["intfloat/e5-mistral-7b-instruct", 4096],
  ])("%s answers /v1/embeddings with %i numbers, and has no chat", async (model, size) => {
    const runtime = server(model);
    const answer = await ask(runtime, "/v1/embeddings", { model, input: ["a b", "c"] });
    expect(answer).toEqual({
      id: expect.stringMatching(/^embd-/),
      object: "list",
      created: expect.any(Number),
      model,
      data: [0, 1].map((index) => ({ index, object: "embedding", embedding: expect.any(Array) })),
      usage: {
        prompt_tokens: 2,
        total_tokens: 2,
        completion_tokens: 0,
        prompt_tokens_details: null,
      },
    });
    const [{ embedding }] = answer.data;
    expect(embedding).toHaveLength(size);
    expect(Math.hypot(...embedding)).toBeCloseTo(1);
    for (const path of ["/v1/chat/completions", "/v1/completions", "/v1/responses"]) {
      const response = await post(runtime, path, {});
      expect([response.status, await response.json()]).toEqual([404, { detail: "Not Found" }]);
    }
    expect(text(runtime)).toContain("Supported tasks: ['token_embed', 'embed']");
    expect(text(runtime)).toContain("Route: /v1/embeddings, Methods: POST");
    expect(text(runtime)).not.toContain("Route: /v1/chat/completions");
  });

  it("encodes the same vector in base64, which OpenAI's client reads", async () => {
    const client = openai(embedder) as OpenAI;
    const one = await client.embeddings.create({ model: BGE, input: "Hello" });
    const { data } = await ask(embedder, "/v1/embeddings", { model: BGE, input: "Hello" });
    expect(one.data[0]?.embedding).toEqual(data[0].embedding);
  });

  it("takes strings, tokens and conversations", async () => {
    const messages = [{ role: "user", content: "Hello" }];
    for (const [body, count] of [
      [{ input: "Hello" }, 1],
      [{ input: [1, 2, 3] }, 1],
      [{ input: [[1], [2, 3]] }, 2],
      [{ messages }, 1],
      [{ input: messages }, 1],
      [{ messages: [messages, messages] }, 2],
    ] as const) {
      expect((await ask(embedder, "/v1/embeddings", body)).data).toHaveLength(count);
    }
  });

  it("ranks the document that shares words first", async () => {
    const body = { query: "What is a panda?", documents: ["The sky is blue", "A panda is a bear"] };
    for (const runtime of [embedder, reranker]) {
      for (const path of ["/rerank", "/v1/rerank", "/v2/rerank"]) {
        const { results, usage } = await ask(runtime, path, { ...body, top_n: 1 });
        expect(results).toEqual([
          {
            index: 1,
            document: { text: "A panda is a bear", multi_modal: null },
            relevance_score: expect.any(Number),
          },
        ]);
        expect(usage.prompt_tokens).toBeGreaterThan(0);
      }
    }
    const { data } = await ask(reranker, "/score", { text_1: "x", text_2: ["x", "y"] });
    expect(data).toEqual(
      [0, 1].map((index) => ({ index, object: "score", score: expect.any(Number) })),
    );
    expect(data[0].score).toBeGreaterThan(data[1].score);
    expect(data[0].score).toBeLessThan(1);
  });

  it("answers /pooling and /classify by its task", async () => {
    const { data } = await ask(embedder, "/pooling", { input: "x" });
    expect(data[0].data).toHaveLength(1024);
    expect((await ask(reranker, "/pooling", { input: "x" })).data[0].data).toHaveLength(1);
    expect((await ask(reranker, "/classify", { input: "x" })).data[0].num_classes).toBe(1);
    expect((await post(embedder, "/classify", { input: "x" })).status).toBe(404);
    expect((await post(reranker, "/v1/embeddings", { input: "x" })).status).toBe(404);
  });

  it.each([
    ["/v1/embeddings", {}, "7 validation errors:"],
    ["/v1/embeddings", { input: 5 }, "'list[list[int]]'"],
    ["/v1/embeddings", { input: "x", encoding_format: "x" }, "'float', 'base64', 'bytes'"],
    ["/v1/embeddings", { input: "x", dimensions: 5 }, "does not support matryoshka"],
    ["/v1/embeddings", { input: "x ".repeat(100_000) }, "maximum context length"],
    ["/score", {}, "8 validation errors:"],
    [
      "/score",
      { text_1: ["a", "b"], text_2: ["a"] },
      "Input lengths must be either 1:1, 1:N or N:N",
    ],
    ["/rerank", { query: "x" }, "'documents'"],
    ["/rerank", { query: "x", documents: ["a"], top_n: -1 }, "greater than or equal to 0"],
    ["/pooling", {}, "3 validation errors:"],
  ])("%s refuses %j", async (path, body, message) => {
    const error = await refusal(body, path, embedder);
    expect(error.status).toBe(400);
    expect(error.message).toContain(message);
  });

  it("is any model with --runner pooling, and none with --runner generate", async () => {
    const pooled = serving("--runner", "pooling");
    expect((await post(pooled, "/v1/embeddings", { input: "x" })).status).toBe(200);
    expect((await post(pooled, "/v1/chat/completions", {})).status).toBe(404);
    expect((await get(pooled, "/v1/models")).status).toBe(200);
    const generating = server("Qwen/Qwen3-Embedding-0.6B", "--runner", "generate");
    expect((await post(generating, "/v1/embeddings", { input: "x" })).status).toBe(404);
  });
});
