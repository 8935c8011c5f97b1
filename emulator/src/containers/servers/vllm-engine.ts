import { posix } from "node:path";
import {
  DISK_FULL,
  download,
  hubCache,
  inHubCache,
  isDownloaded,
  type RepositoryFile,
} from "../hub";
import type { Environment, Machine } from "../machine";
import { seconds } from "../machine";
import type { Model } from "../models";
import type { VllmLog } from "./vllm-log";
import type { VllmOptions } from "./vllm-options";

/** Finds the weights or downloads them; false if the disk was full before the end, or they cannot be read. */
export function* obtainWeights(
  machine: Machine,
  env: Environment,
  model: Model,
  options: VllmOptions,
  log: VllmLog,
): Generator<number, boolean> {
  if (options.flags.get("load-format")?.[0] === "dummy") {
    return true;
  }
  if (posix.isAbsolute(model.id)) {
    return areReadable(machine, weightsIn(machine, model.id), model, log);
  }
  const cache = options.downloadDir ?? hubCache(env);
  const job = { ...inHubCache(model, cache), prefix: log.core };
  if (isDownloaded(machine, job)) {
    return areReadable(machine, job.files, model, log);
  }
  const begun = machine.now();
  if (!(yield* download(machine, job))) {
    log.engineError("weights", [DISK_FULL]);
    return false;
  }
  const took = ((machine.now() - begun) / 1000).toFixed(6);
  log.info(
    "core",
    "weight_utils.py:481",
    `Time spent downloading weights for ${model.id}: ${took} seconds`,
  );
  return true;
}

/** The files with weights in a folder. */
export function weightsIn(machine: Machine, folder: string): RepositoryFile[] {
  return machine.disk.list(folder).filter(({ path }) => path.endsWith(".safetensors"));
}

/** An interrupted copy leaves files without content. */
function areReadable(
  machine: Machine,
  files: readonly RepositoryFile[],
  model: Model,
  log: VllmLog,
): boolean {
  if (files.length === 0) {
    log.engineError("weights", [
      `RuntimeError: Cannot find any model weights with \`${model.id}\``,
    ]);
    return false;
  }
  if (files.some(({ path }) => machine.disk.sizeOf(path) === 0)) {
    log.engineError("weights", [
      "safetensors._safetensors_rust.SafetensorError: Error while deserializing header: header too small",
    ]);
    return false;
  }
  return true;
}

export function* loadWeights(
  machine: Machine,
  model: Model,
  weightsGib: number,
  log: VllmLog,
): Generator<number, void> {
  const files = Math.max(1, Math.ceil(model.weightsGb / 5));
  const took = 2 + model.weightsGb / DISK_READ_GB_PER_SECOND;
  const progress = "Loading safetensors checkpoint shards:";
  machine.print(`${log.core}${progress}   0% Completed | 0/${files} [00:00<?, ?it/s]`);
  yield seconds(took);
  machine.print(
    `${log.core}${progress} 100% Completed | ${files}/${files} [${clock(took)}<00:00, ${(took / files).toFixed(2)}s/it]`,
  );
  log.info("core", "default_loader.py:291", `Loading weights took ${took.toFixed(2)} seconds`);
  log.modelLoaded(weightsGib, took + 0.8);
}

/** torch.compile, whose result stays where VLLM_CACHE_ROOT points; false if the disk is full. */
export function* compile(
  machine: Machine,
  env: Environment,
  model: Model,
  log: VllmLog,
): Generator<number, boolean> {
  const home = env["HOME"] || "/root";
  const root =
    env["VLLM_CACHE_ROOT"] || posix.join(env["XDG_CACHE_HOME"] || `${home}/.cache`, "vllm");
  const name = model.id.replaceAll("/", "--");
  const graph = posix.join(root, "torch_compile_cache", name, "rank_0_0/backbone");
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
  const written = [
    { path: "/tmp/torchinductor_root/cache", sizeGb: 1 },
    { path: `${home}/.triton/cache`, sizeGb: 0.4 },
    { path: graph, sizeGb: 0.6 },
  ];
  for (const { path, sizeGb } of written) {
    if (!machine.disk.write(path, sizeGb)) {
      // An unfinished result is not reused.
      machine.disk.remove(path);
      log.engineError("compile", [`OSError: [Errno 28] No space left on device: '${path}'`]);
      return false;
    }
  }
  log.info("core", "monitor.py:34", "torch.compile takes 30.57 s in total");
  return true;
}

export function* captureGraphs(machine: Machine, log: VllmLog): Generator<number, void> {
  yield seconds(6);
  machine.print(
    "Capturing CUDA graphs (mixed prefill-decode, PIECEWISE): 100%|██████████| 51/51 [00:04<00:00, 11.91it/s]",
  );
  log.info("core", "gpu_model_runner.py:4587", "Graph capturing finished in 6 secs, took 0.62 GiB");
}

const DISK_READ_GB_PER_SECOND = 2;

function clock(duration: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${two(duration / 60)}:${two(duration % 60)}`;
}
