import { posix } from "node:path";
import { GIB, planMemory } from "../gpu";
import { type Download, download, hubCache, isDownloaded, shards } from "../hub";
import type { Environment, Machine, Process, Program } from "../machine";
import { seconds } from "../machine";
import { findModel, type Model, modelOfSize } from "../models";
import { OpenAiServer, vllmDialect } from "../openai-server";
import { configurationProblem, cudaProblem, DISK_FULL, memoryProblem } from "./vllm-checks";
import { VllmLog } from "./vllm-log";
import { parseVllmOptions, type VllmEntry, type VllmOptions } from "./vllm-options";

/** vLLM's OpenAI server, from its imports to the moment it serves or fails. */
export function* serveVllm(
  { machine, env }: Process,
  entry: VllmEntry,
  args: readonly string[],
): Program {
  const build = machine.image.vllm;
  if (build === null) {
    machine.print("ModuleNotFoundError: No module named 'vllm'");
    return 1;
  }
  const { version } = build;
  const log = new VllmLog(machine, version);
  yield seconds(7);

  const options = parseVllmOptions(entry, args, env, version);
  if ("error" in options) {
    machine.print(`usage: ${options.usage}`, options.error);
    return 2;
  }
  log.info("api", "api_server.py:1977", `vLLM API server version ${version}`);
  log.info("api", "utils.py:253", `non-default args: ${python(options.given)}`);
  if (!env["HF_TOKEN"]) {
    machine.print(`${log.api}${ANONYMOUS}`);
  }
  yield seconds(3);

  const model = localModel(machine, options.model) ?? findModel(options.model);
  const refused = configurationProblem(options, model, machine.gpu, env, version);
  if (refused !== null || model === null || machine.gpu === null) {
    log.configurationError(refused ?? []);
    return 1;
  }
  const maxModelLen = options.maxModelLen ?? model.maxPosition;
  log.info("api", "model.py:545", `Resolved architecture: ${architecture(model)}`);
  log.info("api", "model.py:1661", `Using max model len ${maxModelLen}`);
  log.info("api", "scheduler.py:226", CHUNKED_PREFILL);
  yield seconds(8);

  log.info(
    "core",
    "core.py:99",
    `Initializing a V1 LLM engine (v${version}) with config: ${python(engineConfig(options, maxModelLen))}`,
  );
  yield seconds(3);
  const cuda = cudaProblem(build, machine.gpu, model, options, env);
  if (cuda !== null) {
    log.engineError(cuda);
    return 1;
  }

  log.info("core", "gpu_model_runner.py:3562", `Starting to load model ${options.model}...`);
  const weights = { model, cache: cacheFolder(options, env), prefix: log.core };
  if (!(yield* obtainWeights(machine, weights, log))) {
    log.engineError([DISK_FULL]);
    return 1;
  }
  const plan = planMemory(machine.gpu, {
    weightsGib: weightsGib(model, options),
    kvBytesPerToken: kvBytesPerToken(model, options),
    maxModelLen,
    utilization: options.utilization,
  });
  const gpus = options.tensorParallel * options.pipelineParallel;
  if (plan.fit !== "out-of-memory") {
    yield* loadWeights(machine, model, options, log);
    machine.holdGpuMemory(weightsGib(model, options) / plan.totalGib, gpus);
    if (!options.eager && !(yield* compile(machine, env, model, log))) {
      return 1;
    }
  }
  const short = memoryProblem(plan, maxModelLen);
  if (short !== null || plan.fit !== "ok") {
    log.engineError(short ?? []);
    return 1;
  }
  machine.holdGpuMemory(options.utilization, gpus);
  log.info(
    "core",
    "gpu_worker.py:359",
    `Available KV cache memory: ${plan.availableGib.toFixed(2)} GiB`,
  );
  log.info(
    "core",
    "kv_cache_utils.py:1287",
    `GPU KV cache size: ${plan.tokens.toLocaleString("en")} tokens`,
  );
  log.info(
    "core",
    "kv_cache_utils.py:1292",
    `Maximum concurrency for ${maxModelLen.toLocaleString("en")} tokens per request: ${(plan.tokens / maxModelLen).toFixed(2)}x`,
  );
  if (!options.eager) {
    yield seconds(6);
    machine.print(
      "Capturing CUDA graphs (mixed prefill-decode, PIECEWISE): 100%|██████████| 51/51 [00:04<00:00, 11.91it/s]",
    );
    log.info(
      "core",
      "gpu_model_runner.py:4587",
      "Graph capturing finished in 6 secs, took 0.62 GiB",
    );
  }
  yield seconds(2);

  log.info("api", "api_server.py:1346", "Supported tasks: ['generate']");
  log.warning("api", "model.py:1451", SAMPLING_DEFAULTS);
  log.info(
    "api",
    "api_server.py:1351",
    `Starting vLLM API server 0 on http://${options.host}:${options.port}`,
  );
  log.info("api", "launcher.py:46", "Route: /v1/chat/completions, Methods: POST");
  const { servedNames: names, apiKeys, host, port } = options;
  const served = { names, root: options.model, maxModelLen, apiKeys };
  machine.listen(new OpenAiServer(host, port, served, vllmDialect(version), machine.now()));
  machine.print(
    `${log.api}INFO:     Started server process [1]`,
    `${log.api}INFO:     Waiting for application startup.`,
    `${log.api}INFO:     Application startup complete.`,
  );
  for (;;) {
    yield Number.POSITIVE_INFINITY;
  }
}

const ANONYMOUS =
  "Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN to enable higher rate limits and faster downloads.";
const CHUNKED_PREFILL = "Chunked prefill is enabled with max_num_batched_tokens=8192.";
const SAMPLING_DEFAULTS =
  "Default sampling parameters have been overridden by the model's Hugging Face generation config recommended from the model creator. If this is not intended, please relaunch vLLM instance with `--generation-config vllm`.";

const DISK_READ_GB_PER_SECOND = 2;

function* obtainWeights(machine: Machine, job: Download, log: VllmLog): Generator<number, boolean> {
  if (localModel(machine, job.model.id) !== null || isDownloaded(machine, job)) {
    return true;
  }
  const begun = machine.now();
  if (!(yield* download(machine, job))) {
    return false;
  }
  const took = ((machine.now() - begun) / 1000).toFixed(6);
  log.info(
    "core",
    "weight_utils.py:481",
    `Time spent downloading weights for ${job.model.id}: ${took} seconds`,
  );
  return true;
}

function* loadWeights(
  machine: Machine,
  model: Model,
  options: VllmOptions,
  log: VllmLog,
): Generator<number, void> {
  const count = shards(model).length;
  const duration = 2 + model.weightsGb / DISK_READ_GB_PER_SECOND;
  machine.print(
    `${log.core}Loading safetensors checkpoint shards:   0% Completed | 0/${count} [00:00<?, ?it/s]`,
  );
  yield seconds(duration);
  machine.print(
    `${log.core}Loading safetensors checkpoint shards: 100% Completed | ${count}/${count} [00:${String(Math.round(duration) % 60).padStart(2, "0")}<00:00,  1.17s/it]`,
  );
  log.info("core", "default_loader.py:291", `Loading weights took ${duration.toFixed(2)} seconds`);
  log.info(
    "core",
    "gpu_model_runner.py:3659",
    `Model loading took ${weightsGib(model, options).toFixed(4)} GiB memory and ${(duration + 1).toFixed(6)} seconds`,
  );
}

/** torch.compile, whose result is kept where the user put VLLM_CACHE_ROOT; false if the disk is full. */
function* compile(
  machine: Machine,
  env: Environment,
  model: Model,
  log: VllmLog,
): Generator<number, boolean> {
  const home = env["HOME"] || "/root";
  const root =
    env["VLLM_CACHE_ROOT"] || posix.join(env["XDG_CACHE_HOME"] || `${home}/.cache`, "vllm");
  const folder = posix.join(root, "torch_compile_cache", model.id.replace("/", "--"), "rank_0_0");
  const graph = posix.join(folder, "backbone");
  log.info("core", "backends.py:644", `Using cache directory: ${graph} for vLLM's torch.compile`);
  if (machine.disk.sizeOf(graph) !== undefined) {
    yield seconds(4);
    log.info(
      "core",
      "backends.py:217",
      "Directly load the compiled graph(s) for compile range (1, 8192) from the cache, took 3.211 s",
    );
    return true;
  }
  yield seconds(9);
  log.info("core", "backends.py:704", "Dynamo bytecode transform time: 8.42 s");
  yield seconds(22);
  for (const [path, sizeGb] of [
    ["/tmp/torchinductor_root/cache", 1],
    [`${home}/.triton/cache`, 0.4],
    [graph, 0.6],
  ] as const) {
    if (!machine.disk.write(path, sizeGb)) {
      log.engineError([`OSError: [Errno 28] No space left on device: '${path}'`]);
      return false;
    }
  }
  log.info("core", "monitor.py:34", "torch.compile takes 30.57 s in total");
  return true;
}

function cacheFolder(options: VllmOptions, env: Environment): string {
  return options.downloadDir ?? hubCache(env);
}

/** A model given as a folder that really holds weights. */
function localModel(machine: Machine, path: string): Model | null {
  if (!posix.isAbsolute(path)) {
    return null;
  }
  const weights = machine.disk.list(path).filter((file) => file.path.endsWith(".safetensors"));
  const sizeGb = weights.reduce((sum, file) => sum + file.sizeGb, 0);
  return sizeGb > 0 ? modelOfSize(path, sizeGb) : null;
}

/** Quantising while loading shrinks what the GPU holds, not what is downloaded. */
function weightsGib(
  model: Model,
  { quantization, tensorParallel, pipelineParallel }: VllmOptions,
): number {
  const shrunk = model.fullPrecision && quantization !== null;
  const factor = !shrunk ? 1 : /bitsandbytes|4/.test(quantization) ? 0.3 : 0.55;
  return (model.weightsGb * 1e9 * factor) / GIB / (tensorParallel * pipelineParallel);
}

function kvBytesPerToken(model: Model, options: VllmOptions): number {
  const factor = options.kvCacheDtype.startsWith("fp8") ? 0.5 : 1;
  return (model.kvBytesPerToken * factor) / (options.tensorParallel * options.pipelineParallel);
}

function architecture({ id }: Model): string {
  const family =
    id.match(/(qwen3|qwen2|llama|mi[sx]tral|gemma3|gemma|phi3|deepseek|glm4|gpt-?oss)/i)?.[1] ??
    "llama";
  return `${family.charAt(0).toUpperCase()}${family.slice(1).toLowerCase().replace("-", "")}ForCausalLM`;
}

function engineConfig(
  options: VllmOptions,
  maxModelLen: number,
): Record<string, string | number | boolean> {
  return {
    model: options.model,
    dtype: "torch.bfloat16",
    max_seq_len: maxModelLen,
    download_dir: options.downloadDir ?? "None",
    tensor_parallel_size: options.tensorParallel,
    pipeline_parallel_size: options.pipelineParallel,
    quantization: options.quantization ?? "None",
    enforce_eager: options.eager,
    kv_cache_dtype: options.kvCacheDtype,
    served_model_name: options.servedNames[0] ?? options.model,
  };
}

/** A dictionary as Python prints it. */
function python(values: Readonly<Record<string, string | number | boolean>>): string {
  const text = (value: string | number | boolean) => {
    return typeof value === "boolean"
      ? value
        ? "True"
        : "False"
      : typeof value === "string"
        ? `'${value}'`
        : `${value}`;
  };
  return `{${Object.entries(values)
    .map(([key, value]) => `'${key}': ${text(value)}`)
    .join(", ")}}`;
}
