import { isSince } from "../../core/versions";
import type { Gpu } from "../types";
import { batchOf } from "./vllm-memory";
import { givenNumber } from "./vllm-numbers";
import type { VllmOptions } from "./vllm-options";
import { validationError } from "./vllm-ranges";

/**
 * The end of the traceback if the options of the scheduler do not fit each other or the context; null
 * if they do (SchedulerConfig.verify_max_model_len in vllm/config/scheduler.py).
 */
export function schedulerProblem(
  options: VllmOptions,
  gpu: Gpu,
  maxModelLen: number,
  version: string,
): string[] | null {
  const { flags } = options;
  const given = (name: string, otherwise: number) => givenNumber(flags, name) ?? otherwise;
  const batch = batchOf(gpu, options, version);
  const isChunked = !flags.has("no-enable-chunked-prefill");
  const { sequences } = batch;
  const tokens = flags.has("max-num-batched-tokens")
    ? batch.tokens
    : Math.min(
        sequences * maxModelLen,
        isChunked ? batch.tokens : Math.max(batch.tokens, maxModelLen),
      );
  const refusal = (message: string) => validationError("SchedulerConfig", message);
  if (tokens < maxModelLen && !isChunked) {
    return refusal(
      `max_num_batched_tokens (${tokens}) is smaller than max_model_len (${maxModelLen}). This effectively limits the maximum sequence length to max_num_batched_tokens and makes vLLM reject longer sequences. Please increase max_num_batched_tokens or decrease max_model_len.`,
    );
  }
  // Without the option, the sequences follow the tokens.
  if (flags.has("max-num-seqs") && tokens < sequences) {
    return refusal(
      `max_num_batched_tokens (${tokens}) must be greater than or equal to max_num_seqs (${sequences}).`,
    );
  }
  const threshold = given("long-prefill-token-threshold", 0);
  if (threshold > maxModelLen && isSince(version, "0.28.0")) {
    return refusal(
      `long_prefill_token_threshold (${threshold}) cannot be greater than the max_model_len (${maxModelLen}).`,
    );
  }
  const partial = given("max-num-partial-prefills", 1);
  const long = given("max-long-partial-prefills", 1);
  if (isSince(version, "0.12.0")) {
    const feature = "Concurrent Partial Prefill";
    return partial === 1 && long === 1
      ? null
      : [
          `NotImplementedError: ${feature} is not supported. We recommend to remove ${feature} from your config.`,
        ];
  }
  return long <= partial
    ? null
    : refusal(
        `max_long_partial_prefills (${long}) must be greater than or equal to 1 and less than or equal to max_num_partial_prefills (${partial}).`,
      );
}

/** The end of the traceback if the options of adapters do not fit each other; null if they do (vllm/config/lora.py). */
export function adapterProblem({ flags }: VllmOptions): string[] | null {
  if (!flags.has("enable-lora")) {
    return null;
  }
  const most = givenNumber(flags, "max-loras") ?? 1;
  const onCpu = givenNumber(flags, "max-cpu-loras") ?? 0;
  return onCpu > 0 && onCpu < most
    ? validationError("LoRAConfig", `max_cpu_loras (${onCpu}) must be >= max_loras (${most})`)
    : null;
}
