import { parseCommandLine } from "../argparse";
import { GIB, planMemory } from "../gpu";
import { DISK_FULL, download, hubCache, inHubCache } from "../hub";
import { hubRefusal, incomplete } from "../hub-refusal";
import type { Machine, Process, Program } from "../machine";
import { forever, seconds } from "../machine";
import { findModel, USUAL_MAX_POSITION } from "../models";
import { SGLANG_DIALECT } from "../openai-dialects";
import { OpenAiServer } from "../openai-server";
import { releaseFlags } from "./release-flags";
import { argumentProblem, wrongValue } from "./sglang-checks";

/** The `sglang` command: `sglang serve MODEL`. */
export function* runSglang(process: Process, args: readonly string[]): Program {
  const [command, ...rest] = args;
  if (command === "serve") {
    const [model, ...flags] = rest;
    const named = model?.startsWith("-") ? rest : ["--model-path", model ?? "", ...flags];
    return yield* serveSglang(process, named);
  }
  process.machine.print("usage: sglang {serve,generate,version} ...");
  return 2;
}

/** SGLang's server. It listens on the loopback address by default. */
export function* serveSglang(process: Process, args: readonly string[]): Program {
  const { machine, env } = process;
  yield seconds(9);
  const release = machine.image.release ?? NEWEST;
  const flags = flagsOf(release);
  const line = parseCommandLine(args, {
    ...flags,
    aliases: SHORT,
    positionals: 0,
    wrongValue: (name, value) => flags.wrongValue(name, value) ?? wrongValue(name, value, release),
  });
  const one = (name: string) => line.flags.get(name)?.[0];
  const id = one("model-path") ?? one("model");
  const usage = usageError(line.error, line.unrecognized, id);
  if (usage !== null || id === undefined) {
    machine.print(
      "usage: launch_server.py [-h] --model-path MODEL_PATH ...",
      `launch_server.py: error: ${usage}`,
    );
    return 2;
  }
  const host = one("host") ?? "127.0.0.1";
  const port = Number(one("port") ?? 30_000);
  const parallel = Number(one("tp-size") ?? one("tensor-parallel-size") ?? 1);
  const stages = Number(one("pp-size") ?? one("pipeline-parallel-size") ?? 1);
  const copies = Number(one("dp-size") ?? one("data-parallel-size") ?? 1);
  const gpus = parallel * stages * (line.flags.has("enable-dp-attention") ? 1 : copies);
  const utilization = Number(one("mem-fraction-static") ?? 0.88);
  machine.print(
    `${TIME} server_args=ServerArgs(model_path='${id}', host='${host}', port=${port}, tp_size=${gpus}, mem_fraction_static=${utilization})`,
  );
  yield seconds(5);

  const model = findModel(id);
  const { gpu } = machine;
  const cache = one("download-dir");
  const query = { id, model, revision: one("revision"), cache };
  const refusal = hubRefusal(machine, env, query) ?? incomplete(id);
  if (gpu === null || refusal !== null || model === null) {
    return failed(machine, refusal ?? ["RuntimeError: No CUDA GPUs are available"]);
  }
  const problem = argumentProblem(process, line.flags, model, {
    world: parallel * stages,
    allowsLonger: isOn(env["SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN"]),
  });
  if (problem !== null) {
    machine.print("Traceback (most recent call last):", problem);
    return 1;
  }
  const nodes = Number(one("nnodes") ?? 1);
  if (nodes > 1) {
    machine.print(`${TIME} Init torch distributed begin.`);
    return yield* forever();
  }
  if (gpus > gpu.count) {
    return failed(machine, ["torch.AcceleratorError: CUDA error: invalid device ordinal"]);
  }
  machine.print(`${TIME} Load weight begin. avail mem=${(gpu.memoryGb * 0.98).toFixed(2)} GB`);
  const job = { ...inHubCache(model, cache ?? hubCache(env)), prefix: "" };
  if (!(yield* download(machine, job))) {
    return failed(machine, [DISK_FULL]);
  }
  const quantization = one("quantization");
  if (model.fullPrecision && /^(?:awq|gptq)/.test(quantization ?? "")) {
    return failed(machine, [`ValueError: Cannot find the config file for ${quantization}`]);
  }
  yield seconds(3 + model.weightsGb / 2);

  const maxModelLen = Number(one("context-length") ?? model.maxPosition ?? USUAL_MAX_POSITION);
  const plan = planMemory(gpu, {
    weightsGib: (model.weightsGb * 1e9) / GIB / gpus,
    kvBytesPerToken: model.kvBytesPerToken(maxModelLen) / gpus,
    maxModelLen,
    utilization,
  });
  if (plan.fit === "out-of-memory" || utilization > 1) {
    return failed(machine, [
      `torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 540.00 MiB. GPU 0 has a total capacity of ${plan.totalGib.toFixed(2)} GiB of which 298.75 MiB is free.`,
    ]);
  }
  if (plan.fit === "no-cache") {
    return failed(machine, [
      "RuntimeError: Not enough memory. Please try to increase --mem-fraction-static.",
    ]);
  }
  machine.print(
    `${TIME} Load weight end. type=${model.id.split("/")[1]}, avail mem=${plan.availableGib.toFixed(2)} GB, mem usage=${(model.weightsGb / gpus).toFixed(2)} GB.`,
    `${TIME} KV Cache is allocated. #tokens: ${plan.tokens}`,
    `${TIME} Capture cuda graph begin. This can take up to several minutes.`,
  );
  machine.holdGpuMemory(utilization, gpus);
  yield seconds(15);
  machine.print(`${TIME} Capture cuda graph end. Time elapsed: 14.62 s.`);

  const apiKeys = line.flags.get("api-key") ?? [];
  const names = [one("served-model-name") ?? id];
  const metrics = line.flags.has("enable-metrics");
  const sequences = Number(one("max-running-requests") ?? Number.POSITIVE_INFINITY);
  const capacity = { sequences, cacheTokens: plan.tokens };
  const served = { names, root: id, maxModelLen, apiKeys, version: release, metrics, capacity };
  machine.listen(new OpenAiServer(host, port, served, SGLANG_DIALECT, machine.now()));
  machine.print(
    `${TIME} INFO:     Application startup complete.`,
    `${TIME} INFO:     Uvicorn running on http://${host}:${port} (Press CTRL+C to quit)`,
    `${TIME} The server is fired up and ready to roll!`,
  );
  return yield* forever();
}

const TIME = "[%S]";

const flagsOf = releaseFlags("sglang", {});
const NEWEST = "0.5.23";

function usageError(
  error: string | null,
  unrecognized: readonly string[],
  id: string | undefined,
): string | null {
  if (error !== null) {
    return error;
  }
  if (unrecognized.length > 0) {
    return `unrecognized arguments: ${unrecognized.join(" ")}`;
  }
  return id ? null : "the following arguments are required: --model-path/--model";
}

function failed(machine: Machine, error: readonly string[]): number {
  machine.print(
    `${TIME} Scheduler hit an exception: Traceback (most recent call last):`,
    '  File "/sgl-workspace/sglang/python/sglang/srt/managers/scheduler.py", line 3140, in run_scheduler_process',
    ...error,
    "",
    `${TIME} Received sigquit from a child process. It usually means the child failed.`,
  );
  return 137;
}

/** Short forms that older releases take, although longer names begin alike. */
const SHORT = { "--tp": "tp-size", "--dp": "dp-size", "--pp": "pp-size", "--ep": "ep-size" };

function isOn(value: string | undefined): boolean {
  return /^(?:1|true|yes|y)$/i.test(value ?? "");
}
