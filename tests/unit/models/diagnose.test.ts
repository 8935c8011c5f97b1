import { diagnose } from "../../../models/src";
import { CAUSES } from "../../../models/src/diagnosis/causes";

const NO_SPACE = "OSError: [Errno 28] No space left on device";
const HUB_PROGRESS = "Fetching 12 files:  33%|###3      | 4/12 [01:10<02:20, 17.51s/it]";
const CUDA_OOM = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 540.00 MiB.";
const SERVING = "INFO:     Application startup complete.";

describe("one message, several causes", () => {
  test.each([
    ["a cached file named in the line", `${NO_SPACE}: '/root/.cache/huggingface/x.incomplete'`],
    ["xet", "CAS service error : IO Error: No space left on device (os error 28)"],
  ])("a full disk is certainly the download's with %s", (_, line) => {
    expect(diagnose([line])).toMatchObject({ cause: "disk-full-download", confidence: "certain" });
  });

  test("a full disk near a download is likely the download's", () => {
    const log = [HUB_PROGRESS, ...filler(20), NO_SPACE];
    expect(diagnose(log)).toMatchObject({ cause: "disk-full-download", confidence: "likely" });
  });

  test("a full disk far from any download is likely a write's", () => {
    const log = [HUB_PROGRESS, ...filler(60), NO_SPACE];
    expect(diagnose(log)).toMatchObject({ cause: "disk-full-write", confidence: "likely" });
  });

  test("a full disk with the error wrapped onto a separate line is still the download's", () => {
    const log = [
      "RuntimeError: Data processing error: CAS service error :",
      `IO Error: ${NO_SPACE}`,
    ];
    expect(diagnose(log).cause).toBe("disk-full-download");
  });

  test("a full /dev/shm is not a full disk, even during a download", () => {
    const log = [
      HUB_PROGRESS,
      "NCCL WARN Error while creating shared memory segment /dev/shm/nccl-x (size 9637888)",
      "error: No space left on device (28)",
    ];
    expect(diagnose(log)).toMatchObject({ cause: "shm-too-small", confidence: "certain" });
  });

  test("a full disk while an image is unpacked is the image's", () => {
    const line =
      'failed to pull and unpack image "x": failed to extract layer: write /usr/lib/x.so: no space left on device';
    expect(diagnose([line])).toMatchObject({
      cause: "disk-full-image-pull",
      confidence: "certain",
    });
  });

  test.each([
    ["IO Error: Disk quota exceeded (os error 122)", "disk-quota-exceeded", "certain"],
    ["Reqwest Error: error decoding response body", "hub-download-interrupted", "likely"],
  ])("xet's error with %s is %s", (tail, cause, confidence) => {
    const line = `RuntimeError: Data processing error: CAS service error : ${tail}`;
    expect(diagnose([line])).toMatchObject({ cause, confidence });
  });

  test("an insufficient driver is a missing runtime if no driver was seen at all", () => {
    const insufficient = "CUDA driver version is insufficient for CUDA runtime version";
    expect(diagnose([insufficient])).toMatchObject({
      cause: "driver-too-old",
      confidence: "likely",
    });
    expect(diagnose(["WARNING: The NVIDIA Driver was not detected.", insufficient]).cause).toBe(
      "nvidia-runtime-missing",
    );
  });

  test("a model that does not exist is not a bad login, though the hub words it so", () => {
    const log = [
      "huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. (Request ID: Root=1-6)",
      "If you are trying to access a private or gated repo, make sure you are authenticated.",
      "Invalid username or password.",
    ];
    expect(diagnose(log)).toMatchObject({ cause: "model-not-found", confidence: "certain" });
    expect(diagnose(["Invalid username or password."])).toMatchObject({
      cause: "hub-token-invalid",
      confidence: "likely",
    });
  });

  test.each([
    ["503 Service Unavailable", "registry-unreachable"],
    ["429 Too Many Requests", "registry-rate-limited"],
    ["403 Forbidden", "image-pull-unauthorized"],
  ])("a registry that refuses its token with %s is %s", (status, cause) => {
    const line = `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=x: ${status}`;
    expect(diagnose([line]).cause).toBe(cause);
  });
});

describe("warnings that prove nothing", () => {
  test.each([
    "UserWarning: Not enough free disk space to download the file. The expected file size is: 4976.70 MB. The target location only has 0.00 MB free disk space.",
    "INFO 03-18 11:20:00 [shm_broadcast.py:466] No available shared memory broadcast block found in 60 seconds.",
    "HTTP Error 429 thrown while requesting HEAD https://huggingface.co/x/resolve/main/config.json",
    "FutureWarning: The error handler is deprecated and will be removed",
    "Process group has NOT been destroyed before we destruct ProcessGroupNCCL",
    "WARNING 03-18 11:13:38 [interface.py:222] Failed to import from vllm._C with ModuleNotFoundError: No module named 'vllm._C'",
    "WARNING 03-18 11:13:38 [worker.py:1] CUDA out of memory while profiling, trying again with less",
  ])("%s", (line) => {
    expect(diagnose([line])).toMatchObject({ cause: null, evidence: [line.slice(0, 400)] });
  });

  test("a log level named inside an error does not make it a warning", () => {
    const line =
      "torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3690, unhandled system error (run with NCCL_DEBUG=INFO for details)";
    expect(diagnose([line]).cause).toBe("nccl-init-failed");
  });

  test("a warning that is a cause has confidence possible, and any stronger cause wins", () => {
    const alarm =
      "WARNING 08-29 11:55:28 _custom_ops.py:17] ImportError('libcuda.so.1: cannot open shared object file')";
    expect(diagnose([alarm])).toMatchObject({ cause: "libcuda-missing", confidence: "possible" });
    expect(diagnose([alarm, CUDA_OOM])).toMatchObject({ cause: "gpu-oom-load" });
    expect(diagnose([CUDA_OOM, alarm])).toMatchObject({ cause: "gpu-oom-load" });
  });
});

describe("position in the log", () => {
  const header =
    "(EngineCore_DP0 pid=192) ERROR 03-18 11:27:27 [core.py:866] EngineCore failed to start.";
  const footer = "RuntimeError: Engine core initialization failed. See root cause above.";

  test("the cause is found between a report before it and a report long after it", () => {
    const log = [header, ...filler(10), CUDA_OOM, ...filler(40), footer];
    expect(diagnose(log)).toMatchObject({
      cause: "gpu-oom-load",
      confidence: "certain",
      evidence: [CUDA_OOM],
    });
  });

  test("a cause that names the moment wins over a general out-of-memory error", () => {
    const warmup =
      "RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests.";
    expect(diagnose([CUDA_OOM, warmup]).cause).toBe("gpu-oom-warmup");
  });

  test("a graph capture that fails with another error is not the cause", () => {
    const log = [
      "Exception: Capture cuda graph failed: CUDA out of memory. Tried to allocate 2 MiB",
    ];
    expect(diagnose(log).cause).toBe("gpu-oom-load");
  });

  test("a fault in the server's code for a model is recognized by the frames around it", () => {
    const frame = '  File "/x/vllm/model_executor/models/qwen3.py", line 231, in load_weights';
    const error = "KeyError: 'layers.0.mlp.gate_up_proj.weight_scale'";
    expect(diagnose([frame, error])).toMatchObject({ cause: "model-code-error" });
    expect(diagnose([error]).cause).toBeNull();
  });

  test("the beginning of the log may be missing", () => {
    expect(diagnose([footer])).toMatchObject({
      cause: "engine-core-wrapper-only",
      confidence: "possible",
    });
  });
});

describe("several runs of one container", () => {
  const start = "start container for vllm/vllm-openai:v0.15.0: begin";

  test("the last run that failed is reported, not an earlier one with another cause", () => {
    const log = [start, CUDA_OOM, start, "GatedRepoError: 401 Client Error."];
    expect(diagnose(log).cause).toBe("model-gated-no-token");
  });

  test("a run that only reports a failure is explained by the run before it", () => {
    const log = [start, CUDA_OOM, start, "Engine core initialization failed."];
    expect(diagnose(log)).toMatchObject({ cause: "gpu-oom-load", confidence: "certain" });
  });

  test("a failure before a run that served does not explain what came later", () => {
    const log = [start, CUDA_OOM, start, SERVING, start, "loading"];
    expect(diagnose(log)).toMatchObject({ cause: null, evidence: [start, "loading"] });
  });

  test("a server may fail after it has served", () => {
    const log = [start, SERVING, "Reason:       OOMKilled"];
    expect(diagnose(log)).toMatchObject({ cause: "host-oom-killed", confidence: "certain" });
  });

  test("a server's banner within a run does not hide earlier lines", () => {
    const log = [start, "Error 803: system has unsupported", "vLLM API server version 0.15.0"];
    expect(diagnose(log).cause).toBe("cuda-803-driver-library-conflict");
  });
});

describe("wording that changes from release to release", () => {
  test.each([
    [
      "kv-cache-too-small",
      "To serve at least one request with the models's max seq len (40960), (5.00 GiB KV cache is needed",
    ],
    [
      "kv-cache-too-small",
      "To serve at least one request with the model's `max_seq_len` of 40960, more is needed",
    ],
    [
      "kv-cache-too-small",
      "The model's max seq len (32768) is larger than the maximum number of tokens that can be stored in KV cache (11760).",
    ],
    [
      "max-model-len-too-big",
      "User-specified max_model_len (131072) is greater than the derived max_model_len (max_position_embeddings=32768)",
    ],
    [
      "tensor-parallel-not-dividing",
      "`num_heads` must be divisible by `num_shards` (got `num_heads`: 71 and `num_shards`: 2",
    ],
    [
      "ray-not-enough-gpus",
      "World size (2) is larger than the number of available GPUs (1) in this node.",
    ],
    [
      "gpu-oom-load",
      "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 224.00 MiB",
    ],
    [
      "gpu-memory-busy",
      "Free memory on device (7.34/15.49 GiB) on startup is less than desired GPU memory utilization (0.9, 13.94 GiB).",
    ],
    ["dtype-unsupported-gpu", "bfloat16 is not supported on this GPU"],
    [
      "trust-remote-code-needed",
      "Please pass the argument `trust_remote_code=True` to allow custom code to be run.",
    ],
    ["quantization-mismatch", "ValueError: Cannot find the config file for awq"],
    [
      "model-file-not-found",
      "HFValidationError: Repo id must be in the form 'repo_name' or 'namespace/repo_name': '/workspace/models/qwen'.",
    ],
    [
      "image-tag-not-found",
      'failed to resolve reference "docker.io/vllm/vllm-openai:v9": docker.io/vllm/vllm-openai:v9: not found',
    ],
    ["entrypoint-not-found", "bash: line 1: vllm: command not found"],
    ["entrypoint-not-found", "/bin/bash: /workspace/start.sh: No such file or directory"],
    ["host-oom-killed", "Shard process was signaled to shutdown with signal 9"],
    ["host-oom-killed", "bash: line 1:     7 Killed                  vllm serve Qwen/Qwen3-8B"],
    ["bad-server-argument", "error: invalid argument: --flash-attention"],
    [
      "model-architecture-unsupported",
      "error loading model architecture: unknown model architecture: 'qwen35'",
    ],
    [
      "accelerator-busy-or-missing",
      "CUDA error: CUDA-capable device(s) is/are busy or unavailable",
    ],
  ])("%s: %s", (cause, line) => {
    expect(diagnose(["starting", line, "stopped"])).toMatchObject({ cause, evidence: [line] });
  });
});

describe("remedies", () => {
  test.each([
    ["disk-full-download", ["containerDiskInGb", "volumeMountPath", "volumeInGb"]],
    [
      "cuda-803-driver-library-conflict",
      ["LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH"],
    ],
    ["image-needs-newer-cuda", ["minCudaVersion"]],
    ["gpu-arch-unsupported", ["gpuTypeIds"]],
    ["gpu-oom-load", ["gpuTypeIds", "gpuCount", "--max-model-len"]],
    ["model-gated-no-token", ["HF_TOKEN"]],
    ["image-pull-unauthorized", ["containerRegistryAuthId"]],
    ["entrypoint-not-found", ["dockerEntrypoint", "dockerStartCmd"]],
  ])("the remedy for %s names %j", (name, fields) => {
    const remedy = CAUSES.find((cause) => cause.name === name)?.remedy;
    for (const field of fields) {
      expect(remedy).toContain(field);
    }
  });

  test("one cause has more specific remedies if the line shows more", () => {
    const doubled = diagnose(["vllm: error: unrecognized arguments: serve /models/x"]);
    const unknown = diagnose(["api_server.py: error: unrecognized arguments: --fast"]);
    expect(doubled.cause).toBe(unknown.cause);
    expect(doubled.remedy).toContain('already starts "vllm serve"');
    expect(unknown.remedy).toContain("--help");
  });
});

describe("any string", () => {
  test("an unknown failure is reported with its last lines", () => {
    const log = [...filler(20), "Something that nobody has seen before", ""];
    const { cause, evidence } = diagnose(log);
    expect(cause).toBeNull();
    expect(evidence).toEqual([...filler(20).slice(-4), "Something that nobody has seen before"]);
  });

  test("no pattern can repeat without bound over arbitrary text, so time stays linear", () => {
    const unbounded = /(?:\.|\\[SWDw]|\)|\[\^[^\]]*\])[*+]|\{\d+,\}/;
    const patterns = CAUSES.flatMap(({ signs }) =>
      signs.flatMap(({ pattern, near, unlessNear }) => [
        pattern,
        near?.pattern,
        unlessNear?.pattern,
      ]),
    );
    for (const pattern of patterns) {
      if (pattern) {
        expect(pattern.source).not.toMatch(unbounded);
      }
    }
  });

  test("no pattern keeps a position between lines", () => {
    for (const { signs } of CAUSES) {
      for (const { pattern } of signs) {
        expect(pattern.flags).not.toMatch(/[gy]/);
      }
    }
  });

  test("is shown as at most five lines, trimmed, of at most 400 characters", () => {
    const lines = Array.from({ length: 7 }, (_, n) => `  CUDA out of memory: ${n}  `);
    expect(diagnose(lines).evidence).toEqual(lines.slice(0, 5).map((line) => line.trim()));
    const exact = "CUDA out of memory".padEnd(400, "x");
    expect(diagnose([exact, `${exact}y`]).evidence).toEqual([exact, `${exact}…`]);
    const starts = Array.from({ length: 7 }, (_, n) => `${n} start container for a: begin`);
    expect(diagnose(starts).evidence).toEqual(starts.slice(2));
  });

  test("no cause is shown without lines once a server served, stopped, or printed nothing", () => {
    const nothing = { cause: null, confidence: null, evidence: [], remedy: null };
    expect(diagnose([])).toEqual(nothing);
    expect(diagnose([SERVING, "hello"])).toEqual(nothing);
    expect(diagnose(["hello", "stop container a"])).toEqual(nothing);
    expect(diagnose(["hello"])).toEqual({ ...nothing, evidence: ["hello"] });
  });

  test("reads the end of a very long log and the beginning of a very long line", () => {
    expect(diagnose([CUDA_OOM, ...filler(20_000)]).cause).toBeNull();
    expect(diagnose([...filler(20_000), CUDA_OOM]).cause).toBe("gpu-oom-load");
    const { cause, evidence } = diagnose([CUDA_OOM + "x".repeat(1_000_000)]);
    expect(cause).toBe("gpu-oom-load");
    expect(evidence[0]).toMatch(/^torch.*x…$/);
  });
});

function filler(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `step ${index + 1}`);
}
