import { FAMILIES, type Family } from "./metrics-table";
import { pythonFloat } from "./python";
import type { VllmServed } from "./served";

/** `GET /metrics`, in Prometheus's text format. */
export function metrics(served: VllmServed): Response {
  served.statistics.measure();
  const text = [...PYTHON, ...FAMILIES.flatMap((family) => familyLines(family, served)), ""];
  return new Response(text.join("\n"), { headers: { "content-type": PROMETHEUS } });
}

const PROMETHEUS = "text/plain; version=1.0.0; charset=utf-8";

/** What every Python program reports of itself. */
const PYTHON = [
  "# HELP python_gc_objects_collected_total Objects collected during gc",
  "# TYPE python_gc_objects_collected_total counter",
  ...["12143.0", "2476.0", "531.0"].map(
    (count, generation) => `python_gc_objects_collected_total{generation="${generation}"} ${count}`,
  ),
];

function familyLines(family: Family, served: VllmServed): string[] {
  const { kind, label } = family;
  const suffix = kind === "counter" ? "_total" : "";
  const name = `vllm:${family.name}${suffix}`;
  const head = [`# HELP ${name} ${family.help}`, `# TYPE ${name} ${kind}`];
  if (kind === "histogram") {
    return [...head, ...histogramLines(family, served)];
  }
  const series = label?.values.map((value) => [value, `${label.name}="${value}"`] as const);
  const lines = (series ?? [[null, ""] as const]).map(([value, text]) => {
    const key = value === null ? family.name : `${family.name}:${value}`;
    const count = served.statistics.counts.get(key) ?? 0;
    return `${name}${labels(served, text)} ${pythonFloat(count)}`;
  });
  return [...head, ...lines];
}

function histogramLines({ name, buckets }: Family, served: VllmServed): string[] {
  const observed = [...(served.statistics.observed.get(name) ?? [])];
  const bounds = buckets === "lengths" ? lengths(served.maxModelLen) : (buckets ?? []);
  const upTo = (bound: number) =>
    observed.reduce((sum, [value, times]) => sum + (value <= bound ? times : 0), 0);
  const total = upTo(Number.POSITIVE_INFINITY);
  const sum = observed.reduce((all, [value, times]) => all + value * times, 0);
  return [
    ...bounds.map((bound) => bucketLine(name, pythonFloat(bound), upTo(bound), served)),
    bucketLine(name, "+Inf", total, served),
    `vllm:${name}_count${labels(served, "")} ${pythonFloat(total)}`,
    `vllm:${name}_sum${labels(served, "")} ${pythonFloat(sum)}`,
  ];
}

function bucketLine(name: string, bound: string, count: number, served: VllmServed): string {
  return `vllm:${name}_bucket${labels(served, `le="${bound}"`)} ${pythonFloat(count)}`;
}

/** Labels in the order of the alphabet. */
function labels({ names, root }: VllmServed, more: string): string {
  const name = (names[0] ?? root).replace(/["\\\n]/g, (mark) =>
    mark === "\n" ? "\\n" : `\\${mark}`,
  );
  return `{${['engine="0"', more, `model_name="${name}"`].filter(Boolean).sort().join(",")}}`;
}

function lengths(longest: number): number[] {
  const bounds: number[] = [];
  for (let power = 1; power <= longest; power *= 10) {
    bounds.push(...[1, 2, 5].map((digit) => digit * power).filter((bound) => bound <= longest));
  }
  return bounds;
}
