import type { ContainerInput } from "../../../../emulator/src/containers/runtime";
import { advanced, container, get, H100, post, START, text, volume } from "./support";

const SMALL_GPU = { id: "NVIDIA L4", count: 1, memoryGb: 24, computeCapability: "8.9" };

async function models(runtime: ReturnType<typeof container>, port: number): Promise<string[]> {
  const response = await get(runtime, "/v1/models", port);
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

describe("SGLang", () => {
  const MODULE = ["python3", "-m", "sglang.launch_server", "--model-path", "Qwen/Qwen3-0.6B"];
  const sglang = (cmd: string[] | null, changes: Partial<ContainerInput> = {}) =>
    advanced(container({ image: "lmsysorg/sglang:v0.5.23", cmd, ...changes }), 10);

  it("serves on an address of all interfaces", async () => {
    const runtime = sglang([...MODULE, "--host", "0.0.0.0", "--tp", "1"]);
    expect(text(runtime)).toContain("The server is fired up and ready to roll!");
    expect(await models(runtime, 30_000)).toEqual(["Qwen/Qwen3-0.6B"]);
    expect((await get(runtime, "/health", 30_000)).status).toBe(200);
  });

  it("listens on the loopback address by default", () => {
    expect(sglang(MODULE).listening(30_000)).toBe(false);
  });

  it("starts with its other command, too, and requires its key except for its health", async () => {
    const cmd = [
      "sglang",
      "serve",
      "Qwen/Qwen3-0.6B",
      "--host",
      "0.0.0.0",
      "--port",
      "8000",
      "--api-key",
      "k",
    ];
    const runtime = sglang(cmd);
    expect((await get(runtime, "/v1/models")).status).toBe(401);
    expect((await get(runtime, "/health")).status).toBe(200);
  });

  it("has its own metrics, once they are enabled", async () => {
    const cmd = [...MODULE, "--host", "0.0.0.0"];
    expect((await get(sglang(cmd), "/metrics", 30_000)).status).toBe(404);
    const metrics = await get(sglang([...cmd, "--enable-metrics"]), "/metrics", 30_000);
    expect(await metrics.text()).toContain('sglang:num_queue_reqs{model_name="Qwen/Qwen3-0.6B"} 0');
  });

  it("needs a command", () => {
    expect(sglang(null).restarts).toBeGreaterThan(2);
  });

  it.each([
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--disaggregation-decode-url", "x"],
      {},
      "launch_server.py: error: unrecognized arguments: --disaggregation-decode-url x",
    ],
    [[], {}, "the following arguments are required: --model-path/--model"],
    [["--model-path", "meta-llama/Llama-3.3-70B-Instruct"], {}, "GatedRepoError"],
    [["--model-path", "Qwen/Qwen3.8-27B"], { gpu: SMALL_GPU }, "torch.OutOfMemoryError"],
    [
      ["--model-path", "Qwen/Qwen3.8-27B", "--mem-fraction-static", "0.5"],
      {},
      "Not enough memory. Please try to increase --mem-fraction-static.",
    ],
    [["--model-path", "Qwen/Qwen3.8-27B"], { diskGb: 20 }, "No space left on device (os error 28)"],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--tp-size", "2"],
      {},
      "CUDA error: invalid device ordinal",
    ],
    [["--model-path", "Qwen/Qwen3-0.6B"], { gpu: null }, "No CUDA GPUs are available"],
    [["--model-path", "Qwen/Qwen3-0.6B", "--dp", "2"], {}, "CUDA error: invalid device ordinal"],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--nnodes", "2"],
      {},
      "AssertionError: tp_size must be divisible by number of nodes",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--mem-fraction-static", "1.5"],
      {},
      "torch.OutOfMemoryError",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--context-length", "50000"],
      {},
      "context_length (50000) is greater than the derived context_length (40960)",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--tool-call-parser", "nosuch"],
      {},
      "argument --tool-call-parser: invalid choice: 'nosuch' (choose from 'deepseekv3'",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--tool-call-parser", "openai"],
      { image: "lmsysorg/sglang:v0.5.9" },
      "invalid choice: 'openai'",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--quantization", "awq"],
      {},
      "ValueError: Cannot find the config file for awq",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--config", "/etc/mine.yaml"],
      {},
      "ValueError: Config file not found: /etc/mine.yaml",
    ],
    [
      ["--model-path", "Qwen/Qwen3-0.6B", "--chat-template", "/etc/mine.jinja"],
      {},
      "Chat template /etc/mine.jinja is not a built-in template name",
    ],
  ])("fails with %j and %j: %s", (args, changes, message) => {
    const runtime = sglang(["python3", "-m", "sglang.launch_server", ...args], changes);
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(1);
  });

  it("stamps its lines with the year", () => {
    expect(text(sglang(MODULE))).toContain("[2026-11-23 12:00:14] server_args=ServerArgs(");
  });
});

describe("SGLang's own routes", () => {
  const cmd = ["sglang", "serve", "Qwen/Qwen3-0.6B", "--host", "0.0.0.0", "--port", "8000"];
  const runtime = advanced(container({ image: "lmsysorg/sglang:v0.5.23", cmd }), 10);

  it.each([
    ["/health_generate", null],
    ["/get_model_info", { model_path: "Qwen/Qwen3-0.6B", is_generation: true }],
    ["/model_info", { architectures: ["Qwen3ForCausalLM"] }],
    ["/get_server_info", { version: "0.5.23", context_length: 40_960 }],
  ])("%s", async (path, body) => {
    const answer = await get(runtime, path);
    expect(answer.status).toBe(200);
    expect(JSON.parse((await answer.text()) || "null")).toEqual(
      body === null ? null : expect.objectContaining(body),
    );
  });

  it("generates from a prompt", async () => {
    const answer = await post(runtime, "/generate", { text: "Hello" });
    const body = (await answer.json()) as { text: string; meta_info: { prompt_tokens: number } };
    expect([body.text, body.meta_info.prompt_tokens]).toEqual([
      "This is Qwen/Qwen3-0.6B. You said: Hello",
      2,
    ]);
    expect((await post(runtime, "/generate", {})).status).toBe(400);
  });
});

describe("TGI", () => {
  const IMAGE = "ghcr.io/huggingface/text-generation-inference:3.3.7";
  const tgi = (cmd: string[] | null, changes: Partial<ContainerInput> = {}) =>
    advanced(container({ image: IMAGE, cmd, ...changes }), 10);

  it("serves on port 80, with weights below /data", async () => {
    const storage = volume();
    const runtime = tgi(["--model-id", "Qwen/Qwen3-0.6B"], {
      mounts: [{ path: "/data", sizeGb: 10, storage }],
    });
    expect(text(runtime)).toContain("Starting Webserver");
    expect(await models(runtime, 80)).toEqual(["Qwen/Qwen3-0.6B"]);
    expect(storage.files.size).toBe(1);
    const again = tgi(["--model-id", "Qwen/Qwen3-0.6B"], {
      mounts: [{ path: "/data", sizeGb: 10, storage }],
    });
    expect(text(again)).toContain("Files are already present on the host. Skipping download.");
  });

  it("takes its settings from the environment too", async () => {
    const env = { MODEL_ID: "Qwen/Qwen3-0.6B", PORT: "8000", API_KEY: "k" };
    const runtime = tgi(null, { env });
    expect(await models(runtime, 8000)).toEqual(["Qwen/Qwen3-0.6B"]);
    const chat = new Request("http://pod.example/v1/chat/completions", { method: "POST" });
    expect((await runtime.handle(chat, 8000)).status).toBe(401);
    expect(await (await get(runtime, "/metrics")).text()).toContain("\ntgi_queue_size 0\n");
  });

  it.each([
    [["--model-name", "x"], {}, "error: unexpected argument '--model-name' found"],
    [["--model_id", "Qwen/Qwen3-0.6B"], {}, "error: unexpected argument '--model_id' found"],
    [["--quantize", "nosuch"], {}, "error: invalid value 'nosuch' for '--quantize <QUANTIZE>'"],
    [["--dtype", "int7"], {}, "[possible values: float16, bfloat16]"],
    [["--num-shard", "two"], {}, "invalid digit found in string"],
    [
      ["--max-input-tokens", "9000", "--max-total-tokens", "8000"],
      {},
      'Error: ArgumentValidation("`max_input_tokens`(9000) must be < `max_total_tokens`(8000)")',
    ],
    [["--model-id", "acme/does-not-exist"], {}, "Error: DownloadError"],
    [["--model-id", "Qwen/Qwen3.8-27B"], { gpu: SMALL_GPU }, "Error: ShardCannotStart"],
    [["--model-id", "Qwen/Qwen3.8-27B"], { diskGb: 20 }, "No space left on device (os error 28)"],
    [["--model-id", "Qwen/Qwen3-0.6B", "--num-shard", "2"], {}, "only found 1 CUDA devices"],
    [["--model-id", "Qwen/Qwen3-0.6B"], { gpu: null }, "No CUDA GPUs are available"],
  ])("fails with %j and %j: %s", (args, changes, message) => {
    const runtime = tgi(args, changes);
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(1);
  });
});

describe("llama.cpp", () => {
  const llama = (cmd: string[] | null, changes: Partial<ContainerInput> = {}) =>
    container({ image: "ghcr.io/ggml-org/llama.cpp:server-cuda", cmd, ...changes });
  const FROM_HUB = ["-hf", "Qwen/Qwen3-0.6B-GGUF:Q8_0", "--port", "8000"];

  it("answers 503 while it loads, and then serves", async () => {
    const runtime = llama(FROM_HUB);
    runtime.advanceTo(START + 9_000);
    const loading = await get(runtime, "/health");
    expect(loading.status).toBe(503);
    expect(await loading.text()).toContain("Loading model");
    advanced(runtime, 2);
    expect(await (await get(runtime, "/health")).json()).toEqual({ status: "ok" });
    expect(await models(runtime, 8000)).toEqual(["Qwen/Qwen3-0.6B-GGUF:Q8_0"]);
    expect(runtime.gpuUtil()[0]?.memoryUtil).toBeGreaterThan(0);
  });

  it.each<[string[], Record<string, string>, string]>([
    [["-c", "abc"], {}, 'error while handling argument "--ctx-size": stoi'],
    [["-ngl", "many"], {}, 'error while handling argument "--n-gpu-layers": stoi'],
    [
      [],
      { LLAMA_ARG_THREADS: "" },
      'error while handling environment variable "LLAMA_ARG_THREADS": stoi',
    ],
  ])("fails with %j and %j", (args, env, message) => {
    const runtime = advanced(llama([...FROM_HUB, ...args], { env }), 2);
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(1);
  });

  it.each([["auto"], ["all"], ["99"]])("takes -ngl %s", (layers) => {
    const runtime = advanced(llama([...FROM_HUB, "-ngl", layers]), 2);
    expect(runtime.serving(8000)).toBe(true);
  });

  it("has metrics only if they are enabled", async () => {
    const without = await get(advanced(llama(FROM_HUB), 2), "/metrics");
    expect([without.status, await without.text()]).toEqual([
      501,
      expect.stringContaining("--metrics"),
    ]);
    const metrics = await get(advanced(llama([...FROM_HUB, "--metrics"]), 2), "/metrics");
    expect(await metrics.text()).toContain("\nllamacpp:requests_deferred 0\n");
  });

  it("loads a file, and requires its key", async () => {
    const storage = volume();
    storage.files.set("model.gguf", 5);
    const mounts = [{ path: "/models", sizeGb: 10, storage }];
    const env = { LLAMA_ARG_MODEL: "/models/model.gguf", LLAMA_API_KEY: "k" };
    const runtime = advanced(llama(null, { mounts, env }), 5);
    expect(text(runtime)).toContain("main: server is listening on http://0.0.0.0:8080");
    expect((await get(runtime, "/v1/models", 8080)).status).toBe(200);
    const chat = new Request("http://pod.example/v1/chat/completions", { method: "POST" });
    expect((await runtime.handle(chat, 8080)).status).toBe(401);
  });

  it.each([
    [["-m", "/models/none.gguf"], {}, "failed to load model, '/models/none.gguf'"],
    [["--model-path", "x"], {}, "error: invalid argument: --model-path"],
    [["-hf", "acme/does-not-exist"], {}, "error: failed to get manifest"],
    [["-hf", "unsloth/Qwen3-32B-GGUF"], { diskGb: 10 }, "No space left on device"],
    [["-hf", "unsloth/Qwen3-32B-GGUF:F16"], { gpu: SMALL_GPU }, "cudaMalloc failed: out of memory"],
  ])("fails with %j and %j: %s", (args, changes, message) => {
    const runtime = advanced(llama(args, changes), 10);
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(1);
  });
});

describe("Ollama", () => {
  const ollama = (changes: Partial<ContainerInput> = {}) =>
    advanced(container({ image: "ollama/ollama:0.13.5", cmd: null, ...changes }), 5);
  const pull = (name: string) =>
    new Request("http://pod.example/api/pull", {
      method: "POST",
      body: JSON.stringify({ model: name }),
    });

  it("is up before it has a model", async () => {
    const runtime = ollama();
    expect(await (await get(runtime, "/", 11434)).text()).toBe("Ollama is running");
    expect((await get(runtime, "/api/version", 11434)).status).toBe(200);
    expect(await models(runtime, 11434)).toEqual([]);
  });

  it("serves a pulled model, and keeps it on a volume", async () => {
    const storage = volume();
    const mounts = [{ path: "/root/.ollama", sizeGb: 50, storage }];
    const runtime = ollama({ mounts });
    expect((await runtime.handle(pull("qwen3:8b"), 11434)).status).toBe(200);
    expect(await models(runtime, 11434)).toEqual(["qwen3:8b"]);
    expect(await models(ollama({ mounts }), 11434)).toEqual(["qwen3:8b"]);
    const tags = (await (await get(runtime, "/api/tags", 11434)).json()) as { models: object[] };
    expect(tags.models).toMatchObject([{ name: "qwen3:8b", size: 4_800_000_000 }]);
  });

  it("refuses a model that it does not have, and one that does not fit", async () => {
    const runtime = ollama({ diskGb: 10 });
    expect(await (await runtime.handle(pull("does-not-exist"), 11434)).text()).toContain(
      "pull model manifest: file does not exist",
    );
    const large = await runtime.handle(pull("llama3.3:70b"), 11434);
    expect(large.status).toBe(500);
    expect(await large.text()).toContain("no space left on device");
  });

  it("pulls with its command while the server runs", async () => {
    const script = "ollama serve & sleep 2; ollama pull qwen3; wait";
    const runtime = ollama({ entrypoint: ["sh", "-c"], cmd: [script] });
    expect(text(runtime)).toContain("success");
    expect(await models(runtime, 11434)).toEqual(["qwen3:latest"]);
  });

  it("falls back to the CPU without a warning", () => {
    expect(text(ollama({ gpu: null }))).toContain('msg="no compatible GPUs were discovered"');
    expect(text(ollama({ gpu: H100 }))).toContain("library=cuda");
  });
});
