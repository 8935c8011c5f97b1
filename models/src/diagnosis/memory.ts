import { type Cause, certain, likely } from "./cause";

/** Memory of the GPU first, of the host second. What names the moment comes before what only says that it is full. */
export const MEMORY_CAUSES: readonly Cause[] = [
  {
    name: "gpu-oom-warmup",
    remedy:
      "The weights fitted, the first batch did not. Add --max-num-seqs 32 (or lower) to dockerStartCmd, or lower --gpu-memory-utilization.",
    signs: [certain(/out of memory occurred when warming up/i)],
  },
  {
    name: "kv-cache-too-small",
    remedy:
      "The weights fitted, one request of full length does not. Set --max-model-len to at most the length that the log names, raise --gpu-memory-utilization, or take gpuTypeIds with more memory.",
    signs: [
      certain(/To serve at least one request with .{0,40}max.{0,3}seq.{0,3}len/i),
      certain(/KV cache is needed, which is larger than/),
      certain(/larger than the maximum number of tokens that can be stored in .{0,8}KV cache/i),
      certain(/failed to allocate .{0,20}kv.?cache/i),
    ],
  },
  {
    name: "kv-cache-no-memory",
    remedy:
      "Nothing is left for the KV cache once the weights are loaded. Raise --gpu-memory-utilization, make sure that no other process uses the GPU, or take gpuTypeIds with more memory or a higher gpuCount with --tensor-parallel-size.",
    signs: [certain(/No available memory for the cache blocks/i)],
  },
  {
    name: "gpu-memory-busy",
    remedy:
      "Something else already holds GPU memory, often a server that has not ended. Stop it, or restart the pod; else lower --gpu-memory-utilization below the free share that the line shows.",
    signs: [
      certain(/less than desired GPU memory utilization/i),
      likely(/Error in memory profiling/),
    ],
  },
  {
    name: "sglang-memory-pool-too-small",
    remedy:
      "Raise --mem-fraction-static if the GPU has room; otherwise choose a quantized model or gpuTypeIds with more memory.",
    signs: [certain(/increase --mem-fraction-static/)],
  },
  {
    name: "gpu-oom-load",
    remedy:
      "The model does not fit into the GPU's memory. Take gpuTypeIds with more memory, a higher gpuCount with --tensor-parallel-size, or a quantized model. With vLLM, lowering --max-model-len or --max-num-seqs helps if it is close.",
    signs: [
      certain(/CUDA out of memory|CUDA error: out of memory|cudaErrorMemoryAllocation/),
      certain(/torch\.(?:cuda\.)?OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY/),
      certain(/cudaMalloc failed: out of memory|Cuda failure .{0,6}'out of memory'/),
    ],
  },
  {
    name: "host-memory-insufficient",
    remedy:
      "The machine's own memory (not the GPU's) is too small for the model. Ask for more with minRAMPerGPU or gpuCount, or choose a smaller model or context.",
    signs: [certain(/requires more system memory/)],
  },
  {
    name: "host-oom-killed",
    remedy:
      "The kernel ended the process because the machine's own memory (not the GPU's) was full. Ask for more with minRAMPerGPU or gpuCount, load the weights with fewer processes, or choose a smaller model.",
    signs: [
      certain(/\bOOMKilled\b|Out of memory: Killed process|oom-kill:/),
      likely(/signal: killed|signaled to shutdown with signal 9|died with .{0,20}SIGKILL/),
      likely(
        /exit(?:ed)?(?: with)?(?: status| code):? (?:137|-9)\b|: line \d{1,9}: {1,9}\d{1,9} Killed\b/,
      ),
    ],
  },
];
