import { advanced, container, get, text } from "./support";

const OLD = "vllm/vllm-openai:v0.11.0";

async function servedNames(cmd: string[], image = "vllm/vllm-openai:v0.33.0"): Promise<string[]> {
  const runtime = advanced(container({ cmd, image }), 10);
  const { data } = (await (await get(runtime, "/v1/models")).json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

describe("vLLM's command line", () => {
  it("takes the model as an argument or as a flag", async () => {
    expect(await servedNames(["Qwen/Qwen3-0.6B"])).toEqual(["Qwen/Qwen3-0.6B"]);
    expect(await servedNames(["--model", "Qwen/Qwen3-0.6B"])).toEqual(["Qwen/Qwen3-0.6B"]);
    expect(await servedNames(["--model=Qwen/Qwen3-0.6B"], OLD)).toEqual(["Qwen/Qwen3-0.6B"]);
  });

  it("serves a small default model if none is named", async () => {
    expect(await servedNames([])).toEqual(["Qwen/Qwen3-0.6B"]);
  });

  it("serves a model under several names", async () => {
    const names = ["--served-model-name", "small", "qwen", "--port", "8000"];
    expect(await servedNames(["Qwen/Qwen3-0.6B", ...names])).toEqual(["small", "qwen"]);
  });

  it("reads underscores, unique beginnings and JSON keys as argparse does", async () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--served_model_name", "a", "--tensor-parallel", "1"];
    expect(await servedNames([...cmd, "--compilation-config.mode", "3", "-O3"])).toEqual(["a"]);
  });

  it.each([
    [
      ["Qwen/Qwen3-0.6B", "--max-model-length", "4096"],
      "vllm: error: unrecognized arguments: --max-model-length 4096",
    ],
    [
      ["vllm", "serve", "Qwen/Qwen3-0.6B"],
      "vllm: error: unrecognized arguments: serve Qwen/Qwen3-0.6B",
    ],
    [
      ["Qwen/Qwen3-0.6B", "--port", "http"],
      "vllm serve: error: argument --port: invalid int value: 'http'",
    ],
    [
      ["Qwen/Qwen3-0.6B", "--max-model-len", "long"],
      "vllm serve: error: argument --max-model-len: invalid",
    ],
    [["Qwen/Qwen3-0.6B", "--gpu-memory-utilization", "most"], "invalid float value: 'most'"],
    [["Qwen/Qwen3-0.6B", "--port"], "vllm serve: error: argument --port: expected one argument"],
  ])("ends with a usage error for %j", (cmd, message) => {
    const runtime = advanced(container({ cmd }), 5);
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(2);
  });

  it("does not take the model as an argument before v0.11.1", () => {
    const runtime = advanced(container({ image: OLD, cmd: ["Qwen/Qwen3-0.6B"] }), 5);
    expect(text(runtime)).toContain(
      "api_server.py: error: unrecognized arguments: Qwen/Qwen3-0.6B",
    );
  });

  it("listens on the given host and port", () => {
    const runtime = advanced(container({ cmd: ["Qwen/Qwen3-0.6B", "--port", "8080"] }), 10);
    expect(runtime.listening(8080)).toBe(true);
    expect(runtime.listening(8000)).toBe(false);
  });

  it("cannot be reached from outside if it listens on the loopback address", async () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--host", "127.0.0.1"];
    const runtime = advanced(container({ cmd }), 10);
    expect(text(runtime)).toContain("Application startup complete.");
    expect(runtime.listening(8000)).toBe(false);
    expect((await get(runtime, "/health")).status).toBe(502);
  });

  it("reads human lengths", () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--max-model-len", "8K"];
    expect(text(advanced(container({ cmd }), 10))).toContain("Using max model len 8192");
  });

  it("keeps the API key out of the log", () => {
    const cmd = ["Qwen/Qwen3-0.6B", "--api-key", "canary-key"];
    expect(text(advanced(container({ cmd }), 10))).not.toContain("canary-key");
  });

  it("skips compilation with --enforce-eager", () => {
    const runtime = advanced(container({ cmd: ["Qwen/Qwen3-0.6B", "--enforce-eager"] }), 10);
    expect(text(runtime)).not.toContain("torch.compile takes");
    expect(runtime.listening(8000)).toBe(true);
  });
});

describe("the vllm command", () => {
  it.each([
    [["start"], "vllm: error: argument subparser: invalid choice: 'start'"],
    [[], "usage: vllm [-h] [-v]"],
  ])("only prints its help or version with %j", (cmd, message) => {
    const runtime = advanced(container({ entrypoint: ["vllm"], cmd }), 2);
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(0);
  });
});

describe("ENTRYPOINT and CMD", () => {
  it("appends CMD to the image's ENTRYPOINT", () => {
    const log = text(advanced(container({ cmd: ["bash", "-c", "echo hi"] }), 5));
    expect(log).toContain("vllm: error: unrecognized arguments: -c echo hi");
  });

  it("drops the image's CMD when the ENTRYPOINT is replaced", () => {
    const runtime = container({ image: "ollama/ollama", entrypoint: ["/bin/ollama"], cmd: null });
    expect(text(advanced(runtime, 5))).toContain("Usage:");
  });

  it("treats empty lists as absent", () => {
    const runtime = container({ image: "ollama/ollama", entrypoint: [], cmd: [] });
    expect(advanced(runtime, 5).listening(11434)).toBe(true);
  });

  it("passes only the first argument after -c to the shell as its script", () => {
    const runtime = container({ entrypoint: ["bash", "-c"], cmd: ["echo", "hello"] });
    expect(text(advanced(runtime, 1), "container")).not.toContain("hello");
  });
});
