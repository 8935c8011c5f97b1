import type { ContainerRuntime } from "../../../../emulator/src/containers/runtime";
import { advanced, container, type H100, text } from "./support";

const H200 = { id: "NVIDIA H200", count: 1, memoryGb: 141, computeCapability: "9.0" };
const L4 = { id: "NVIDIA L4", count: 1, memoryGb: 24, computeCapability: "8.9" };
const MODEL = "Qwen/Qwen3-8B";

interface Start {
  model?: string;
  tag?: string;
  gpu?: typeof H100;
  env?: Record<string, string>;
}

function start(args: readonly string[], { model = MODEL, tag = "v0.24.0", ...rest }: Start = {}) {
  const image = `vllm/vllm-openai:${tag}`;
  return advanced(container({ image, cmd: [model, ...args], gpu: H200, ...rest }), 10);
}

/** Rows of a table; one that is too short would get Jest's callback as its last cell. */
const refused = (rows: [string[], string, Start?][]) =>
  rows.map(([args, message, options = {}]) => [args, message, options] as const);
const served = (rows: [string[], Start?][]) =>
  rows.map(([args, options = {}]) => [args, options] as const);

/** The logs without the names of processes. */
function lines(runtime: ContainerRuntime): string {
  return text(runtime).replaceAll(/^\(\w+ pid=\d+\) /gm, "");
}

function expectRefused(runtime: ContainerRuntime, message: string): void {
  expect(lines(runtime).includes(message) || lines(runtime).slice(-2000)).toBe(true);
  expect(runtime.listening(8000)).toBe(false);
  expect(runtime.restarts).toBeGreaterThan(1);
}

describe("devices that do not exist", () => {
  const two = { ...H200, count: 2 };
  test.each(
    refused([
      [
        ["--data-parallel-size", "2"],
        "AssertionError: DP adjusted local rank 1 is out of bounds for 1 devices.",
      ],
      [["-dp", "2"], "DP adjusted local rank 1 is out of bounds. ", { tag: "v0.19.0" }],
      [["-dp", "2", "-tp", "2"], "local rank 2 is out of bounds for 2 devices.", { gpu: two }],
      [
        ["--data-parallel-rank", "5"],
        "data_parallel_external_lb can only be set when data_parallel_size > 1",
      ],
      [
        ["-dp", "2", "--data-parallel-rank", "1"],
        "ValueError: Non-MoE models do not support external data parallel mode.",
      ],
      [
        ["-dp", "2", "--data-parallel-rank", "5"],
        "data_parallel_rank (5) must be in the range [0, 2)",
        { model: "Qwen/Qwen3-30B-A3B" },
      ],
      [
        ["--data-parallel-size-local", "2"],
        "data_parallel_size_local (2) must be <= data_parallel_size (1)",
      ],
      [["--nnodes", "2"], "AssertionError: world_size=1 must be divisible by nnodes=2."],
      [
        ["--nnodes", "2"],
        "`--nnodes 2` must evenly divide the total world size (1)",
        { tag: "v0.33.0" },
      ],
      [
        ["-tp", "2", "--nnodes", "2", "--node-rank", "2"],
        "AssertionError: node_rank=2 must be less than nnodes=2.",
      ],
      [
        ["--decode-context-parallel-size", "3"],
        "tp_size=1 must be divisible bydcp_size=3. [type=value_error",
      ],
      [["-tp", "2"], "World size (2) is larger than the number of available GPUs (1)"],
      [
        ["-tp", "2", "--distributed-executor-backend", "mp"],
        "local rank 1 is out of bounds for 1 devices.",
      ],
      [
        [],
        "vllm.third_party.pynvml.NVMLError_InvalidArgument: Invalid Argument",
        { env: { CUDA_VISIBLE_DEVICES: "3" } },
      ],
      [[], "local rank 0 is out of bounds for 0 devices.", { env: { CUDA_VISIBLE_DEVICES: "" } }],
      [
        ["-tp", "2"],
        "World size (2) is larger than the number of available GPUs (1)",
        { gpu: two, env: { CUDA_VISIBLE_DEVICES: "0" } },
      ],
      [
        ["-tp", "2"],
        "World size (2) is larger than the number of available GPUs (1)",
        { gpu: two, env: { CUDA_VISIBLE_DEVICES: "0,7,1" } },
      ],
    ]),
  )("%j: %s", (args, message, options) => {
    expectRefused(start(args, options), message);
  });

  test("a list of devices that a shell command exports counts", () => {
    const runtime = container({
      image: "vllm/vllm-openai:v0.24.0",
      entrypoint: ["bash", "-c"],
      cmd: [`export CUDA_VISIBLE_DEVICES=0; vllm serve ${MODEL} -tp 2`],
      gpu: two,
    });
    expectRefused(advanced(runtime, 10), "number of available GPUs (1)");
  });

  test.each(
    served([
      [["-dp", "2"], { gpu: two }],
      [["-tp", "2"], { gpu: two, env: { CUDA_VISIBLE_DEVICES: "1,0" } }],
      [[], { gpu: two, env: { CUDA_VISIBLE_DEVICES: "1" } }],
      [[], { env: { CUDA_VISIBLE_DEVICES: "GPU-1f2e3d4c" } }],
      [["--node-rank", "1"]],
      [["-dcp", "1"]],
    ]),
  )("%j serves with %j", (args, options) => {
    expect(start(args, options).listening(8000)).toBe(true);
  });

  test.each([[["-tp", "2", "--nnodes", "2"]], [["-dp", "2", "--data-parallel-size-local", "1"]]])(
    "%j waits for other machines",
    (args) => {
      const runtime = start(args);
      expect(runtime.listening(8000)).toBe(false);
      expect(runtime.restarts).toBe(0);
    },
  );
});

describe("memory that does not suffice", () => {
  test.each(
    refused([
      [
        ["--kv-cache-memory-bytes", "1G"],
        "max seq len (40960), (5.62 GiB KV cache is needed, which is larger than the available KV cache memory (1.00 GiB). Based on the available memory, the estimated maximum model length is 7280.",
      ],
      [["--kv-cache-memory-bytes", "200G"], "torch.OutOfMemoryError: CUDA out of memory."],
      [["--num-gpu-blocks-override", "10"], "the estimated maximum model length is 160."],
      [["--dtype", "float32"], "torch.OutOfMemoryError: CUDA out of memory.", { gpu: L4 }],
      [
        ["--gpu-memory-utilization", "1"],
        "GiB) on startup is less than desired GPU memory utilization (1.0, ",
      ],
      [
        ["--max-model-len", "auto", "--gpu-memory-utilization", "0.05"],
        "Cannot auto-fit max_model_len: not enough GPU memory available to serve even a single token.",
      ],
    ]),
  )("%j: %s", (args, message, options) => {
    expectRefused(start(args, options), message);
  });

  test.each(
    served([
      [["--kv-cache-memory-bytes", "1G", "--max-model-len", "4096"]],
      [["--kv-cache-memory-bytes", "6442450944"]],
      [["--num-gpu-blocks-override", "10"], { tag: "v0.19.0" }],
      [["--num-gpu-blocks-override", "3000"]],
      [["--dtype", "float32"]],
    ]),
  )("%j serves with %j", (args, options) => {
    expect(start(args, options).listening(8000)).toBe(true);
  });

  test.each(["auto", "AUTO", "-1"])("--max-model-len %s serves the longest that fits", (length) => {
    const runtime = start(["--max-model-len", length], { gpu: L4 });
    const served = Number(
      /Maximum concurrency for ([\d,]+) tokens/.exec(text(runtime))?.[1]?.replace(",", ""),
    );
    expect(served % 16).toBe(0);
    expect(served).toBeLessThan(40_960);
    expect(served).toBeGreaterThan(4096);
    expect(runtime.listening(8000)).toBe(true);
    const whole = start(["--max-model-len", length]);
    expect(text(whole)).toContain("Maximum concurrency for 40,960 tokens");
  });

  const both = (first: string, second: string) =>
    advanced(
      container({
        image: "vllm/vllm-openai:v0.24.0",
        entrypoint: ["bash", "-c"],
        cmd: [
          `${first} vllm serve Qwen/Qwen3-0.6B --gpu-memory-utilization 0.5 & sleep 300; ${second} vllm serve Qwen/Qwen3-0.6B --port 8001`,
        ],
        gpu: { ...H200, count: 2 },
        httpPorts: [8000, 8001],
      }),
      9,
    );

  test("a second server on the same GPU is refused", () => {
    const runtime = both("", "");
    expect(lines(runtime)).toMatch(
      /ValueError: Free memory on device cuda:0 \([\d.]+\/139\.\d+ GiB\) on startup is less than desired GPU memory utilization \(0\.92, 128\.\d+ GiB\)\. Decrease/,
    );
  });

  test("a second server on another GPU serves", () => {
    const runtime = both("CUDA_VISIBLE_DEVICES=0", "CUDA_VISIBLE_DEVICES=1");
    expect([8000, 8001].map((port) => runtime.listening(port))).toEqual([true, true]);
    expect(runtime.gpuUtil().map(({ memoryUtil }) => memoryUtil)).toEqual([50, 92]);
  });
});

describe("options of the scheduler and of adapters", () => {
  test.each(
    refused([
      [
        ["--max-num-seqs", "16384"],
        "max_num_batched_tokens (8192) must be greater than or equal to max_num_seqs (16384).",
      ],
      [
        ["--max-num-batched-tokens", "1k", "--max-num-seqs", "2048"],
        "max_num_batched_tokens (1000) must be greater than or equal to max_num_seqs (2048).",
      ],
      [
        ["--max-num-batched-tokens", "4K", "--max-num-seqs", "5000"],
        "max_num_batched_tokens (4096) must be",
      ],
      [
        ["--no-enable-chunked-prefill", "--max-num-batched-tokens", "2048"],
        "max_num_batched_tokens (2048) is smaller than max_model_len (40960).",
      ],
      [
        ["--max-num-partial-prefills", "1", "--max-long-partial-prefills", "3"],
        "NotImplementedError: Concurrent Partial Prefill is not supported.",
      ],
      [["--max-model-len", "0"], "max_model_len must be a positive integer, got int: 0."],
      [["--max-model-len", "-5"], "Input should be greater than or equal to -1"],
      [["--nnodes", "0"], "nnodes\n  Input should be greater than or equal to 1"],
      [["-dcp", "0"], "decode_context_parallel_size\n  Input should be greater than"],
      [["--max-num-batched-tokens", "0"], "Input should be greater than or equal to 1"],
      [
        ["--enable-lora", "--max-loras", "0"],
        "max_loras\n  Input should be greater than or equal to 1 [type=greater_than_equal, input_value=0",
      ],
      [
        ["--enable-lora", "--max-loras", "4", "--max-cpu-loras", "2"],
        "max_cpu_loras (2) must be >= max_loras (4)",
      ],
      [
        ["--enable-expert-parallel"],
        "Number of experts in the model must be greater than 0 when expert parallelism is enabled.",
      ],
      [
        ["--gpu-memory-utilization", "nan"],
        "Input should be less than or equal to 1 [type=less_than_equal, input_value=nan, input_type=float]",
      ],
      [["--seed", "-1"], "ValueError: Seed must be between 0 and 2**32 - 1"],
    ]),
  )("%j: %s", (args, message, options) => {
    expectRefused(start(args, options), message);
  });

  test.each(
    served([
      [["--max-num-seqs", "8192"]],
      [["--max-num-seqs", "16384", "--performance-mode", "throughput"]],
      [["--max-num-batched-tokens", "512"]],
      [["--no-enable-chunked-prefill"]],
      [["--max-loras", "0"]],
      [["--enable-lora", "--max-loras", "2", "--max-cpu-loras", "4"]],
      [["--enable-expert-parallel"], { model: "Qwen/Qwen3-30B-A3B" }],
      [["--seed", "4294967295"]],
      [["-O", "3"]],
      [["-O=3"]],
      [["-O3"], { tag: "v0.11.2" }],
      [["-O", "3"], { tag: "v0.11.2" }],
      [["--max-model-len", " 8192 "]],
      [["--max-model-len", "8_192"]],
      [["--max-model-len", "25.6k"]],
    ]),
  )("%j serves with %j", (args, options) => {
    expect(start(args, options).listening(8000)).toBe(true);
  });
});

describe("precisions that the checkpoint does not have", () => {
  const awq = { model: "Qwen/Qwen3-8B-AWQ" };
  const gemma = { model: "google/gemma-3-27b-it", env: { HF_TOKEN: "hf_test" } };
  const mismatch = (stored: string, asked: string) =>
    `Quantization method specified in the model config (${stored}) does not match the quantization method specified in the \`quantization\` argument (${asked}).`;
  test.each(
    refused([
      [["--quantization", "fp8"], mismatch("awq", "fp8"), awq],
      [["-q", "gptq"], mismatch("awq", "gptq"), awq],
      [["-q", "awq"], mismatch("fp8", "awq"), { model: "Qwen/Qwen3-8B-FP8" }],
      [["-q", "compressed-tensors"], "TypeError: CompressedTensorsConfig.__init__() missing"],
      [["-q", "gguf"], "Unknown quantization method: gguf. Must be one of ["],
      [
        ["-q", "bitsandbytes"],
        "Unknown quantization method: bitsandbytes. Must be one of [",
        { tag: "v0.33.0" },
      ],
      [["-q", "modelopt"], "Cannot find the config file for modelopt"],
      [["-q", "quark"], "TypeError: QuarkConfig.__init__() missing 1"],
      [
        ["--dtype", "float16"],
        "The model type 'gemma3' does not support float16. Reason: Numerical instability.",
        gemma,
      ],
    ]),
  )("%j: %s", (args, message, options) => {
    expectRefused(start(args, options), message);
  });

  test.each(
    served([
      [["-q", "awq"], awq],
      [["-q", "awq_marlin"], awq],
      [["-q", "fp8"], { model: "Qwen/Qwen3-8B-FP8" }],
      [["-q", "fp8"]],
      [["-q", "bitsandbytes"]],
      [["--dtype", "float16"]],
      [["--dtype", "bfloat16"], gemma],
    ]),
  )("%j serves with %j", (args, options) => {
    expect(start(args, { ...options }).listening(8000)).toBe(true);
  });
});
