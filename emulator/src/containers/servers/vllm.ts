import { posix } from "node:path";
import { planMemory } from "../gpu";
import type { Machine, Process, Program } from "../machine";
import { forever, seconds } from "../machine";
import { findModel, type Model, modelOfSize } from "../models";
import { abilityOf, isTextOnly, knownVocabulary, TASKS } from "../vllm-api/abilities";
import { pythonFixed, pythonRepr } from "../vllm-api/python";
import { routeLines } from "../vllm-api/route-list";
import type { OptionalRoutes } from "../vllm-api/served";
import { VllmServer } from "../vllm-api/server";
import { Statistics } from "../vllm-api/statistics";
import { Vocabulary } from "../vllm-api/vocabulary";
import { accessLog } from "./vllm-access-log";
import { configurationProblem, lengthOf } from "./vllm-checks";
import { firstGpu, needsOtherMachines } from "./vllm-devices";
import { captureGraphs, compile, loadWeights, obtainWeights, weightsIn } from "./vllm-engine";
import { cudaProblem, fitProblem, memoryProblem, occupiedProblem } from "./vllm-gpu-checks";
import { VllmLog } from "./vllm-log";
import { batchOf, longestFit, memoryDemand } from "./vllm-memory";
import { parseVllmOptions, type VllmEntry, type VllmOptions } from "./vllm-options";
import { adapterFilesProblem, adaptersOf } from "./vllm-references";

/** The `vllm` command. */
export function* runVllm(process: Process, args: readonly string[]): Program {
  const [command, ...rest] = args;
  if (command === "serve") {
    return yield* serveVllm(process, "vllm serve", rest);
  }
  yield seconds(5);
  if (/^(?:-v|--version)$/.test(command ?? "") && process.machine.image.vllm !== null) {
    process.machine.print(process.machine.image.vllm.version);
    return 0;
  }
  process.machine.print(
    "usage: vllm [-h] [-v] {chat,complete,serve,launch,bench,collect-env,run-batch} ...",
    ...(command ? [`vllm: error: argument subparser: invalid choice: '${command}'`] : []),
  );
  return command ? 2 : 1;
}

/** vLLM's OpenAI server, from its imports to the moment it serves or fails. */
export function* serveVllm(
  { machine, env }: Process,
  entry: VllmEntry,
  args: readonly string[],
): Program {
  const { vllm: build } = machine.image;
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
    return options.exitCode;
  }
  log.begin(options.model, pythonRepr(options.given));
  if (!env["HF_TOKEN"]) {
    machine.print(`${log.api}${ANONYMOUS}`);
  }
  yield seconds(3);

  const { gpu } = machine;
  const model = localModel(machine, options.model) ?? findModel(options.model);
  const refused = configurationProblem(machine, options, model, env, version);
  if (refused !== null || model === null || gpu === null) {
    log.configurationError(refused ?? []);
    return 1;
  }
  const longest = lengthOf(options, model);
  log.configured(model.id, longest, options.eager);
  yield seconds(8);

  log.info(
    "core",
    "core.py:99",
    `Initializing a V1 LLM engine (v${version}) with config: ${engineConfig(options, longest)}`,
  );
  yield seconds(3);
  const first = firstGpu(env);
  const held = (machine.gpuUtil()[first]?.memoryUtil ?? 0) / 100;
  const unusable =
    cudaProblem(build, gpu, model, options, env) ?? occupiedProblem(gpu, options, held, version);
  if (unusable !== null) {
    log.engineError("device", unusable);
    return 1;
  }
  if (needsOtherMachines(options)) {
    return yield* forever();
  }

  const gpus = options.parallel.world * (options.parallel.local ?? options.parallel.data);
  log.loading(options.model, gpus);
  if (!(yield* obtainWeights(machine, env, model, options, log))) {
    return 1;
  }
  const fitting = options.fitsLength ? longestFit(model, options, gpu, version, longest) : longest;
  const maxModelLen = fitting || longest;
  const demand = memoryDemand(model, options, gpu, version, maxModelLen);
  const plan = planMemory(gpu, { ...demand, maxModelLen });
  const loadedAt = machine.now();
  const hold = (share: number) => machine.holdGpuMemory(held + share, gpus, first);
  if (plan.fit !== "out-of-memory") {
    yield* loadWeights(machine, model, demand.weightsGib, log);
    hold(demand.weightsGib / plan.totalGib);
    if (!options.eager && !(yield* compile(machine, env, model, log))) {
      hold(0);
      return 1;
    }
  }
  const shortage =
    (plan.fit === "out-of-memory" ? null : fitProblem(fitting)) ?? memoryProblem(plan, maxModelLen);
  if (shortage !== null || plan.fit !== "ok") {
    hold(0);
    log.engineError(plan.fit === "out-of-memory" ? "allocation" : "memory", shortage ?? []);
    return 1;
  }
  hold(options.utilization);
  log.info(
    "core",
    "gpu_worker.py:359",
    `Available KV cache memory: ${pythonFixed(plan.availableGib, 2)} GiB`,
  );
  log.info(
    "core",
    "kv_cache_utils.py:1287",
    `GPU KV cache size: ${plan.tokens.toLocaleString("en")} tokens`,
  );
  log.info(
    "core",
    "kv_cache_utils.py:1292",
    `Maximum concurrency for ${maxModelLen.toLocaleString("en")} tokens per request: ${pythonFixed(plan.tokens / maxModelLen, 2)}x`,
  );
  if (!options.eager) {
    yield* captureGraphs(machine, log);
  }
  yield seconds(2);
  log.engineReady(loadedAt);
  const unloaded = adapterFilesProblem(machine, options);
  if (unloaded !== null) {
    hold(0);
    log.configurationError(unloaded);
    return 1;
  }
  if (options.flags.has("headless") || options.flags.has("uds")) {
    return yield* forever();
  }
  const ability = abilityOf(options.model, options.flags);
  log.tasks(TASKS[ability], ability === "generate");

  const { apiKeys, host, port } = options;
  const names = [...options.servedNames, ...adaptersOf(options).map(({ name }) => name)];
  const served = {
    names,
    root: options.model,
    maxModelLen,
    apiKeys,
    version,
    parsesToolCalls: options.toolCallParser !== null || OWN_TOOL_FORMAT.test(options.model),
    choosesTools: options.autoToolChoice,
    ability,
    optionalRoutes: optionalRoutes(options, env),
    trustsTemplates: options.flags.has("trust-request-chat-template"),
    isTextOnly: isTextOnly(options.model),
    vocabularySize: knownVocabulary(options.model),
    maxLogprobs: Number(options.flags.get("max-logprobs")?.[0] ?? 20),
    documents: !options.disableDocs,
    allowedOrigins: options.allowedOrigins,
    statistics: new Statistics({
      sequences: batchOf(gpu, options, version).sequences,
      cacheTokens: plan.tokens,
    }),
    vocabulary: new Vocabulary(),
  };
  const access = accessLog(log, options.flags);
  machine.listen(new VllmServer(host, port, served, machine.now(), access));
  log.listening(`http://${host}:${port}`);
  log.info("api", "launcher.py:37", "Available routes are:");
  for (const line of routeLines(served)) {
    log.info("api", "launcher.py:46", line);
  }
  log.uvicorn("Started server process [1]");
  log.uvicorn("Waiting for application startup.");
  log.uvicorn("Application startup complete.");
  return yield* forever();
}

/** Models whose calls of tools vLLM reads without a parser. */
const OWN_TOOL_FORMAT = /gpt-oss/i;
const ANONYMOUS =
  "Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN to enable higher rate limits and faster downloads.";

/** A model given as a folder that contains weights, or at least a configuration. */
function localModel(machine: Machine, path: string): Model | null {
  if (!posix.isAbsolute(path)) {
    return null;
  }
  const weights = weightsIn(machine, path);
  const sizeGb = weights.reduce((sum, file) => sum + file.sizeGb, 0);
  const isModel = weights.length > 0 || machine.disk.sizeOf(posix.join(path, "config.json"));
  return isModel ? modelOfSize(path, sizeGb) : null;
}

/** Routes that vLLM has only if it is asked for them. */
function optionalRoutes({ flags }: VllmOptions, env: Process["env"]): OptionalRoutes[] {
  const isSet = (name: string) => Number(env[name] ?? 0) !== 0;
  return [
    ...(isSet("VLLM_SERVER_DEV_MODE") ? (["development"] as const) : []),
    ...(/^(?:1|true)$/i.test(env["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] ?? "")
      ? (["adapters"] as const)
      : []),
    ...(flags.has("enable-tokenizer-info-endpoint") ? (["tokenizer"] as const) : []),
  ];
}

function engineConfig(options: VllmOptions, maxModelLen: number): string {
  return [
    `model='${options.model}'`,
    "dtype=torch.bfloat16",
    `max_seq_len=${maxModelLen}`,
    `download_dir=${options.downloadDir ?? "None"}`,
    `tensor_parallel_size=${options.tensorParallel}`,
    `pipeline_parallel_size=${options.pipelineParallel}`,
    `quantization=${options.quantization ?? "None"}`,
    `enforce_eager=${options.eager ? "True" : "False"}`,
    `kv_cache_dtype=${options.kvCacheDtype}`,
    `served_model_name=${options.servedNames[0]}`,
  ].join(", ");
}
