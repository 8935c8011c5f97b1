import { type Item, judge, rules, settingsOf, specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import fc from "fast-check";
import { HAPPY_ENDPOINT, HAPPY_POD, item, options, said } from "./scene";

const MODELS = [
  ...["Qwen/Qwen3-0.6B", "Qwen/Qwen3.8-27B", "Qwen/Qwen3.8-27B-FP8", "openai/gpt-oss-20b"],
  ...["meta-llama/Llama-3.3-70B-Instruct", "acme/llm-13b", "acme/llm-8x7B", "acme/secret-llm"],
];
const IMAGES = [
  ...["vllm/vllm-openai:latest", "vllm/vllm-openai:v0.8.5", "vllm/vllm-openai:v0.16.0"],
  ...["vllm/vllm-openai:v0.20.0", "lmsysorg/sglang:v0.5.5", "ollama/ollama:0.12.0", "nginx:1.29"],
];
const PATHS = ["/root/.cache/huggingface", "/root/.cache", "/workspace", "/data"];

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Inputs as a program might give them, good and bad. */
const inputs = fc.record({
  imageName: fc.constantFrom(...IMAGES),
  dockerStartCmd: maybe(
    fc
      .tuple(
        fc.constantFrom(...MODELS),
        fc.subarray(["--max-model-len=8192", "--tensor-parallel-size=2", "--download-dir=/data/w"]),
      )
      .map(([model, flags]) => [model, ...flags]),
  ),
  gpuTypeIds: maybe(
    fc.subarray(["NVIDIA B200", "NVIDIA L4", "NVIDIA GeForce RTX 4090", "NVIDIA X1000"], {
      minLength: 1,
    }),
  ),
  gpuCount: maybe(fc.integer({ min: 1, max: 8 })),
  containerDiskInGb: maybe(fc.integer({ min: 1, max: 400 })),
  volumeInGb: maybe(fc.integer({ min: 10, max: 400 })),
  volumeMountPath: maybe(fc.constantFrom(...PATHS)),
  networkVolumeId: maybe(fc.constant("abc123")),
  templateId: maybe(fc.constant("tpl123")),
  env: maybe(
    fc.dictionary(
      fc.constantFrom("HF_HOME", "HF_HUB_CACHE", "HF_TOKEN", "VLLM_API_KEY", "LD_LIBRARY_PATH"),
      fc.constantFrom("/workspace/hf", "/data", "secret"),
    ),
  ),
  ports: maybe(fc.subarray(["8000/http", "22/tcp", "9000/http"])),
  minCudaVersion: maybe(fc.constantFrom("12.4", "13.0")),
  allowedCudaVersions: maybe(fc.subarray(["12.4", "12.8", "13.0"])),
  dataCenterIds: maybe(fc.subarray(["EU-RO-1", "US-KS-2"])),
  cloudType: maybe(fc.constantFrom("SECURE", "COMMUNITY")),
  terminateAfter: maybe(fc.constant("8h")),
});

/** Inputs of a serverless endpoint, good and bad. */
const endpoints = fc.record({
  type: maybe(fc.constantFrom("QUEUE", "LOAD_BALANCER")),
  imageName: fc.constantFrom("runpod/worker-v1-vllm:v2.25.2", ...IMAGES),
  dockerStartCmd: maybe(fc.constantFrom(["Qwen/Qwen3.8-27B"], ["Qwen/Qwen3-0.6B", "--port=80"])),
  gpuTypeIds: maybe(fc.subarray(["NVIDIA H200", "NVIDIA L4", "NVIDIA X1000"], { minLength: 1 })),
  gpuCount: maybe(fc.integer({ min: 1, max: 8 })),
  workersMin: maybe(fc.nat(5)),
  workersMax: maybe(fc.nat(50)),
  idleTimeout: maybe(fc.constantFrom(5, 3_600)),
  scalerType: maybe(fc.constantFrom("QUEUE_DELAY", "REQUEST_COUNT")),
  flashboot: maybe(fc.constantFrom("OFF", "FLASHBOOT")),
  executionTimeout: maybe(fc.constantFrom("10m", 600, 0)),
  networkVolumeIds: maybe(fc.subarray(["a", "b"])),
  containerDiskInGb: maybe(fc.integer({ min: 1, max: 200 })),
  env: maybe(
    fc.dictionary(
      fc.constantFrom("MODEL_NAME", "PORT", "HF_HOME", "BASE_PATH", "VLLM_API_KEY"),
      fc.constantFrom("Qwen/Qwen3.8-27B", "8000", "/runpod-volume/hf", "/data"),
    ),
  ),
  ports: maybe(fc.subarray(["8000/http", "8000/tcp"])),
});

const strict = {
  all: "mandatory",
  "allowed-gpus": { allowed: ["NVIDIA L4"] },
  "allowed-data-centers": { allowed: ["EU-RO-1"] },
};

/** The rules that refuse, by name. */
function refusing(
  pod: Record<string, unknown>,
  config = {},
  kind: Item["spec"]["kind"] = "Pod",
): Set<string> {
  const violations = judge([item(kind, pod)], settingsOf(config));
  return new Set(violations.filter(({ level }) => level === "mandatory").map(({ rule }) => rule));
}

test("a larger disk or volume never turns a pass into a failure", () => {
  const sizes = fc.record({ disk: fc.nat(300), volume: fc.nat(300) });
  fc.assert(
    fc.property(inputs, sizes, (pod, more) => {
      const larger = {
        ...pod,
        ...(pod.containerDiskInGb && { containerDiskInGb: pod.containerDiskInGb + more.disk }),
        ...(pod.volumeInGb && { volumeInGb: pod.volumeInGb + more.volume }),
      };
      for (const rule of ["container-disk-size", "cache-volume-size", "persistent-hf-cache"]) {
        expect(rank(larger, rule)).toBeLessThanOrEqual(rank(pod, rule));
      }
    }),
  );
});

test("a bigger model never turns a failure into a pass", () => {
  const figure = fc.integer({ min: 1, max: 1500 });
  fc.assert(
    fc.property(inputs, figure, figure, (pod, weightsGb, more) => {
      const served = { ...pod, dockerStartCmd: ["acme/secret-llm"] };
      for (const rule of ["container-disk-size", "cache-volume-size", "gpu-memory"]) {
        const judged = (size: number) => rank(served, rule, withWeights(size));
        expect(judged(weightsGb + more)).toBeGreaterThanOrEqual(judged(weightsGb));
      }
    }),
  );
});

test("no rule throws on arbitrary JSON", () => {
  const fields = Object.keys({ ...HAPPY_POD, ...HAPPY_ENDPOINT });
  const strange = fc.dictionary(
    fc.oneof(fc.constantFrom(...fields, "templateId", "networkVolumeId", "size"), fc.string()),
    fc.oneof(fc.jsonValue(), fc.constant(UNKNOWN), fc.constantFrom(...MODELS, ...IMAGES)),
  );
  const kinds: fc.Arbitrary<Item["spec"]["kind"]> = fc.constantFrom(
    ...(["Pod", "Template", "Volume", "ServerlessEndpoint"] as const),
  );
  fc.assert(
    fc.property(kinds, strange, fc.boolean(), (kind, pod, isKnown) => {
      const base = isKnown ? HAPPY_POD : {};
      const items = [item(kind, { ...base, ...pod }), item("Volume", pod)];
      judge(items, settingsOf(strict));
      for (const rule of rules) {
        rule.remedy?.(specOf(kind, { ...base, ...pod }), { besideCacheGb: 20 }, NONE);
      }
    }),
    { numRuns: 500 },
  );
});

test("a value that is not known yet never causes a refusal that its known value does not", () => {
  fc.assert(
    fc.property(inputs, fc.nat(), fc.nat(), (pod, which, inner) => {
      const hidden = withUnknown(pod, which, inner);
      const known = refusing(pod, strict);
      for (const rule of refusing(hidden, strict)) {
        expect([...known]).toContain(rule);
      }
    }),
    { numRuns: 1000 },
  );
});

test("the same of an endpoint's values, and a remediation of them satisfies its rule", () => {
  const kind = "ServerlessEndpoint";
  const remedied = rules.filter(({ remedy }) => remedy !== undefined);
  fc.assert(
    fc.property(endpoints, fc.nat(), fc.nat(), (endpoint, which, inner) => {
      const hidden = withUnknown(endpoint, which, inner);
      const known = refusing(endpoint, strict, kind);
      for (const rule of refusing(hidden, strict, kind)) {
        expect([...known]).toContain(rule);
      }
      for (const { name, remedy } of remedied) {
        const right = remedy?.(specOf(kind, endpoint), { besideCacheGb: 20 }, NONE);
        const only = { all: "disabled", [name]: "mandatory" };
        const found = right && said(name, [item(kind, { ...endpoint, ...right })], only);
        expect([name, found]).toEqual([name, right && []]);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a remediation satisfies its rule, and changes nothing if the rule was satisfied", () => {
  const options = { besideCacheGb: 20 };
  const remedied = rules.filter(({ remedy }) => remedy !== undefined);
  const only = (name: string) => ({ all: "disabled", [name]: "mandatory" });
  fc.assert(
    fc.property(inputs, fc.nat(), fc.nat(), fc.boolean(), (given, which, inner, isHidden) => {
      const pod = isHidden ? withUnknown(given, which, inner) : given;
      for (const { name, remedy } of remedied) {
        const found = (changes = {}) =>
          said(name, [item("Pod", { ...pod, ...changes })], only(name));
        const right = remedy?.(specOf("Pod", pod), options, NONE);
        expect([name, right && found(right)]).toEqual([name, right && []]);
        if (found().length === 0) {
          expect([name, right]).toEqual([name, undefined]);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

const NONE = { models: {}, images: {} };

const withWeights = (weightsGb: number) =>
  options("container-disk-size", { models: { "acme/secret-llm": { weightsGb } } });

/** 0 if a rule has nothing to say, 1 for advice, 2 for a refusal. */
function rank(pod: Record<string, unknown>, rule: string, config = {}): number {
  const levels = said(rule, [item("Pod", pod)], config).map((text) => text.split(":")[0]);
  return levels.includes("mandatory") ? 2 : Math.sign(levels.length);
}

/** The inputs with one that is set, or one value inside it, not known yet. */
function withUnknown(pod: Record<string, unknown>, which: number, inner: number) {
  const set = Object.keys(pod).filter((key) => pod[key] !== undefined);
  const key = set[which % set.length] ?? "imageName";
  const value = pod[key];
  if (value === null || typeof value !== "object" || inner % 3 === 0) {
    return { ...pod, [key]: UNKNOWN };
  }
  const keys = Object.keys(value);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  if (keys.length > 0) {
    Object.assign(copy, { [keys[inner % keys.length] ?? ""]: UNKNOWN });
  }
  return { ...pod, [key]: copy };
}
