import { advanced, container, get, post } from "../support";
import { MODEL, serving } from "./support";

const guarded = advanced(container({ cmd: [MODEL], env: { VLLM_API_KEY: "sk-1" } }), 10);

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return guarded.handle(new Request(`http://pod.example${path}`, init), 8000);
}

describe("the key", () => {
  it.each(["/v1", "/v1x", "/v1/nosuch", "/v2/x", "/inference/v1/generate"])(
    "is asked for at %s",
    async (path) => {
      expect((await ask(path)).status).toBe(401);
    },
  );

  it.each(["/invocations", "/tokenize", "/scale_elastic_ep", "/detokenize"])(
    "is not asked for at %s",
    async (path) => {
      expect((await post(guarded, path, {})).status).not.toBe(401);
    },
  );

  it.each([
    ["bearer sk-1", 200],
    ["BEARER sk-1", 200],
    ["Bearer  sk-1", 401],
    ["Basic sk-1", 401],
    ["Bearer", 401],
  ])("is read from %j", async (authorization, status) => {
    expect((await ask("/v1/models", { headers: { authorization } })).status).toBe(status);
  });

  it("is not asked for by OPTIONS", async () => {
    const response = await ask("/v1/models", { method: "OPTIONS" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
  });
});

describe("the methods of a route", () => {
  it.each([
    ["HEAD", "/health", 405],
    ["HEAD", "/version", 405],
    ["HEAD", "/docs", 200],
    ["HEAD", "/openapi.json", 200],
    ["POST", "/ping", 200],
    ["POST", "/is_scaling_elastic_ep", 200],
    ["GET", "/invocations", 405],
    ["GET", "/metrics/", 200],
  ])("%s %s is answered with %i", async (method, path, status) => {
    expect((await ask(path, { method })).status).toBe(status);
  });

  it("are those of the path without a slash too many", async () => {
    const response = await ask("/health/");
    expect(response.status).toBe(307);
    expect(response.headers.get("location")).toBe("http://pod.example/health");
    expect((await ask("/nosuch/")).status).toBe(404);
  });
});

describe("what vLLM knows and the emulator does not", () => {
  it.each(["/v1/completions/render", "/generative_scoring", "/inference/v1/generate"])(
    "is named at %s",
    async (path) => {
      const response = await post(serving(), path, {});
      expect(response.status).toBe(501);
      expect(await response.text()).toContain(`${path} is a route of vLLM and is not emulated.`);
    },
  );
});

describe("the documentation", () => {
  it("is left out on request", async () => {
    const runtime = serving("--disable-fastapi-docs");
    expect((await get(runtime, "/docs")).status).toBe(404);
    expect((await get(runtime, "/openapi.json")).status).toBe(404);
  });
});

describe("the metrics", () => {
  it("count the requests that were answered", async () => {
    const runtime = serving();
    const read = async () => (await get(runtime, "/metrics")).text();
    const label = `engine="0",model_name="${MODEL}"`;
    expect(await read()).toContain(`vllm:kv_cache_usage_perc{${label}} 0.0`);
    expect(await read()).toContain(`vllm:time_to_first_token_seconds_count{${label}} 0.0`);
    await post(runtime, "/v1/completions", { prompt: "a" });
    await post(runtime, "/v1/completions", { prompt: "a", max_tokens: 2 });
    const text = await read();
    expect(text).toContain(`vllm:num_requests_waiting{${label}} 0.0`);
    expect(text).toContain(
      `vllm:request_success_total{engine="0",finished_reason="length",model_name="${MODEL}"} 1.0`,
    );
    expect(text).toContain(
      `vllm:request_generation_tokens_bucket{engine="0",le="2.0",model_name="${MODEL}"} 1.0`,
    );
    expect(text).toContain(`vllm:time_to_first_token_seconds_count{${label}} 2.0`);
    expect(text).toContain(`vllm:prompt_tokens_total{${label}} 2.0`);
  });

  it("have one type for each family, and cumulative buckets", async () => {
    const runtime = serving();
    await post(runtime, "/v1/completions", { prompt: "a" });
    const lines = (await (await get(runtime, "/metrics")).text()).trimEnd().split("\n");
    const families = lines.filter((line) => line.startsWith("# TYPE"));
    expect(new Set(families).size).toBe(families.length);
    for (const line of lines.filter((text) => !text.startsWith("#"))) {
      expect(line).toMatch(/^[a-z0-9_:]+\{[^{}]*\} [0-9.e+-]+$/);
    }
  });
});
