import { flagKinds, parseCommandLine } from "../argparse";
import { GIB, planMemory } from "../gpu";
import { DISK_FULL, download, hubCache, inHubCache, isDownloaded } from "../hub";
import { hubRefusal, incomplete } from "../hub-refusal";
import type { Machine, Process, Program } from "../machine";
import { forever, seconds } from "../machine";
import { findModel } from "../models";
import { TGI_DIALECT } from "../openai-dialects";
import { OpenAiServer } from "../openai-server";
import { wrongValue } from "./tgi-values";

/** Hugging Face's text-generation-launcher. Each flag may also be an environment variable. */
export function* serveTgi({ machine, env }: Process, args: readonly string[]): Program {
  yield seconds(3);
  const line = parseCommandLine(args, FLAGS);
  const inexact = args.find((arg) => /^--./.test(arg) && !isExact(arg));
  const unexpected = inexact?.split("=", 1)[0] ?? line.unrecognized[0];
  if (unexpected !== undefined) {
    machine.print(`error: unexpected argument '${unexpected}' found`, "", USAGE);
    return 2;
  }
  const setting = (name: string) =>
    line.flags.get(name)?.[0] ?? env[name.toUpperCase().replaceAll("-", "_")];
  const id = setting("model-id") ?? "bigscience/bloom-560m";
  const port = Number(setting("port") ?? 3000);
  const host = setting("hostname") ?? "0.0.0.0";
  const wrong = wrongValue(setting);
  if (wrong !== null) {
    machine.print(...wrong, "", "For more information, try '--help'.");
    return 2;
  }
  const [input, total] = [setting("max-input-tokens"), setting("max-total-tokens")].map(Number);
  if (input !== undefined && total !== undefined && input >= total) {
    const rule = `\`max_input_tokens\`(${input}) must be < \`max_total_tokens\`(${total})`;
    machine.print(`Error: ArgumentValidation("${rule}")`);
    return 1;
  }
  const { gpu } = machine;
  const gpus = Number(setting("num-shard") ?? gpu?.count ?? 1);
  launcher(
    machine,
    "INFO",
    `Args { model_id: "${id}", num_shard: ${gpus}, hostname: "${host}", port: ${port} }`,
  );
  launcher(machine, "INFO", `Starting check and download process for ${id}`, "download: ");

  const model = findModel(id);
  const revision = setting("revision");
  const refusal = hubRefusal(machine, env, { id, model, revision }) ?? incomplete(id);
  if (refusal !== null || model === null) {
    launcher(
      machine,
      "ERROR",
      "Download encountered an error: Traceback (most recent call last):",
      "download: ",
    );
    machine.print(...(refusal ?? []), "Error: DownloadError");
    return 1;
  }
  const job = {
    ...inHubCache(model, hubCache(env)),
    prefix: "%I  INFO text_generation_launcher: ",
  };
  if (isDownloaded(machine, job)) {
    launcher(machine, "INFO", "Files are already present on the host. Skipping download.");
  } else if (!(yield* download(machine, job))) {
    launcher(
      machine,
      "ERROR",
      "Download encountered an error: Traceback (most recent call last):",
      "download: ",
    );
    machine.print(DISK_FULL, "Error: DownloadError");
    return 1;
  }
  launcher(machine, "INFO", `Successfully downloaded weights for ${id}`, "download: ");
  launcher(machine, "INFO", "Starting shard rank=0", "shard-manager: ");

  const maxModelLen = Number(setting("max-total-tokens") ?? 4096);
  const problem = shardProblem(
    machine,
    gpus,
    model.weightsGb,
    model.kvBytesPerToken(maxModelLen),
    maxModelLen,
  );
  yield seconds(5 + model.weightsGb / 2);
  if (problem !== null) {
    launcher(machine, "ERROR", "Shard complete standard error output:", "shard-manager: ");
    machine.print(problem);
    launcher(machine, "ERROR", "Shard 0 failed to start");
    launcher(machine, "INFO", "Shutting down shards");
    machine.print("Error: ShardCannotStart");
    return 1;
  }
  machine.holdGpuMemory(0.93, gpus);
  launcher(
    machine,
    "INFO",
    `Shard ready in ${(5 + model.weightsGb / 2).toFixed(9)}s rank=0`,
    "shard-manager: ",
  );
  launcher(machine, "INFO", "Starting Webserver");
  yield seconds(4);

  const apiKey = setting("api-key");
  const apiKeys = apiKey ? [apiKey] : [];
  const sequences = Number(setting("max-batch-size") ?? Number.POSITIVE_INFINITY);
  const capacity = { sequences };
  const served = { names: [id], root: id, maxModelLen, apiKeys, version: "3.3.7", capacity };
  machine.listen(new OpenAiServer(host, port, served, TGI_DIALECT, machine.now()));
  machine.print("%I  INFO text_generation_router::server: router/src/server.rs:2393: Connected");
  return yield* forever();
}

/** Unlike argparse, clap takes neither underscores nor beginnings of names. */
function isExact(arg: string): boolean {
  const [flag = ""] = arg.split("=", 1);
  return FLAGS.kinds.has(flag.slice(2)) || flag === "--help" || flag === "--version";
}

const USAGE = "Usage: text-generation-launcher [OPTIONS]";

function launcher(machine: Machine, level: "INFO" | "ERROR", text: string, span = ""): void {
  machine.print(`%I ${level.padStart(5)} ${span}text_generation_launcher: ${text}`);
}

function shardProblem(
  { gpu }: Machine,
  gpus: number,
  weightsGb: number,
  kvBytesPerToken: number,
  maxModelLen: number,
): string | null {
  if (gpu === null) {
    return "RuntimeError: No CUDA GPUs are available";
  }
  if (gpus > gpu.count) {
    return `NotEnoughCUDADevices: sharded is true but only found ${gpu.count} CUDA devices`;
  }
  const plan = planMemory(gpu, {
    weightsGib: (weightsGb * 1e9) / GIB / gpus,
    kvBytesPerToken: kvBytesPerToken / gpus,
    maxModelLen,
    utilization: 0.93,
  });
  return plan.fit === "ok"
    ? null
    : `torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 540.00 MiB. GPU 0 has a total capacity of ${plan.totalGib.toFixed(2)} GiB of which 95.56 MiB is free.`;
}

const FLAGS = {
  kinds: flagKinds({
    switch: `trust-remote-code json-output disable-custom-kernels disable-grammar-support env
      disable-usage-stats enable-prefill-logprobs`,
    value: `model-id revision validation-workers sharded num-shard quantize speculate dtype
      kv-cache-dtype max-concurrent-requests max-best-of max-stop-sequences max-top-n-tokens
      max-input-tokens max-input-length max-total-tokens waiting-served-ratio
      max-batch-prefill-tokens max-batch-total-tokens max-waiting-tokens max-batch-size cuda-graphs
      hostname port prometheus-port shard-uds-path master-addr master-port huggingface-hub-cache
      weights-cache-override cuda-memory-fraction rope-scaling rope-factor otlp-endpoint
      cors-allow-origin api-key ngrok-authtoken tokenizer-config-path max-client-batch-size
      lora-adapters usage-stats payload-limit graceful-termination-timeout`,
    values: "",
  }),
  aliases: { "-p": "port", "-e": "env" },
  positionals: 0,
};
