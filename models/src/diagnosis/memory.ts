import { type Cause, certain, likely } from "./cause";

/** Causes in GPU memory, then in host memory. Causes that name the moment come before general ones. */
export const MEMORY_CAUSES: readonly Cause[] = [
  {
    name: "gpu-oom-warmup",
    remedy:
      "The weights fit in GPU memory, but the first batch did not. Add --max-num-seqs 32 (or lower) to dockerStartCmd, or lower --gpu-memory-utilization.",
    signs: [certain(/out of memory occurred when warming up/i)],
  },
  {
    name: "kv-cache-too-small",
    remedy:
      "The weights fit in GPU memory, but the KV cache of a full-length request does not. Set --max-model-len to at most the length shown in the log, raise --gpu-memory-utilization, or use gpuTypeIds with more memory.",
    signs: [
      certain(/To serve at least one request with .{0,40}max.seq.len/i),
      certain(/KV cache is needed, which is larger than/),
      certain(/larger than the maximum number of tokens that can be stored in .{0,8}KV cache/i),
      certain(/failed to allocate .{0,20}kv.?cache/i),
    ],
  },
  {
    name: "kv-cache-no-memory",
    remedy:
      "No GPU memory is left for the KV cache after the weights are loaded. Raise --gpu-memory-utilization, make sure that no other process uses the GPU, or use gpuTypeIds with more memory or a higher gpuCount with --tensor-parallel-size.",
    signs: [certain(/No available memory for the cache blocks/i)],
  },
  {
    name: "gpu-memory-busy",
    remedy:
      "Another process already uses GPU memory, often an earlier server that is still running. Stop that process or restart the pod. Otherwise, lower --gpu-memory-utilization below the free share shown in the line.",
    signs: [
      certain(/less than desired GPU memory utilization/i),
      likely(/Error in memory profiling/),
    ],
  },
  {
    name: "sglang-memory-pool-too-small",
    remedy:
      "SGLang's memory pool is too small for the model. Raise --mem-fraction-static if the GPU has free memory; otherwise use a quantized model or gpuTypeIds with more memory.",
    signs: [certain(/increase --mem-fraction-static/)],
  },
  {
    name: "gpu-oom-load",
    remedy:
      "The model does not fit in GPU memory. Use gpuTypeIds with more memory, a higher gpuCount with --tensor-parallel-size, or a quantized model. If only a little memory is missing, lower --max-model-len or --max-num-seqs (vLLM).",
    signs: [
      certain(/CUDA out of memory|CUDA error: out of memory|cudaErrorMemoryAllocation/),
      certain(/torch\.(?:cuda\.)?OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY/),
      certain(/cudaMalloc failed: out of memory|Cuda failure .{0,6}'out of memory'/),
    ],
  },
  {
    name: "host-memory-insufficient",
    remedy:
      "The machine's RAM (not its GPU memory) is too small for the model. Raise minRAMPerGPU or gpuCount, or use a smaller model or context length.",
    signs: [certain(/requires more system memory/)],
  },
  {
    name: "host-oom-killed",
    remedy:
      "The kernel killed the process because the machine ran out of RAM (not GPU memory). Raise minRAMPerGPU or gpuCount, load the weights with fewer processes, or use a smaller model.",
    signs: [
      certain(/\bOOMKilled\b|Out of memory: Killed process|oom-kill:/),
      likely(/signal: killed|signaled to shutdown with signal 9|died with .{0,20}SIGKILL/),
      likely(
        /exit(?:ed)?(?: with)?(?: status| code):? (?:137|-9)\b|: line \d{1,9}: {1,9}\d{1,9} Killed\b/,
      ),
    ],
  },
];
