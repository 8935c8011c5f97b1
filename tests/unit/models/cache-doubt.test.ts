import type { ServerSpec } from "../../../models/src";
import { cachePath } from "../../../models/src/cache-path";

const VLLM = "vllm/vllm-openai:v0.33.0";
const IMAGE = "the image's default";
const DEFAULT = { path: "/root/.cache/huggingface/hub", from: IMAGE };

const script = (text: string, env: Record<string, string> = {}, imageName = VLLM): ServerSpec => ({
  imageName,
  env,
  dockerEntrypoint: ["bash", "-c"],
  dockerStartCmd: [text],
});

describe("The folder of the weights", () => {
  test.each<[string, string, string]>([
    ["hf download a/b --local-dir /m && vllm serve /m/x", "/m", "--local-dir"],
    ["vllm serve ~/m", "/root/m", "the model's own path"],
    ["vllm serve ./m", "/m", "the model's own path"],
    ["vllm serve a/b --load-format=dummy-x", DEFAULT.path, IMAGE],
    ["vllm serve a/b --load-format=not-dummy", DEFAULT.path, IMAGE],
    ["vllm serve a/b --load-format safetensors", DEFAULT.path, IMAGE],
    ["vllm serve http://example.com/x", DEFAULT.path, IMAGE],
    ["vllm serve https://example.com/x", DEFAULT.path, IMAGE],
    ["vllm serve a/s3://x", DEFAULT.path, IMAGE],
    ["vllm serve a/b --download-dir=", DEFAULT.path, IMAGE],
    ["HF_HUB_OFFLINE=0 vllm serve a/b", DEFAULT.path, IMAGE],
    ["DOWNLOAD_DIR=/x vllm serve a/b", DEFAULT.path, IMAGE],
    ["VLLM_USE_MODELSCOPE=1 vllm serve a/b", "/root/.cache/modelscope/hub", IMAGE],
    ["SGLANG_USE_MODELSCOPE=1 MODELSCOPE_CACHE=/c vllm serve a/b", "/c", "MODELSCOPE_CACHE"],
    ["LMDEPLOY_USE_MODELSCOPE=true vllm serve a/b", "/root/.cache/modelscope/hub", IMAGE],
    ["VLLM_USE_MODELSCOPE=0 vllm serve a/b", DEFAULT.path, IMAGE],
    ["mlc_llm serve a/b", "/root/.cache/mlc_llm", IMAGE],
    ["MLC_LLM_HOME=/c mlc_llm serve a/b", "/c", "MLC_LLM_HOME"],
    ["XDG_CACHE_HOME=/c mlc_llm serve a/b", "/c/mlc_llm", "XDG_CACHE_HOME"],
    ["koboldcpp --model a/b", "/", "the command"],
    ["ollama serve", "/root/.ollama/models", IMAGE],
    ["OLLAMA_MODELS=/c ollama serve", "/c", "OLLAMA_MODELS"],
  ])("is certain: %s", (text, path, from) => {
    expect(cachePath(script(text))).toEqual({ path, from });
  });

  test.each([
    "vllm serve s3://bucket/x",
    "vllm serve xhttps://bucket/x",
    "vllm serve a/b --load-format tensorizer",
    "vllm serve a/b --load-format dummy",
    "HF_HUB_OFFLINE=1 vllm serve a/b",
    "TRANSFORMERS_OFFLINE=1 vllm serve a/b",
    `vllm serve a/b; ${"x".repeat(200_000)}`,
  ])("is not known, or nothing is downloaded: %#", (text) => {
    expect(cachePath(script(text))).toBeNull();
  });

  test("of RunPod's worker may be set", () => {
    const imageName = "runpod/worker-v1-vllm:v2.25.2";
    const env = { DOWNLOAD_DIR: "/d" };
    expect(cachePath({ imageName, env })).toEqual({ path: "/d", from: "DOWNLOAD_DIR" });
  });

  test("is the image's if the pod sets the same", () => {
    const imageName = "michaelf34/infinity:0.0.76";
    const cmd = { dockerStartCmd: ["v2", "--model-id", "a/b"] };
    const env = { HF_HOME: "/app/.cache/huggingface" };
    const path = "/app/.cache/huggingface/hub";
    expect(cachePath({ imageName, env, ...cmd })).toEqual({ path, from: IMAGE });
  });
});

const RELATIVE = "a folder of that name in /w is used instead if it exists";

describe("The folder of the weights is doubtful", () => {
  test("in an image that is not known, unless a variable decides it", () => {
    const spec: ServerSpec = { imageName: "acme/llm:1", dockerStartCmd: ["vllm", "serve", "a/b"] };
    expect(cachePath(spec)).toEqual({
      ...DEFAULT,
      doubt: { by: "image", reason: "the image's own settings are not known" },
    });
    expect(cachePath({ ...spec, env: { HF_HOME: "/w" } })).toEqual({
      path: "/w/hub",
      from: "HF_HOME",
    });
  });

  test.each([
    ["doppler run -- vllm serve a/b", "doppler may change the server's environment"],
    ["echo x; ln -s /a /b; vllm serve a/b", "the command first runs: ln -s /a /b"],
    ["cd /w; vllm serve a/b", RELATIVE],
    ["cd /w; vllm serve a", RELATIVE],
    ["cd /w; vllm serve a/b/c.d", RELATIVE],
  ])("after a command: %s", (text, reason) => {
    expect(cachePath(script(text))).toEqual({ ...DEFAULT, doubt: { by: "command", reason } });
  });

  test.each([
    "vllm serve a/b",
    "cd /w; vllm serve",
    "cd /w; vllm serve /m/x",
    "cd /w; vllm serve a/b:c",
  ])("but not after: %s", (text) => {
    expect(cachePath(script(text))?.doubt).toBeUndefined();
  });
});

describe("The folder of llama.cpp's weights", () => {
  const MOVED = {
    by: "command",
    reason: "builds before April 2026 use ~/.cache/llama.cpp",
  };
  const OLD = { path: "/root/.cache/llama.cpp", from: IMAGE };
  const of = (tag: string, ...dockerStartCmd: string[]) =>
    cachePath({ imageName: `ghcr.io/ggml-org/llama.cpp:${tag}`, dockerStartCmd });

  test.each([
    ["server-b8041", OLD],
    ["server-b8042", { ...DEFAULT, doubt: MOVED }],
    ["server-b8650", { ...DEFAULT, doubt: MOVED }],
    ["server-b8651", DEFAULT],
    ["server", DEFAULT],
  ])("in %s", (tag, expected) => {
    expect(of(tag, "-hf", "a/b-GGUF")).toEqual(expected);
  });

  test.each(["-mu", "--model-url"])("is doubtful for %s", (name) => {
    expect(of("server", name, "https://example.com/x")).toEqual({ ...DEFAULT, doubt: MOVED });
  });

  test("is doubtful in another image, unless a variable decides it", () => {
    expect(cachePath(script("llama-server -hf a/b"))).toEqual({ ...DEFAULT, doubt: MOVED });
    expect(cachePath(script("llama-server -hf a/b", { LLAMA_CACHE: "/c" }))).toEqual({
      path: "/c",
      from: "LLAMA_CACHE",
    });
  });
});
