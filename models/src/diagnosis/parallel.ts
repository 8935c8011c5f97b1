import { type Cause, certain, likely } from "./cause";

/** Causes in running one model on several GPUs. */
export const PARALLEL_CAUSES: readonly Cause[] = [
  {
    name: "tensor-parallel-not-dividing",
    remedy:
      "The number of attention heads is not divisible by the number of GPUs. Set --tensor-parallel-size and gpuCount to a divisor of the number of heads: 1, 2, 4 or 8 for most models.",
    signs: [
      certain(/must be divisible by .{0,4}(?:tensor|tp_size|num_shards|world_size)/i),
      certain(/not divisible by .{0,20}tensor.parallel/i),
    ],
  },
  {
    name: "ray-not-enough-gpus",
    remedy:
      "The server is configured to use more GPUs than the pod has. Raise gpuCount, or lower --tensor-parallel-size and --pipeline-parallel-size.",
    signs: [
      certain(/number of required GPUs exceeds the total number of available GPUs/),
      certain(/World size .{1,20}is larger than the number of available GPUs/i),
      likely(/CUDA error: invalid device ordinal/),
    ],
  },
  {
    name: "nccl-timeout",
    remedy:
      "The GPUs stopped responding to each other. Set NCCL_P2P_DISABLE=1 in env (on some hosts the direct link between GPUs is broken), recreate the pod on another host, or use one GPU with more memory instead of several.",
    signs: [
      certain(/Watchdog caught collective operation time-?out/i),
      certain(/Work(?:NCCL)?\(.{0,300}ran for \d{1,12} milliseconds before timing out/),
      certain(/Some NCCL operations have failed or timed out/),
      certain(/Timed out after \d{1,9} seconds waiting for clients/),
      likely(/detected by watchdog at work: |Heartbeat monitor timed out/),
      likely(/client socket has timed out after \d{1,12} ?ms/),
      likely(/Timed out initializing process group|store->get\(.{0,200}Socket Timeout/),
      likely(/wait timeout after \d{1,12} ?ms|terminating the process.{0,80}NCCL.{0,80}time-?out/i),
    ],
  },
  {
    name: "nccl-init-failed",
    remedy:
      "The GPUs could not connect to each other. Remove NCCL_SOCKET_IFNAME from env if it is set, then run once with NCCL_DEBUG=INFO in env to see which step fails.",
    signs: [
      likely(/ncclInternalError|ncclSystemError|ncclUnhandledCudaError|ncclInvalidUsage/),
      likely(/NCCL error in: /),
    ],
  },
];
