import type { ContainerInput } from "../../../../emulator/src/containers/runtime";
import { diagnose } from "../../../../models/src";
import { advanced, container, get, START, text, volume } from "./support";

const serve = (model: string, changes: Partial<ContainerInput> = {}, ...args: string[]) =>
  advanced(container({ cmd: [model, "--max-model-len", "4096", ...args], ...changes }), 30);

const log = (runtime: ReturnType<typeof container>) => text(runtime, "container");

describe("a model's name", () => {
  test.each([
    ["Qwen/Qwen3-8b-Instrct"],
    ["Qwen/Qwen3-33B"],
    ["meta-llama/Llama-9-8B-Instruct"],
    ["deepseek-ai/DeepSeek-V33"],
    ["Qwen/Qwen3-8B-exl2"],
    ["Qwen/Qwen3-4B-int2"],
    ["meta-llama/Llama-3.1-8B-Instruct-AWQ"],
    ["meta-llama/Llama-3.1-8B-Instruct-FP8"],
    ["deepseek-ai/DeepSeek-V3-AWQ"],
    ["openai/gpt-oss-20b-4bit"],
    ["openai/gpt-oss-21b"],
    ["google/gemma-3-13b-it"],
    ["acme/no-such-model"],
    ["acme/nosuchmodel"],
  ])("%s does not exist on the hub", (model) => {
    const runtime = serve(model, { env: { HF_TOKEN: "hf_test" } });
    expect(log(runtime)).toContain("RepositoryNotFoundError: 404 Client Error.");
    expect(log(runtime)).toContain(`${model} is not a local folder and is not a valid model`);
    expect(runtime.restarts).toBeGreaterThan(2);
  });

  test.each([
    ["Qwen/Qwen3-8B-FP8"],
    ["Qwen/Qwen2.5-3B-Instruct"],
    ["RedHatAI/Qwen3-8B-quantized.w4a16"],
    ["unsloth/Qwen3-14B"],
    ["nvidia/Llama-3.1-8B-Instruct-FP8"],
    ["unsloth/gpt-oss-20b-unsloth-bnb-4bit"],
    ["Qwen/Qwen3-VL-8B-Instruct"],
    ["Qwen/Qwen2-Audio-7B-Instruct"],
    ["Qwen/Qwen3Guard-Gen-8B"],
    ["Qwen/Qwen3-4B-Thinking-2507-FP8"],
    ["deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct"],
    ["microsoft/Phi-3-small-8k-instruct"],
    ["allenai/OLMo-2-1124-7B-Instruct"],
    ["gpt2"],
  ])("%s is served as a copy or a relative of a known one", (model) => {
    const runtime = serve(model);
    expect(runtime.listening(8000)).toBe(true);
    expect(log(runtime)).not.toContain("[emulator]");
  });

  test.each([
    ["./Qwen3-8B", "Repo id must use alphanumeric chars"],
    ["models/mine/v1", "Repo id must be in the form 'repo_name' or 'namespace/repo_name'"],
    ["/models/mine", "Repo id must be in the form 'repo_name' or 'namespace/repo_name'"],
  ])("%s is no name that the hub can have", (model, message) => {
    const runtime = serve(model);
    expect(log(runtime)).toContain(`HFValidationError: ${message}`);
    expect(runtime.listening(8000)).toBe(false);
  });

  test.each([["acme/llm-8b"], ["Qwenn/Qwen3-8B"], ["Qwen/Qwen-Robot-8B"], ["zai-org/GLM-4.9-FP8"]])(
    "%s is served with a warning in both logs",
    (model) => {
      const announced: string[] = [];
      const runtime = serve(model, { announce: (sentence) => announced.push(sentence) });
      expect(runtime.listening(8000)).toBe(true);
      expect(log(runtime)).toContain(`[emulator] The model ${model} is unknown to the emulator`);
      expect(announced).toEqual([expect.stringContaining("--strict-hub")]);
      expect(diagnose(runtime.logs.map(({ line }) => line)).cause).toBeNull();
    },
  );

  test.each([["acme/llm-8b"], ["Qwenn/Qwen3-8B"]])("%s is refused by --strict-hub", (model) => {
    const runtime = serve(model, { strictHub: true });
    expect(log(runtime)).toContain("RepositoryNotFoundError: 401 Client Error.");
  });

  test("of a local folder is no name on the hub", () => {
    const storage = volume();
    storage.files.set("mine/model.safetensors", 2);
    const mounts = [{ path: "/models", sizeGb: 10, storage }];
    const runtime = serve("/models/mine", {
      mounts,
      strictHub: true,
      env: { HF_HUB_OFFLINE: "1" },
    });
    expect(runtime.listening(8000)).toBe(true);
  });
});

describe("the hub refuses", () => {
  const GATED = "meta-llama/Llama-3.1-8B-Instruct";

  test.each<[string, Partial<ContainerInput>, string[], string]>([
    ["Qwen/Qwen3-8B", {}, ["--revision", "nosuchrev"], "Revision Not Found for url"],
    ["Qwen/Qwen3-8B", {}, ["--revision", "deadbeef"], "deadbeef is not a valid git identifier"],
    ["Qwen/Qwen3-8B", {}, ["--revision", "0".repeat(40)], "Revision Not Found for url"],
    ["Qwen/Qwen3-8B", {}, ["--revision", "refs/pr/99999"], "Revision Not Found for url"],
    ["Qwen/Qwen3-8B", {}, ["--revision=v1.0"], "v1.0 is not a valid git identifier"],
    [GATED, {}, [], "GatedRepoError: 401 Client Error."],
    [GATED, { env: { HF_TOKEN: "garbage" } }, [], "GatedRepoError: 401 Client Error."],
    [GATED, { env: { HF_TOKEN: "hf_invalid" } }, [], "GatedRepoError: 401 Client Error."],
    [
      "Qwen/Qwen3-8B",
      { env: { HF_TOKEN: "garbage" } },
      [],
      "Invalid credentials in Authorization header",
    ],
    [
      "black-forest-labs/FLUX.1-dev",
      { env: { HF_TOKEN: "hf_test" } },
      [],
      "does not appear to have a file named config.json",
    ],
    ["unsloth/Qwen3-4B-GGUF", {}, [], "Invalid repository ID or local directory specified"],
    ["Systran/faster-whisper-large-v3", {}, [], "Should have a `model_type` key"],
    ["Qwen/Qwen3-8B", { env: { HF_HUB_OFFLINE: "1" } }, [], "offline mode is enabled"],
    ["Qwen/Qwen3-8B", { env: { TRANSFORMERS_OFFLINE: "yes" } }, [], "OfflineModeIsEnabled"],
  ])("%s with %j and %j: %s", (model, changes, args, message) => {
    const runtime = serve(model, changes, ...args);
    expect(log(runtime)).toContain(message);
    expect(runtime.listening(8000)).toBe(false);
    expect(diagnose(runtime.logs.map(({ line }) => line)).cause).not.toBeNull();
  });

  test.each([
    ["python3 -m sglang.launch_server --model-path", "lmsysorg/sglang:v0.5.23"],
    ["hf download", "vllm/vllm-openai:v0.33.0"],
  ])("a wrong revision of %s", (command, image) => {
    const line = `${command} Qwen/Qwen3-8B --revision nosuchrev`;
    const runtime = container({ image, entrypoint: ["bash", "-c"], cmd: [line] });
    expect(log(advanced(runtime, 5))).toContain("RevisionNotFoundError: 404 Client Error.");
  });

  test.each([["main"], ["9216db5781bf21249d130ec9da846c4624c16137"], ["refs/pr/3"]])(
    "no revision %s",
    (revision) => {
      expect(serve("Qwen/Qwen3-8B", {}, "--revision", revision).listening(8000)).toBe(true);
    },
  );

  test("nothing that is cached, offline", () => {
    const mounts = [{ path: "/root/.cache/huggingface", sizeGb: 50, storage: volume() }];
    expect(serve("Qwen/Qwen3-8B", { mounts }).listening(8000)).toBe(true);
    const offline = serve("Qwen/Qwen3-8B", { mounts, env: { HF_HUB_OFFLINE: "1" } });
    expect(offline.listening(8000)).toBe(true);
  });

  test("no secret that RunPod would have put in", () => {
    const env = { HF_TOKEN: "{{ RUNPOD_SECRET_hf }}" };
    expect(serve(GATED, { env }).listening(8000)).toBe(true);
  });
});

describe("an image's name", () => {
  const pulled = (image: string) => {
    const runtime = advanced(container({ image, cmd: ["serve"], httpPorts: [8000] }), 10);
    return { runtime, system: text(runtime, "system") };
  };

  test.each([
    ["https://docker.io/vllm/vllm-openai", "invalid reference format"],
    ["docker://vllm/vllm-openai", "invalid reference format"],
    ["UPPER/case", "repository name (UPPER/case) must be lowercase"],
    ["Ubuntu:24.04", "repository name (library/Ubuntu) must be lowercase"],
    ["ghcr.io/Acme/app:1", "repository name (Acme/app) must be lowercase"],
    ["a b c", "invalid reference format"],
    ["", "invalid reference format"],
    ["vllm/vllm-openai:", "invalid reference format"],
    ["vllm/vllm-openai:v0.24.0:latest", "invalid reference format"],
    ["acme//app", "invalid reference format"],
    ["acme/app@sha256:1234", "invalid reference format"],
    ["-acme/app", "invalid reference format"],
    ["nosuchorg/nosuchimage:1", "pull access denied for nosuchorg/nosuchimage"],
    ["vllm/vlm-openai", "pull access denied for vllm/vlm-openai"],
    ["lmsysorg/slgang", "pull access denied for lmsysorg/slgang"],
  ])("%j does not exist", (image, message) => {
    const { runtime, system } = pulled(image);
    expect(runtime.status()).toBe("error");
    expect(system).toContain(`error pulling image: Error response from daemon: `);
    expect(system).toContain(message);
  });

  test.each([
    ["ghcr.io/huggingface/text-embeddings-inference:1.9"],
    ["postgres:17"],
    ["vllm/vllm-tpu:latest"],
    ["registry.example:5000/team/app@sha256:".padEnd(102, "a")],
  ])("%s is served by a placeholder that says so", async (image) => {
    const { runtime } = pulled(image);
    expect(log(runtime)).toContain(`[emulator] The image ${image} is unknown to the emulator`);
    const answer = await get(runtime, "/");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-runpod-emulator")).toBe("placeholder");
  });

  test("of a known server answers without the mark", async () => {
    const runtime = advanced(container(), 10);
    expect(runtime.logs[0]?.at).toBeGreaterThanOrEqual(START);
    expect((await get(runtime, "/health")).headers.get("x-runpod-emulator")).toBeNull();
  });
});
