import { posix } from "node:path";
import { flagKinds, parseCommandLine } from "../argparse";
import { planMemory } from "../gpu";
import { download } from "../hub";
import { hubRefusal } from "../hub-refusal";
import type { Environment, Machine, Process, Program, Service } from "../machine";
import { forever, seconds } from "../machine";
import { findModel } from "../models";
import { LLAMA_CPP_DIALECT } from "../openai-dialects";
import { OpenAiServer } from "../openai-server";
import { wrongNumber } from "./llama-cpp-numbers";

/** llama.cpp's server, with a GGUF file or one from the hub. It answers 503 while it loads. */
export function* serveLlamaCpp({ machine, env }: Process, args: readonly string[]): Program {
  yield seconds(1);
  const line = parseCommandLine(args, FLAGS);
  const [unexpected] = line.unrecognized;
  if (unexpected !== undefined || line.error !== null) {
    machine.print(
      `error: ${unexpected === undefined ? line.error : `invalid argument: ${unexpected}`}`,
    );
    return 1;
  }
  const wrong = wrongNumber(line.flags, env);
  if (wrong !== null) {
    machine.print(...wrong);
    return 1;
  }
  const setting = (flag: string, variable: string) => line.flags.get(flag)?.[0] ?? env[variable];
  const host = setting("host", "LLAMA_ARG_HOST") ?? "127.0.0.1";
  const port = Number(setting("port", "LLAMA_ARG_PORT") ?? 8080);
  const repository = setting("hf-repo", "LLAMA_ARG_HF_REPO");
  const path = setting("model", "LLAMA_ARG_MODEL") ?? "models/7B/ggml-model-f16.gguf";

  const file = repository === undefined ? path : yield* fetchGguf(machine, env, repository);
  if (file === null) {
    return 1;
  }
  machine.print("main: loading model");
  machine.listen(loading(host, port));
  const sizeGb = machine.disk.sizeOf(file);
  if (sizeGb === undefined) {
    machine.print(`gguf_init_from_file: failed to open GGUF file '${file}'`, ...loadFailure(file));
    return 1;
  }
  yield seconds(2 + sizeGb / 2);
  const context = Number(setting("ctx-size", "LLAMA_ARG_CTX_SIZE") ?? 8192) || 32_768;
  if (machine.gpu !== null) {
    const weightsGib = (sizeGb * 0.93) / machine.gpu.count;
    const demand = { weightsGib, kvBytesPerToken: 131_072, maxModelLen: context, utilization: 1 };
    const plan = planMemory(machine.gpu, demand);
    if (plan.fit !== "ok") {
      machine.print(
        ...allocationFailure(plan.fit === "out-of-memory", sizeGb),
        ...loadFailure(file),
      );
      return 1;
    }
    machine.holdGpuMemory(weightsGib / plan.totalGib, machine.gpu.count);
  }
  machine.print(
    "common_init_from_params: warming up the model with an empty run - please wait ... (--no-warmup to disable)",
  );
  yield seconds(2);

  const apiKey = setting("api-key", "LLAMA_API_KEY");
  const name = setting("alias", "LLAMA_ARG_ALIAS") ?? repository ?? file;
  const apiKeys = apiKey ? apiKey.split(",") : [];
  const metrics = line.flags.has("metrics") || env["LLAMA_ARG_ENDPOINT_METRICS"] === "1";
  const slots = Number(setting("parallel", "LLAMA_ARG_N_PARALLEL") ?? AUTOMATIC_SLOTS);
  const model = { names: [name], root: file, maxModelLen: context, apiKeys };
  const served = { ...model, version: "b7100", metrics, capacity: { sequences: slots } };
  machine.listen(new OpenAiServer(host, port, served, LLAMA_CPP_DIALECT, machine.now()));
  machine.print(
    "main: model loaded",
    `main: server is listening on http://${host}:${port} - starting the main loop`,
  );
  return yield* forever();
}

/** Requests at a time, as `--parallel` is by default. */
const AUTOMATIC_SLOTS = 4;

function allocationFailure(isModel: boolean, sizeGb: number): string[] {
  const size = isModel ? (sizeGb * 954).toFixed(2) : "13285.50";
  return [
    `E ggml_backend_cuda_buffer_type_alloc_buffer: allocating ${size} MiB on device 0: cudaMalloc failed: out of memory`,
    isModel
      ? "E llama_model_load: error loading model: unable to allocate CUDA0 buffer"
      : "E llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache",
  ];
}

function loadFailure(file: string): string[] {
  return [
    `srv    load_model: failed to load model, '${file}'`,
    "main: exiting due to model loading error",
  ];
}

/** Downloads `user/repository[:quantization]`; returns the file, or null if that failed. */
function* fetchGguf(
  machine: Machine,
  env: Environment,
  name: string,
): Generator<number, string | null> {
  const [id = "", quantization = "Q4_K_M"] = name.split(":");
  const model = findModel(id);
  // Unlike Hugging Face's own client, it has no offline variables.
  const online = { ...env, HF_HUB_OFFLINE: "", TRANSFORMERS_OFFLINE: "" };
  const refusal = hubRefusal(machine, online, { id, model });
  if (refusal !== null || model === null) {
    machine.print(
      `error: failed to get manifest from https://huggingface.co/v2/${id}/manifests/latest: HTTP status 401`,
      "error: model is private or does not exist; if you are accessing a gated model, please provide a valid HF token",
    );
    return null;
  }
  const cache = env["LLAMA_CACHE"] || posix.join(env["HOME"] || "/root", ".cache/llama.cpp");
  const path = posix.join(cache, `${id.replace("/", "_")}_${quantization}.gguf`);
  const sizeGb =
    model.parametersB * (BYTES_PER_PARAMETER[quantization.slice(0, 2).toUpperCase()] ?? 0.6);
  const isDone = yield* download(machine, {
    files: [{ path, sizeGb }],
    partials: cache,
    prefix: "",
  });
  if (!isDone) {
    machine.print(
      "error: failed to write to file: No space left on device",
      "error: failed to download model from Hugging Face",
    );
    return null;
  }
  return path;
}

const BYTES_PER_PARAMETER: Readonly<Record<string, number>> = {
  Q2: 0.37,
  Q3: 0.48,
  Q4: 0.6,
  Q5: 0.7,
  Q6: 0.82,
  Q8: 1.06,
  F1: 2,
  BF: 2,
};

function loading(host: string, port: number): Service {
  const error = { code: 503, message: "Loading model", type: "unavailable_error" };
  return { host, port, isLoading: true, handle: () => Response.json({ error }, { status: 503 }) };
}

const FLAGS = {
  kinds: flagKinds({
    switch: `no-mmap mlock cont-batching no-cont-batching metrics slots no-slots props no-webui jinja
      no-jinja embedding embeddings reranking verbose log-disable no-warmup offline no-kv-offload
      context-shift no-context-shift swa-full kv-unified check-tensors no-mmproj cache-prompt
      no-cache-prompt`,
    value: `model hf-repo hf-file hf-token model-url alias host port ctx-size n-gpu-layers gpu-layers
      threads threads-batch batch-size ubatch-size parallel split-mode tensor-split main-gpu
      flash-attn cache-type-k cache-type-v api-key api-key-file chat-template chat-template-file
      timeout threads-http rope-scaling rope-scale temp top-k top-p min-p seed n-predict mmproj
      model-draft fit device lora slot-save-path reasoning-format reasoning-budget n-cpu-moe
      override-tensor cache-ram path log-file chat-template-kwargs cache-reuse`,
    values: "",
  }),
  aliases: {
    "-m": "model",
    "-hf": "hf-repo",
    "-hfr": "hf-repo",
    "-hff": "hf-file",
    "-hft": "hf-token",
    "-mu": "model-url",
    "-a": "alias",
    "-c": "ctx-size",
    "-ngl": "n-gpu-layers",
    "-t": "threads",
    "-b": "batch-size",
    "-ub": "ubatch-size",
    "-np": "parallel",
    "-sm": "split-mode",
    "-ts": "tensor-split",
    "-mg": "main-gpu",
    "-fa": "flash-attn",
    "-n": "n-predict",
    "-v": "verbose",
    "-to": "timeout",
    "-ctk": "cache-type-k",
    "-ctv": "cache-type-v",
    "-cb": "cont-batching",
  },
  positionals: 0,
};
