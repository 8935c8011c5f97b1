import { type FlagTable, flagKinds, parseCommandLine } from "../argparse";
import { GIB, planMemory } from "../gpu";
import { DISK_FULL, download, hubCache, hubRefusal, inHubCache } from "../hub";
import type { Machine, Process, Program } from "../machine";
import { forever, seconds } from "../machine";
import { findModel, USUAL_MAX_POSITION } from "../models";
import { SGLANG_DIALECT } from "../openai-dialects";
import { OpenAiServer } from "../openai-server";

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
export function* serveSglang({ machine, env }: Process, args: readonly string[]): Program {
  yield seconds(9);
  const line = parseCommandLine(args, FLAGS);
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
  const gpus = Number(one("tp-size") ?? one("tensor-parallel-size") ?? 1);
  const utilization = Number(one("mem-fraction-static") ?? 0.88);
  machine.print(
    `${TIME} server_args=ServerArgs(model_path='${id}', host='${host}', port=${port}, tp_size=${gpus}, mem_fraction_static=${utilization})`,
  );
  yield seconds(5);

  const model = findModel(id);
  const { gpu } = machine;
  const refusal = hubRefusal(id, model, env);
  if (gpu === null || refusal !== null || model === null) {
    return failed(machine, refusal ?? ["RuntimeError: No CUDA GPUs are available"]);
  }
  if (gpus > gpu.count) {
    return failed(machine, ["torch.AcceleratorError: CUDA error: invalid device ordinal"]);
  }
  machine.print(`${TIME} Load weight begin. avail mem=${(gpu.memoryGb * 0.98).toFixed(2)} GB`);
  const job = { ...inHubCache(model, one("download-dir") ?? hubCache(env)), prefix: "" };
  if (!(yield* download(machine, job))) {
    return failed(machine, [DISK_FULL]);
  }
  yield seconds(3 + model.weightsGb / 2);

  const maxModelLen = Number(one("context-length") ?? model.maxPosition ?? USUAL_MAX_POSITION);
  const plan = planMemory(gpu, {
    weightsGib: (model.weightsGb * 1e9) / GIB / gpus,
    kvBytesPerToken: model.kvBytesPerToken / gpus,
    maxModelLen,
    utilization,
  });
  if (plan.fit === "out-of-memory") {
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
  const served = { names, root: id, maxModelLen, apiKeys, version: "0.5.23" };
  machine.listen(new OpenAiServer(host, port, served, SGLANG_DIALECT, machine.now()));
  machine.print(
    `${TIME} INFO:     Application startup complete.`,
    `${TIME} INFO:     Uvicorn running on http://${host}:${port} (Press CTRL+C to quit)`,
    `${TIME} The server is fired up and ready to roll!`,
  );
  return yield* forever();
}

const TIME = "[%S]";

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

const FLAGS: FlagTable = {
  kinds: flagKinds({
    switch: `trust-remote-code skip-tokenizer-init skip-server-warmup enable-metrics enable-mixed-chunk
      enable-torch-compile enable-p2p-check enable-dp-attention enable-ep-moe enable-hierarchical-cache
      enable-lora enable-multimodal enable-cache-report enable-deterministic-inference
      disable-cuda-graph disable-cuda-graph-padding disable-radix-cache disable-overlap-schedule
      disable-custom-all-reduce disable-shared-experts-fusion disable-chunked-prefix-cache
      log-requests show-time-cost is-embedding triton-attention-reduce-in-fp32`,
    value: `model-path model tokenizer-path tokenizer-mode load-format model-loader-extra-config
      context-length host port mem-fraction-static max-running-requests max-queued-requests
      max-total-tokens chunked-prefill-size max-prefill-tokens schedule-policy
      schedule-conservativeness page-size device tp-size tensor-parallel-size pp-size
      pipeline-parallel-size dp-size data-parallel-size ep-size expert-parallel-size nnodes node-rank
      dist-init-addr dtype quantization kv-cache-dtype revision download-dir served-model-name
      chat-template completion-template reasoning-parser tool-call-parser log-level log-level-http
      log-requests-level random-seed stream-interval watchdog-timeout base-gpu-id attention-backend
      sampling-backend grammar-backend mm-attention-backend cuda-graph-max-bs max-lora-rank
      max-loras-per-batch lora-backend speculative-algorithm speculative-draft-model-path
      speculative-num-steps speculative-eagle-topk speculative-num-draft-tokens hicache-ratio
      hicache-size moe-runner-backend moe-a2a-backend disaggregation-mode
      disaggregation-transfer-backend json-model-override-args admin-api-key
      file-storage-path weight-version cpu-offload-gb`,
    values: "api-key cuda-graph-bs lora-paths lora-target-modules",
  }),
  aliases: { "--tp": "tp-size", "--dp": "dp-size", "--pp": "pp-size", "--ep": "ep-size" },
  positionals: 0,
};
