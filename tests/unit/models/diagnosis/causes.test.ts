import { diagnose } from "../../../../models/src";

/** How the servers, Docker and the tools in images word each cause, from release to release. */
const WORDINGS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "cuda-before-fork": [
    [
      "(EngineCore_0 pid=33) ERROR 08-19 [core.py:708] RuntimeError: Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, you must use the 'spawn' start method",
      "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above.",
    ],
  ],
  "kernel-compile-failed": [
    [
      "(EngineCore_DP0 pid=85) ERROR 12-10 05:31:42 [core.py:843] torch._inductor.exc.InductorError: CalledProcessError: Command '['/usr/bin/gcc', '/tmp/tmp/main.c', '-O3']' returned non-zero exit status 1.",
      "RuntimeError: Engine core initialization failed.",
    ],
    [
      "RuntimeError: Ninja build failed. Ninja output:",
      "FAILED: sampling.cuda.o ",
      "/bin/sh: 1: :/usr/local/cuda-12.8/bin/nvcc: not found",
      "ninja: build stopped: subcommand failed.",
    ],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: 'ninja'",
      "RuntimeError: Engine core initialization failed.",
    ],
    [
      "OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root.",
    ],
    ["nvcc fatal   : Unknown option '-static-global-template-stub=false'"],
    [
      "RuntimeError: Failed to find C compiler. Please specify via CC environment variable or set triton.knobs.build.impl.",
    ],
    [
      "nvcc fatal   : Unsupported gpu architecture 'compute_120a'",
      "ninja: build stopped: subcommand failed.",
    ],
    ["RuntimeError: Could not find nvcc and default cuda_home='/usr/local/cuda' doesn't exist"],
    ["AssertionError: Cannot find NVCC compiler", ' File "deep_gemm/jit/compiler.py", line 30'],
  ],
  "model-file-corrupt": [
    [
      "safetensors_rust.SafetensorError: Error while deserializing header: MetadataIncompleteBuffer",
      "2024-12-19 ERROR text_generation_launcher: Shard 0 failed to start",
    ],
    [
      "[2026-01-08 TP0] Scheduler hit an exception: Traceback (most recent call last):",
      "safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata, file not fully covered",
    ],
    [
      "llama_model_load: error loading model: tensor 'blk.3.attn_qkv.weight' data is not within the file bounds, model is corrupted or incomplete",
      "llama_model_load_from_file_impl: failed to load model",
      "common_init_from_params: failed to load model '/workspace/x.gguf'",
      "srv    load_model: failed to load model, '/workspace/x.gguf'",
      "main: exiting due to model loading error",
    ],
    [
      "gguf_init_from_file: invalid magic characters 'vers'",
      "llama_model_load: error loading model: llama_model_loader: failed to load model from models/minicpm3-4b-fp16.gguf",
    ],
    ["_pickle.UnpicklingError: invalid load key, 'v'."],
    [
      "RuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory",
    ],
    ["Error: invalid file magic"],
    ["Error: digest mismatch, file must be downloaded again: want sha256:aa, got sha256:bb"],
    [
      "gguf_init_from_file_impl: failed to read key-value pairs",
      "llama_model_load: error loading model: llama_model_loader: failed to load model from /m.gguf",
    ],
    ["EOFError: Ran out of input", "RuntimeError: Engine process failed to start."],
  ],
  "binary-abi-mismatch": [
    [
      "INFO 07-19 13:20:10 [__init__.py:239] Automatically detected platform cuda.",
      "Traceback (most recent call last):",
      "ImportError: /workspace/vllm/vllm/_C.abi3.so: undefined symbol: _ZN3c106ivalue14ConstantString6createENSt7",
    ],
    ["ImportError: libcudart.so.13: cannot open shared object file: No such file or directory"],
    ["vllm: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by vllm)"],
    [
      "ImportError: /usr/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /opt/x.so)",
    ],
    [
      "Unable to load any of {libcudnn_ops.so.9.1.0, libcudnn_ops.so.9.1, libcudnn_ops.so.9, libcudnn_ops.so}",
      "Invalid handle. Cannot load symbol cudnnCreateTensorDescriptor",
      "/start.sh: line 3:  12 Aborted (core dumped) python server.py",
    ],
    ["ERROR [core.py] AttributeError: '_OpNamespace' '_C' object has no attribute 'rms_norm'"],
    [
      "RuntimeError: Detected that PyTorch and torchvision were compiled with different CUDA major versions. PyTorch has CUDA Version=12.8 and torchvision has CUDA Version=13.0.",
    ],
    ["RuntimeError: operator torchvision::nms does not exist"],
    [
      "ImportError: /opt/conda/lib/python3.11/site-packages/torch/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister",
    ],
    [
      "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject",
    ],
  ],
  "cpu-too-old": [
    ["llama runner process has terminated: signal: illegal instruction (core dumped)"],
    ["SIGILL: illegal instruction", "PC=0x7f544807fd16 m=4 sigcode=2"],
    ["/start.sh: line 7:    12 Illegal instruction     (core dumped) vllm serve x"],
    ["Fatal Python error: Illegal instruction"],
    ["Fatal glibc error: CPU does not support x86-64-v3"],
    ["RuntimeError: Worker died with <Signals.SIGILL: 4>"],
    [
      "2024-03-06T17:53:31Z ERROR shard-manager: text_generation_launcher: Shard process was signaled to shutdown with signal 4 rank=1",
      "Error: ShardCannotStart",
    ],
  ],
  "nccl-timeout": [
    [
      "[rank1]:[E213 10:20:11.123 ProcessGroupNCCL.cpp:616] [Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=2, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600008 milliseconds before timing out.",
    ],
    [
      "torch.distributed.DistBackendError: [1] is setting up NCCL communicator and retrieving ncclUniqueId from [0] via c10d key-value store by key '0', but store->get('0') got error: wait timeout after 600000ms, keys: /default_pg/0//cuda//0",
    ],
    [
      "torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.",
    ],
    [
      "[E ProcessGroupNCCL.cpp:475] Some NCCL operations have failed or timed out. Due to the asynchronous nature of CUDA kernels, subsequent GPU operations might run on corrupted/incomplete data.",
    ],
  ],
  "gpu-broken": [
    [
      "RuntimeError: CUDA error: uncorrectable ECC error encountered",
      "Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.",
    ],
    ["[74889.644132] NVRM: Xid (PCI:0000:02:00): 79, GPU has fallen off the bus."],
    [
      "Unable to determine the device handle for GPU 0000:41:00.0: GPU is lost.  Reboot the system to recover this GPU",
    ],
    ["Unable to determine the device handle for GPU2: 0000:C1:00.0: Unknown Error"],
    [
      "failed call to cuDevicePrimaryCtxRetain: CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable ECC error encountered",
    ],
    [
      "torch.AcceleratorError: CUDA error: uncorrectable NVLink error detected during the execution",
    ],
    [
      "ncclUnhandledCudaError: Call to CUDA function failed.",
      "Last error:",
      "Cuda failure 214 'uncorrectable ECC error encountered'",
    ],
    ["timed out waiting for llama runner to start:CUDA error:uncorrectable ECC error encountered"],
  ],
  "mount-hides-image": [
    ["[FATAL tini (18)] exec /workspace/start.sh failed: No such file or directory"],
    [
      "python: can't open file '/workspace/stable-diffusion-webui/webui.py': [Errno 2] No such file or directory",
    ],
    [
      "/start.sh: line 12: cd: /workspace/ComfyUI: No such file or directory",
      "python3: can't open file '//main.py': [Errno 2] No such file or directory",
    ],
    ["/start.sh: line 3: /workspace/venv/bin/activate: No such file or directory"],
    [
      "/usr/bin/python3: can't open file '/runpod-volume/app/handler.py': [Errno 2] No such file or directory",
    ],
    [
      "[FATAL tini (7)] exec /workspace/run.sh failed: No such file or directory",
      "start container for x: begin",
      "[FATAL tini (7)] exec /workspace/run.sh failed: No such file or directory",
    ],
  ],
  "silent-start-loop": [
    [
      "2026-01-01T00:00:00Z start container for a/b:1: begin",
      "2026-01-01T00:00:10Z start container for a/b:1: begin",
      "2026-01-01T00:00:20Z start container for a/b:1: begin",
    ],
    [
      "create pod network",
      "create container runpod/x:1",
      "1.0 Pulling from runpod/x",
      "Digest: sha256:12",
      "Status: Downloaded newer image for runpod/x:1",
      "start container for runpod/x:1: begin",
      "start container for runpod/x:1: begin",
      "start container for runpod/x:1: begin",
      "start container for runpod/x:1: begin",
    ],
    [
      '{"ts":"2026-06-01T12:00:01Z","source":"system","line":"start container for a: begin"}',
      '{"ts":"2026-06-01T12:00:21Z","source":"system","line":"start container for a: begin"}',
      '{"ts":"2026-06-01T12:00:41Z","source":"system","line":"start container for a: begin"}',
    ],
  ],
  "network-volume-unreachable": [
    ["OSError: [Errno 116] Stale file handle: '/workspace/models/config.json'"],
    ["ls: cannot access '/workspace': Transport endpoint is not connected"],
    ["OSError: [Errno 5] Input/output error: '/runpod-volume/huggingface-cache/hub'"],
    ["cp: error reading '/workspace/x': Input/output error"],
    ["mkdir: cannot create directory ‘/workspace/logs’: Host is down"],
    ["bash: cd: /workspace: Stale file handle"],
  ],
  "cache-not-writable": [
    ["PermissionError: [Errno 13] Permission denied: '/data'", "Error: DownloadError"],
    [
      "PermissionError: [Errno 13] Permission denied: '/root/.cache/huggingface/hub/models--Qwen--Qwen3-8B'",
    ],
    ["PermissionError: [Errno 13] Permission denied: '/.cache'"],
    ["Error: could not create directory mkdir /root/.ollama: permission denied"],
    [
      "OSError: PermissionError at /cache/models--x when downloading org/x. Check cache directory permissions. Common causes: 1) another user is downloading the same model (please wait); 2) a previous download was canceled and the lock file needs manual removal.",
    ],
    ["mkdir: cannot create directory ‘/workspace/hf’: Permission denied"],
    [
      "Download encountered an error: ",
      "There was a problem when trying to write in your cache folder (/data). You should set the environment variable TRANSFORMERS_CACHE to a writable directory.",
    ],
    ["Error: open /root/.ollama/id_ed25519: read-only file system"],
  ],
  "server-too-old-for-model": [
    ["pulling manifest ", "Error: pull model manifest: 412: "],
    [
      "Exception: data did not match any variant of untagged enum ModelWrapper at line 1251012 column 3",
    ],
    [
      "llama_model_load: error loading model: error loading model vocabulary: unknown pre-tokenizer type: 'qwen35'",
    ],
    [
      "gguf_init_from_file_impl: tensor 'blk.0.ffn_down_exps.weight' has invalid ggml type 39 (NONE)",
      "gguf_init_from_file_impl: failed to read tensor info",
    ],
  ],
  "server-not-started": [
    [
      "Error: ollama server not responding - could not connect to ollama server, run 'ollama serve' to start it",
    ],
    ["Warning: could not connect to a running Ollama instance"],
    ["Error: could not connect to ollama app, is it running?"],
    [
      'Error: Head "http://127.0.0.1:11434/": dial tcp 127.0.0.1:11434: connect: connection refused',
    ],
  ],
  "script-line-ends": [
    ["/start.sh: line 2: $'\\r': command not found"],
    ["/usr/bin/env: ‘bash\\r’: No such file or directory"],
    ["bash: /start.sh: /bin/bash^M: bad interpreter: No such file or directory"],
    ["/usr/bin/env: ‘bash\r’: No such file or directory"],
    ["env: ‘python3\\r’: No such file or directory"],
    ["exec /entrypoint.sh: no such file or directory"],
    ["standard_init_linux.go:228: exec user process caused: no such file or directory"],
    ["/start.sh: line 5: syntax error near unexpected token `$'{\\r''"],
    ["/start.sh: line 3: set: pipefail\\r: invalid option name"],
    ["/bin/sh: 1: /app/start.sh^M: not found"],
  ],
  "weights-do-not-match": [
    [
      "AssertionError: Attempted to load weight (torch.Size([3600])) into parameter (torch.Size([3584]))",
    ],
    [
      "AssertionError: Tried to load weights of size torch.Size([3096576, 1])to a parameter of size torch.Size([5376, 1152])",
    ],
    ["ValueError: There is no module or parameter named 'lm_head.base_layer' in LlamaForCausalLM"],
    [
      "RuntimeError: Error(s) in loading state_dict for LlamaForCausalLM:",
      "size mismatch for model.embed_tokens.weight: copying a param with shape torch.Size([32001, 4096]) from checkpoint",
    ],
    ["ValueError: Following weights were not initialized from checkpoint: {'lm_head.weight'}"],
    ["llama_model_load: error loading model: missing tensor 'token_embd.weight'"],
    [
      "llama_model_load: error loading model: done_getting_tensors: wrong number of tensors; expected 292, got 291",
    ],
    ["RuntimeError: weight lm_head.weight does not exist"],
    ["ValueError: weight shape mismatch: parameter has (2,), checkpoint has (3,)"],
    [
      'ValueError: Trying to set a tensor of shape torch.Size([32000, 4096]) in "weight" (which has shape torch.Size([32001, 4096])), this looks incorrect.',
    ],
    [
      "llama_model_load: error loading model: check_tensor_dims: tensor 'token_embd.weight' has wrong shape; expected  4096, 32001, got  4096, 32000",
    ],
  ],
  "no-gpu-visible": [["RuntimeError: No HIP GPUs are available"]],
  "model-file-not-found": [["RuntimeError: Cannot find any model weights with `/models/empty`"]],
  "bad-server-argument": [
    [
      "ValueError: The supplied chat template (/nope.jinja) looks like a file path, but it failed to be opened. Reason: [Errno 2] No such file or directory: '/nope.jinja'",
    ],
    [
      "api_server.py: error: unrecognized arguments: /bin/bash -c cd / && export VLLM_CPU_KVCACHE_SPACE=40 && python3 -m vllm.entrypoints.openai.api_server --model  --port 80",
    ],
    [
      "usage: api_server.py [-h] [--host HOST]",
      "api_server.py: error: unrecognized arguments: serve HuggingFaceTB/SmolLM3-3B --dtype auto",
    ],
    ['Error: unknown command "/bin/bash" for "ollama"'],
  ],
  "entrypoint-not-found": [["[FATAL tini (7)] exec vllm failed: No such file or directory"]],
};

const cases = Object.entries(WORDINGS).flatMap(([cause, logs]) =>
  logs.map((lines) => [cause, lines] as const),
);

test.each(cases)("%s: %j", (cause, lines) => {
  const diagnosis = diagnose(lines);
  expect(diagnosis).toMatchObject({ cause, remedy: expect.stringMatching(/\.$/) });
  expect(diagnosis.confidence).not.toBe("possible");
});
