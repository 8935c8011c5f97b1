import { type CommandFault, commandFaults, diagnose, type ServerSpec } from "@runpod-stack/models";
import { judge, settingsOf, specOf } from "@runpod-stack/policies";
import { advanced, container, text } from "./emulator/containers/support";

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
}

const WRONG: readonly Wrong[] = [
  { image: VLLM, cmd: ["vllm", "serve", MODEL], kind: "entrypoint-repeated" },
  { image: VLLM, cmd: ["serve", MODEL, "--dtype", "auto"], kind: "entrypoint-repeated" },
  { image: VLLM, cmd: ["bash", "-lc", `vllm serve ${MODEL}`], kind: "program-after-entrypoint" },
  { image: VLLM, cmd: ["sleep", "infinity"], kind: "program-after-entrypoint" },
  { image: VLLM, cmd: [`--model ${MODEL} --port 8000`], kind: "command-in-one-item" },
  { image: VLLM, cmd: [`vllm serve ${MODEL}`], kind: "entrypoint-repeated" },
  { image: VLLM, cmd: [MODEL, "--max-model-len 8192"], kind: "words-in-one-item" },
  { image: VLLM, cmd: [MODEL, "--tensor-paralel-size", "2"], kind: "unknown-option" },
  { image: VLLM, cmd: [MODEL, "--enable-reasoning"], kind: "unknown-option" },
  { image: VLLM, cmd: [MODEL, "--port"], kind: "missing-value" },
  { image: VLLM, cmd: [MODEL, "--port", "http"], kind: "wrong-value" },
  { image: VLLM, cmd: [MODEL, "--trust-remote-code", "true"], kind: "extra-word" },
  { image: VLLM, entrypoint: SHELL, cmd: ["vllm", "serve", MODEL], kind: "script-in-many-items" },
  { image: VLLM, entrypoint: ["bash"], cmd: [`vllm serve ${MODEL}`], kind: "shell-without-c" },
  { image: VLLM, entrypoint: ["vllm serve"], cmd: [MODEL], kind: "command-in-one-item" },
  { image: MODULE, cmd: [MODEL], kind: "model-needs-option" },
  { image: MODULE, cmd: ["serve", MODEL], kind: "entrypoint-repeated" },
  { image: SGLANG, cmd: ["--model-path", MODEL], kind: "no-such-program" },
  { image: SGLANG, cmd: [MODEL], kind: "no-such-program" },
  { image: SGLANG, cmd: `python3 -m sglang.launch_server ${MODEL}`.split(" "), kind: "model-needs-option" },
  { image: TGI, cmd: ["text-generation-launcher", "--model-id", MODEL], kind: "entrypoint-repeated" },
  { image: TGI, cmd: [MODEL], kind: "extra-word" },
  { image: LLAMA, cmd: ["bash", "-c", "llama-server -hf a/b-7B-GGUF"], kind: "program-after-entrypoint" },
  { image: OLLAMA, cmd: ["/bin/bash", "-c", "ollama serve"], kind: "program-after-entrypoint" },
  { image: OLLAMA, cmd: ["ollama", "serve"], kind: "entrypoint-repeated" },
  { image: OLLAMA, cmd: ["pull", "qwen3:8b"], kind: "starts-no-server" },
  { image: OLLAMA, entrypoint: SHELL, cmd: [`vllm serve ${MODEL}`], kind: "server-not-in-image" },
];

test.each(WRONG.map((w) => [w.image.split("/").at(-1), JSON.stringify([w.entrypoint, w.cmd]), w] as const))("%s %s", (_a, _b, { image, entrypoint, cmd, kind }) => {
  const spec: ServerSpec = { imageName: image, dockerStartCmd: cmd, ...(entrypoint && { dockerEntrypoint: entrypoint }) };
  const runtime = advanced(container({ image, cmd, entrypoint: entrypoint ?? null, httpPorts: [8000] }), 15);
  const d = diagnose(runtime.logs.map((l) => l.line));
  console.log(JSON.stringify({ kinds: commandFaults(spec).map((f) => f.kind), kind, restarts: runtime.restarts, listening: [80, 8000, 8080, 9931, 11434, 30000].filter((p) => runtime.listening(p)), cause: d.cause, remedy: d.remedy?.slice(0, 120), log: text(runtime, "container").split("\n").slice(-2), sys: text(runtime, "system").split("\n").at(-1) }, null, 1));
});
