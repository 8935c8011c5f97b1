import type { InFlight } from "./in-flight";

/** What is true of a server at this moment. */
export interface Load {
  /** That were answered so far. */
  requests: number;
  inFlight: InFlight;
}

/** One of a server's metrics. */
type Series = readonly [
  name: string,
  type: "counter" | "gauge",
  help: string,
  read: (load: Load) => number,
];

const requests = (load: Load) => load.requests;
const running = ({ inFlight }: Load) => inFlight.running;
const waiting = ({ inFlight }: Load) => inFlight.waiting;
const cacheUsage = ({ inFlight }: Load) => inFlight.cacheUsage;

/** Metrics in Prometheus' format. @param labels such as `{model_name="m"}` @default none */
export function metricsText(series: readonly Series[], load: Load, labels = ""): string {
  const lines = series.flatMap(([name, type, help, read]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    `${name}${labels} ${read(load)}`,
  ]);
  return `${lines.join("\n")}\n`;
}

export const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

/** Source: https://docs.sglang.ai/references/production_metrics.html */
export const SGLANG_SERIES: readonly Series[] = [
  ["sglang:num_running_reqs", "gauge", "The number of running requests.", running],
  ["sglang:num_queue_reqs", "gauge", "The number of requests in the waiting queue.", waiting],
  ["sglang:token_usage", "gauge", "The token usage.", cacheUsage],
  ["sglang:num_requests_total", "counter", "Number of requests processed.", requests],
];

/** Source: https://huggingface.co/docs/text-generation-inference/reference/metrics */
export const TGI_SERIES: readonly Series[] = [
  ["tgi_request_count", "counter", "The total number of requests.", requests],
  ["tgi_request_success", "counter", "The total number of successful requests.", requests],
  ["tgi_queue_size", "gauge", "The number of requests waiting in the internal queue.", waiting],
  ["tgi_batch_current_size", "gauge", "The current batch size.", running],
];

/** Source: https://github.com/ggml-org/llama.cpp/tree/master/tools/server */
export const LLAMA_CPP_SERIES: readonly Series[] = [
  ["llamacpp:requests_processing", "gauge", "Number of requests processing.", running],
  ["llamacpp:requests_deferred", "gauge", "Number of requests deferred.", waiting],
];
