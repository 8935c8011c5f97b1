/** A family of series that vLLM reports, with the labels that distinguish its series. */
export interface Family {
  name: string;
  help: string;
  kind: "counter" | "gauge" | "histogram";
  /** One series for each value. */
  label?: { name: string; values: readonly string[] };
  /** Upper bounds; `lengths` for 1, 2, 5, 10, … up to the length of the context. */
  buckets?: readonly number[] | "lengths";
}

const LATENCY = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];
const BETWEEN_TOKENS = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];
const FIRST_TOKEN = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  160, 640, 2560,
];
const TOKENS_PER_STEP = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];

const gauge = (name: string, help: string, label?: Family["label"]): Family => {
  return { name, help, kind: "gauge", ...(label && { label }) };
};
const counter = (name: string, help: string, label?: Family["label"]): Family => {
  return { name, help, kind: "counter", ...(label && { label }) };
};
const histogram = (name: string, help: string, buckets: Family["buckets"] = "lengths"): Family => {
  return { name, help, kind: "histogram", buckets };
};

/** In the order of vLLM 0.24.0 (vllm/v1/metrics/loggers.py). */
export const FAMILIES: readonly Family[] = [
  gauge("num_requests_running", "Number of requests in model execution batches."),
  gauge("num_requests_waiting", "Number of requests waiting to be processed."),
  gauge(
    "num_requests_waiting_by_reason",
    "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; 'deferred' = deferred by transient constraints (LoRA budget, KV transfer, blocked status). Sum of all reasons equals vllm:num_requests_waiting.",
    { name: "reason", values: ["capacity", "deferred"] },
  ),
  gauge(
    "engine_sleep_state",
    "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.",
    { name: "sleep_state", values: ["awake", "weights_offloaded", "discard_all"] },
  ),
  gauge("kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage."),
  counter("prefix_cache_queries", "Prefix cache queries, in terms of number of queried tokens."),
  counter("prefix_cache_hits", "Prefix cache hits, in terms of number of cached tokens."),
  counter(
    "external_prefix_cache_queries",
    "External prefix cache queries from KV connector cross-instance cache sharing, in terms of number of queried tokens.",
  ),
  counter(
    "external_prefix_cache_hits",
    "External prefix cache hits from KV connector cross-instance cache sharing, in terms of number of cached tokens.",
  ),
  counter("mm_cache_queries", "Multi-modal cache queries, in terms of number of queried items."),
  counter("mm_cache_hits", "Multi-modal cache hits, in terms of number of cached items."),
  counter("num_preemptions", "Cumulative number of preemption from the engine."),
  counter("prompt_tokens", "Number of prefill tokens processed."),
  counter("prompt_tokens_by_source", "Number of prompt tokens by source.", {
    name: "source",
    values: ["local_compute", "local_cache_hit", "external_kv_transfer"],
  }),
  counter("prompt_tokens_cached", "Number of cached prompt tokens (local + external)."),
  counter("generation_tokens", "Number of generation tokens processed."),
  counter("request_success", "Count of successfully processed requests.", {
    name: "finished_reason",
    values: ["stop", "length", "abort", "error", "repetition"],
  }),
  histogram("request_prompt_tokens", "Number of prefill tokens processed."),
  histogram("request_generation_tokens", "Number of generation tokens processed."),
  histogram(
    "iteration_tokens_total",
    "Histogram of number of tokens per engine_step.",
    TOKENS_PER_STEP,
  ),
  histogram(
    "request_max_num_generation_tokens",
    "Histogram of maximum number of requested generation tokens.",
  ),
  histogram("request_params_n", "Histogram of the n request parameter.", [1, 2, 5, 10, 20]),
  histogram("request_params_max_tokens", "Histogram of the max_tokens request parameter."),
  histogram(
    "time_to_first_token_seconds",
    "Histogram of time to first token in seconds.",
    FIRST_TOKEN,
  ),
  histogram(
    "inter_token_latency_seconds",
    "Histogram of inter-token latency in seconds.",
    BETWEEN_TOKENS,
  ),
  histogram(
    "request_time_per_output_token_seconds",
    "Histogram of time_per_output_token_seconds per request.",
    BETWEEN_TOKENS,
  ),
  histogram("e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", LATENCY),
  histogram(
    "request_queue_time_seconds",
    "Histogram of time spent in WAITING phase for request.",
    LATENCY,
  ),
  histogram(
    "request_inference_time_seconds",
    "Histogram of time spent in RUNNING phase for request.",
    LATENCY,
  ),
  histogram(
    "request_prefill_time_seconds",
    "Histogram of time spent in PREFILL phase for request.",
    LATENCY,
  ),
  histogram(
    "request_decode_time_seconds",
    "Histogram of time spent in DECODE phase for request.",
    LATENCY,
  ),
  histogram(
    "request_prefill_kv_computed_tokens",
    "Histogram of new KV tokens computed during prefill (excluding cached tokens).",
  ),
];
