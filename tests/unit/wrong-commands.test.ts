import { type CommandFault, commandFaults, diagnose, type ServerSpec } from "@runpod-stack/models";
import { judge, settingsOf, specOf } from "@runpod-stack/policies";
import { advanced, container } from "./emulator/containers/support";

const MODEL = "Qwen/Qwen3-8B";
const VLLM = "vllm/vllm-openai:v0.20.0";
const MODULE = "vllm/vllm-openai:v0.8.5";
const SGLANG = "lmsysorg/sglang:v0.5.23";
const TGI = "ghcr.io/huggingface/text-generation-inference:3.3.7";
const LLAMA = "ghcr.io/ggml-org/llama.cpp:server-cuda-b9994";
const OLLAMA = "ollama/ollama:0.12.6";
const SHELL = ["bash", "-c"];

interface Wrong {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly cmd: readonly string[];
  readonly kind: CommandFault["kind"];
  /** What its log shows, if that is not a wrong argument. */
  readonly cause?: string;
}

const WRONG: readonly Wrong[] = [
  { image: VLLM, cmd: ["vllm", "serve", MODEL], kind: "entrypoint-repeated" },
  { image: VLLM, cmd: ["serve", MODEL, "--dtype", "auto"], kind: "entrypoint-repeated" },
  { image: VLLM, cmd: ["bash", "-lc", `vllm serve ${MODEL}`], kind: "program-after-entrypoint" },
  { image: VLLM, cmd: ["sleep", "infinity"], kind: "program-after-entrypoint" },
  {
    image: VLLM,
    cmd: [`--model ${MODEL} --port 8000`],
    kind: "command-in-one-item",
    cause: "model-not-found",
  },
  {
    image: VLLM,
    cmd: [`vllm serve ${MODEL}`],
    kind: "entrypoint-repeated",
    cause: "model-not-found",
  },
  { image: VLLM, cmd: [MODEL, "--max-model-len 8192"], kind: "words-in-one-item" },
  { image: VLLM, cmd: [MODEL, "--tensor-paralel-size", "2"], kind: "unknown-option" },
  { image: VLLM, cmd: [MODEL, "--enable-reasoning"], kind: "unknown-option" },
  { image: VLLM, cmd: [MODEL, "--port"], kind: "missing-value" },
  { image: VLLM, cmd: [MODEL, "--port", "http"], kind: "wrong-value" },
  { image: VLLM, cmd: [MODEL, "--trust-remote-code", "true"], kind: "extra-word" },
  { image: VLLM, entrypoint: SHELL, cmd: ["vllm", "serve", MODEL], kind: "script-in-many-items" },
  {
    image: VLLM,
    entrypoint: ["bash"],
    cmd: [`vllm serve ${MODEL}`],
    kind: "shell-without-c",
    cause: "entrypoint-not-found",
  },
  {
    image: VLLM,
    entrypoint: ["vllm serve"],
    cmd: [MODEL],
    kind: "command-in-one-item",
    cause: "entrypoint-not-found",
  },
  { image: MODULE, cmd: [MODEL], kind: "model-needs-option" },
  { image: MODULE, cmd: ["serve", MODEL], kind: "entrypoint-repeated" },
  {
    image: SGLANG,
    cmd: ["--model-path", MODEL],
    kind: "no-such-program",
    cause: "entrypoint-not-found",
  },
  { image: SGLANG, cmd: [MODEL], kind: "no-such-program", cause: "entrypoint-not-found" },
  {
    image: SGLANG,
    cmd: `python3 -m sglang.launch_server ${MODEL}`.split(" "),
    kind: "model-needs-option",
  },
  {
    image: TGI,
    cmd: ["text-generation-launcher", "--model-id", MODEL],
    kind: "entrypoint-repeated",
  },
  { image: TGI, cmd: [MODEL], kind: "extra-word" },
  {
    image: LLAMA,
    cmd: ["bash", "-c", "llama-server -hf a/b-7B-GGUF"],
    kind: "program-after-entrypoint",
  },
  { image: OLLAMA, cmd: ["/bin/bash", "-c", "ollama serve"], kind: "program-after-entrypoint" },
  { image: OLLAMA, cmd: ["ollama", "serve"], kind: "entrypoint-repeated" },
  {
    image: OLLAMA,
    cmd: ["pull", "qwen3:8b"],
    kind: "starts-no-server",
    cause: "server-not-started",
  },
  {
    image: OLLAMA,
    entrypoint: SHELL,
    cmd: [`vllm serve ${MODEL}`],
    kind: "server-not-in-image",
    cause: "entrypoint-not-found",
  },
];

const PORTS = [80, 8000, 8080, 9931, 11_434, 30_000];

describe("A command that never serves", () => {
  test.each(
    WRONG.map(
      (wrong) => [JSON.stringify([wrong.image, wrong.entrypoint, wrong.cmd]), wrong] as const,
    ),
  )("is refused, fails on the emulator, and is diagnosed: %s", (_name, wrong) => {
    const { image, entrypoint, cmd, kind, cause = "bad-server-argument" } = wrong;
    const spec: ServerSpec = {
      imageName: image,
      dockerStartCmd: cmd,
      ...(entrypoint && { dockerEntrypoint: entrypoint }),
    };
    expect(commandFaults(spec)[0]).toMatchObject({ kind, isCertain: true });
    const item = { id: "pod", spec: specOf("Pod", { ...spec }), dependencies: {} };
    const found = judge([item], settingsOf({})).find(({ rule }) => rule === "command-serves");
    expect(found).toMatchObject({ level: "mandatory" });

    const runtime = advanced(
      container({ image, cmd: [...cmd], entrypoint: entrypoint ? [...entrypoint] : null }),
      15,
    );
    expect(runtime.restarts).toBeGreaterThan(2);
    expect(PORTS.filter((port) => runtime.listening(port))).toEqual([]);
    expect(diagnose(runtime.logs.map(({ line }) => line)).cause).toBe(cause);
  });
});

const script = (text: string, imageName = VLLM): ServerSpec => ({
  imageName,
  dockerEntrypoint: SHELL,
  dockerStartCmd: [text],
});
const vllm = (...dockerStartCmd: string[]): ServerSpec => ({ imageName: VLLM, dockerStartCmd });

describe("A command that may serve is not refused", () => {
  test.each<[string, ServerSpec]>([
    ["a model alone", vllm(MODEL, "--max-model-len", "8192")],
    ["the opposite of a switch", vllm(MODEL, "--no-enable-prefix-caching")],
    ["underscores, short names", vllm(MODEL, "--max_model_len=8192", "-tp=1", "-O3")],
    ["the beginning of a name", vllm(MODEL, "--gpu-memory-util", "0.9")],
    ["a key of a value", vllm(MODEL, "--compilation-config.mode", "3", "-cc.mode=3")],
    ["values with blanks", vllm(MODEL, "--hf-overrides", '{"a": 1}')],
    ["a variable that may hold anything", vllm(MODEL, "$EXTRA")],
    ["a script", script(`vllm serve ${MODEL}`)],
    ["another release installed first", script(`pip install -U vllm && vllm serve ${MODEL} --new`)],
    ["another environment", script(`source /v/bin/activate; vllm serve ${MODEL} --new`)],
    ["a server in SGLang's image", script(`vllm serve ${MODEL}`, SGLANG)],
    ["an image of which nothing is known", script(`vllm serve ${MODEL} --new`, "acme/llm:1")],
    [
      "a release that was not read",
      { ...vllm(MODEL, "--new"), imageName: "vllm/vllm-openai:latest" },
    ],
    ["a model as an option", { imageName: MODULE, dockerStartCmd: ["--model", MODEL] }],
    ["Ollama's own command", { imageName: OLLAMA, dockerStartCmd: ["serve"] }],
    [
      "a path of one's own",
      { imageName: "python:3.12", dockerStartCmd: ["/v/bin/vllm", "serve", MODEL] },
    ],
    [
      "a script with arguments",
      {
        imageName: VLLM,
        dockerEntrypoint: [...SHELL, 'exec vllm serve "$@"', "sh"],
        dockerStartCmd: [MODEL],
      },
    ],
  ])("%s", (_name, spec) => {
    expect(commandFaults(spec)).toEqual([]);
  });
});
