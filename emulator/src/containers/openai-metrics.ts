/** One of a server's metrics: a count of requests, or a gauge, which stays 0 because nothing waits. */
type Series = readonly [name: string, type: "counter" | "gauge", help: string];

/** Metrics in Prometheus' format. @param labels such as `{model_name="m"}` @default none */
export function metricsText(series: readonly Series[], requests: number, labels = ""): string {
  const lines = series.flatMap(([name, type, help]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    `${name}${labels} ${type === "counter" ? requests : 0}`,
  ]);
  return `${lines.join("\n")}\n`;
}

export const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

/** Source: https://docs.sglang.ai/references/production_metrics.html */
export const SGLANG_SERIES: readonly Series[] = [
  ["sglang:num_running_reqs", "gauge", "The number of running requests."],
  ["sglang:num_queue_reqs", "gauge", "The number of requests in the waiting queue."],
  ["sglang:token_usage", "gauge", "The token usage."],
  ["sglang:num_requests_total", "counter", "Number of requests processed."],
];

/** Source: https://huggingface.co/docs/text-generation-inference/reference/metrics */
export const TGI_SERIES: readonly Series[] = [
  ["tgi_request_count", "counter", "The total number of requests."],
  ["tgi_request_success", "counter", "The total number of successful requests."],
  ["tgi_queue_size", "gauge", "The number of requests waiting in the internal queue."],
  ["tgi_batch_current_size", "gauge", "The current batch size."],
];

/** Source: https://github.com/ggml-org/llama.cpp/tree/master/tools/server */
export const LLAMA_CPP_SERIES: readonly Series[] = [
  ["llamacpp:requests_processing", "gauge", "Number of requests processing."],
  ["llamacpp:requests_deferred", "gauge", "Number of requests deferred."],
];
