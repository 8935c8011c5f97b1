import { type Capacity, InFlight, type OnSent } from "../in-flight";

/** What a request that was answered adds to the metrics. */
export interface Answered {
  promptTokens: number;
  maxTokens: number;
  n: number;
  tokens: readonly string[];
  finish: string;
}

/** Counts requests; the metrics are made of it only when somebody reads them. */
export class Statistics {
  readonly counts = new Map<string, number>([["engine_sleep_state:awake", 1]]);
  /** How often each value was observed, by the name of a histogram. */
  readonly observed = new Map<string, Map<number, number>>();

  private readonly inFlight: InFlight;

  constructor(capacity: Capacity) {
    this.inFlight = new InFlight(capacity);
  }

  /** Sets what is true at this moment only. */
  measure(): void {
    const { running, waiting, cacheUsage } = this.inFlight;
    this.counts.set("num_requests_running", running);
    this.counts.set("num_requests_waiting", waiting);
    this.counts.set("num_requests_waiting_by_reason:capacity", waiting);
    this.counts.set("kv_cache_usage_perc", cacheUsage);
  }

  record(answered: Answered, onSent: OnSent | undefined): void {
    const { promptTokens, maxTokens, n, tokens, finish } = answered;
    this.inFlight.begin(onSent, promptTokens + tokens.length, n);
    const generated = tokens.length * n;
    const decode = tokens.length * SECONDS_PER_TOKEN;
    this.add("prefix_cache_queries", promptTokens);
    this.add("prompt_tokens", promptTokens);
    this.add("prompt_tokens_by_source:local_compute", promptTokens);
    this.add("generation_tokens", generated);
    this.add(`request_success:${finish}`, n);
    this.observe("request_prompt_tokens", promptTokens);
    this.observe("request_generation_tokens", tokens.length);
    this.observe("request_prefill_kv_computed_tokens", promptTokens);
    this.observe("iteration_tokens_total", promptTokens);
    this.observe("request_max_num_generation_tokens", tokens.length);
    this.observe("request_params_n", n);
    this.observe("request_params_max_tokens", maxTokens);
    this.observe("time_to_first_token_seconds", FIRST_TOKEN_SECONDS);
    this.observe("inter_token_latency_seconds", SECONDS_PER_TOKEN, Math.max(0, generated - n));
    this.observe("request_time_per_output_token_seconds", SECONDS_PER_TOKEN);
    this.observe("e2e_request_latency_seconds", FIRST_TOKEN_SECONDS + decode);
    this.observe("request_queue_time_seconds", 0);
    this.observe("request_inference_time_seconds", FIRST_TOKEN_SECONDS + decode);
    this.observe("request_prefill_time_seconds", FIRST_TOKEN_SECONDS);
    this.observe("request_decode_time_seconds", decode);
  }

  private add(name: string, count: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  private observe(name: string, value: number, times = 1): void {
    const values = this.observed.get(name) ?? new Map<number, number>();
    this.observed.set(name, values.set(value, (values.get(value) ?? 0) + times));
  }
}

/** Answers take no time here; the metrics report what a small model takes. */
const FIRST_TOKEN_SECONDS = 0.03;
const SECONDS_PER_TOKEN = 0.015;
