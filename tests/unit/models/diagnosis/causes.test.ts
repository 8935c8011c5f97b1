import { diagnose } from "../../../../models/src";

/** How the servers, Docker and the tools in images word each cause, from release to release. */
const WORDINGS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "cuda-before-fork": [
    [
      "(EngineCore_0 pid=33) ERROR 08-19 [core.py:708] RuntimeError: Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, you must use the 'spawn' start method",
      "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above.",
    ],
    [
      "RuntimeError: Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, you must use the 'spawn' start method",
      "ERROR: VllmWorkerProcess died",
    ],
    [
      "[W] CUDA was previously initialized. We must use the `spawn` multiprocessing start method.",
      "RuntimeError: Cannot re-initialize CUDA in forked subprocess.",
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
    [
      "(EngineCore_DP0 pid=2) ERROR 07-02 [core.py:500] subprocess.CalledProcessError: Command '['ninja', '-v', '-C', '/root/.cache/flashinfer/90a/cached_ops/sampling', '-f', '/x/build.ninja']' returned non-zero exit status 1.",
      "RuntimeError: Engine core initialization failed.",
    ],
    [
      "[2026-01-01 TP0] Scheduler hit an exception: Traceback (most recent call last):",
      "RuntimeError: Ninja is required to load C++ extensions (pip install ninja to get it)",
    ],
    [
      "/usr/bin/ld: cannot find -lcuda: No such file or directory",
      "collect2: error: ld returned 1 exit status",
      "ninja: build stopped: subcommand failed.",
    ],
    [
      "/root/.cache/flashinfer/x.cu:1:10: fatal error: cuda_runtime.h: No such file or directory",
      "compilation terminated.",
    ],
    [
      "/tmp/tmpabc/cuda_utils.c:6:10: fatal error: Python.h: No such file or directory",
      "subprocess.CalledProcessError: Command '['/usr/bin/gcc', '/tmp/x/main.c', '-O3', '-shared', '-fPIC']' returned non-zero exit status 1.",
    ],
    [
      "triton.runtime.errors.PTXASError: PTXAS error: Internal Triton PTX codegen error",
      "`ptxas` stderr:",
      "ptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'",
    ],
    [
      "torch._dynamo.exc.BackendCompilerFailed: backend='inductor' raised:",
      "RuntimeError: Failed to find C compiler. Please specify via CC environment variable.",
    ],
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
    [
      "safetensors_rust.SafetensorError: Error while deserializing header: InvalidHeaderDeserialization",
    ],
    [
      "safetensors._safetensors_rust.SafetensorError: Error while deserializing header: header too large",
    ],
    ["safetensors_rust.SafetensorError: Error while deserializing: header too small"],
    [
      "OSError: Unable to load weights from pytorch checkpoint file for '/workspace/m/pytorch_model.bin' at '/workspace/m/pytorch_model.bin'. If you tried to load a PyTorch model from a TF 2.0 checkpoint, please set from_tf=True.",
      "_pickle.UnpicklingError: invalid load key, 'v'.",
    ],
    [
      "OSError: You seem to have cloned a repository without having git-lfs installed. Please install git-lfs and run `git lfs install` followed by `git lfs pull` in the folder you cloned.",
    ],
    [
      "E gguf_init_from_file_impl: invalid magic characters: '????', expected 'GGUF'",
      "E llama_model_load: error loading model: llama_model_loader: failed to load model from /m/x.gguf",
      "E srv    load_model: failed to load model, '/m/x.gguf'",
    ],
    [
      "Error: llama runner process has terminated: error loading model: tensor 'output.weight' data is not within the file bounds, model is corrupted or incomplete",
    ],
    [
      "llama_model_load: error loading model: read error: Invalid argument",
      "llama_model_load: error loading model: unexpectedly reached end of file",
    ],
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
    ["ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory"],
    [
      "/usr/local/bin/llama-server: error while loading shared libraries: libcudart.so.12: cannot open shared object file: No such file or directory",
    ],
    [
      "./llama-server: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by ./llama-server)",
    ],
    [
      "ImportError: /opt/x/vllm/_C.abi3.so: undefined symbol: _ZN3c104cuda29c10_cuda_check_implementationEiPKcS2_ib",
    ],
    [
      "Could not load library libcudnn_ops_infer.so.8. Error: libcudnn_ops_infer.so.8: cannot open shared object file: No such file or directory",
      "Please make sure libcudnn_ops_infer.so.8 is in your library path!",
      "Aborted (core dumped)",
    ],
    [
      "symbol lookup error: /usr/local/lib/python3.10/dist-packages/torch/lib/../../nvidia/cudnn/lib/libcudnn_cnn_infer.so.8: undefined symbol: _ZN11nvrtcHelper4loadEb, version libcudnn_ops_infer.so.8",
    ],
    ["OSError: libmkl_intel_lp64.so.1: cannot open shared object file: No such file or directory"],
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
    [
      "bash: line 1:    14 Illegal instruction     (core dumped) python3 -m vllm.entrypoints.openai.api_server",
    ],
    [
      "2026-01-01T00:00:00Z ERROR shard-manager: text_generation_launcher: Shard process was signaled to shutdown with signal 4 rank=3",
    ],
    [
      "fatal error: unexpected signal during runtime execution",
      "[signal SIGILL: illegal instruction code=0x2 addr=0x0 pc=0x0]",
    ],
    [
      "The TensorFlow library was compiled to use AVX2 instructions, but these aren't available on your machine.",
      "Aborted (core dumped)",
    ],
    ["Fatal glibc error: CPU does not support x86-64-v2"],
    ["exited with code 132"],
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
    [
      "[rank0]:[E1108 11:00:00.000 ProcessGroupNCCL.cpp:1785] [PG ID 2 PG GUID 3 Rank 0] Exception (either an error or timeout) detected by watchdog at work: 1, last enqueued NCCL work: 1, last completed NCCL work: -1.",
    ],
    [
      "[rank0]:[E1108 ProcessGroupNCCL.cpp:629] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=5, OpType=_ALLGATHER_BASE, NumelIn=1, NumelOut=2, Timeout(ms)=600000) ran for 600029 milliseconds before timing out.",
    ],
    [
      "[rank1]:[E ProcessGroupNCCL.cpp:1316] [PG 1 Rank 1] Heartbeat monitor timed out! Process will be terminated after dumping debug info.",
    ],
    [
      "torch.distributed.DistNetworkError: The client socket has timed out after 600000ms while trying to connect to (127.0.0.1, 29500).",
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
    ["RuntimeError: CUDA error: an uncorrectable ECC error was encountered"],
    [
      "nvidia-smi",
      "Unable to determine the device handle for GPU0000:03:00.0: GPU is lost.  Reboot the system to recover this GPU",
    ],
    [
      "NVRM: Xid (PCI:0000:c1:00): 94, pid=1234, name=python3, Contained: SM (0x1). RST: No, D-RST: No",
    ],
    [
      "ggml_cuda_compute_forward: MUL_MAT failed",
      "CUDA error: uncorrectable ECC error encountered",
      "  current device: 0, in function ggml_cuda_compute_forward at ggml-cuda.cu:2300",
    ],
    [
      "RuntimeError: No CUDA GPUs are available",
      "nvidia-smi: Unable to determine the device handle for GPU0: Unknown Error",
    ],
    ['level=ERROR msg="CUDA error: GPU is lost"'],
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
    [
      "python: can't open file '/workspace/kohya_ss/kohya_gui.py': [Errno 2] No such file or directory",
    ],
    ["[FATAL tini (1)] exec /workspace/entrypoint.sh failed: No such file or directory"],
    ["/start.sh: line 41: cd: /workspace/text-generation-webui: No such file or directory"],
    ["bash: cd: /workspace/ComfyUI: No such file or directory"],
    ["/bin/sh: 1: /workspace/ComfyUI/venv/bin/python: not found"],
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
    ["ls: cannot open directory '/workspace': Stale file handle"],
    ["OSError: [Errno 112] Host is down: '/workspace/hf'"],
    ["OSError: [Errno 107] Transport endpoint is not connected: '/runpod-volume'"],
    [
      "RuntimeError: Data processing error: File reconstruction error: IO Error: Input/output error (os error 5) /workspace/hf",
    ],
    ['rsync: [sender] read errors mapping "/workspace/a": Input/output error (5)'],
    ["touch: cannot touch '/workspace/x': Remote I/O error"],
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
    ["OSError: [Errno 30] Read-only file system: '/models/.cache'"],
    ["PermissionError: [Errno 13] Permission denied: '/workspace/huggingface/hub/.locks'"],
    ["RuntimeError: Data processing error: I/O error: Permission denied (os error 13)"],
    ["PermissionError: [Errno 13] Permission denied: '/.triton'"],
    ["Error: mkdir /root/.ollama/models/blobs: read-only file system"],
    ["touch: cannot touch '/runpod-volume/.hf': Read-only file system"],
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
    [
      "The model you are attempting to pull requires a newer version of Ollama that may be in pre-release.",
    ],
    [
      "Error: pull model manifest: 412: ",
      "",
      "The model you are attempting to pull requires a newer version of Ollama.",
      "",
    ],
    [
      "llama_model_load: error loading model: error loading model hyperparameters: key not found in model: qwen3next.ssm.conv_kernel",
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
    [
      "ollama._types.ConnectionError: Failed to connect to Ollama. Please check that Ollama is downloaded, running and accessible. https://ollama.com/download",
      "ConnectionError: Failed to connect to Ollama.",
    ],
    [
      'Error: Post "http://127.0.0.1:11434/api/show": dial tcp 127.0.0.1:11434: connect: connection refused',
    ],
    [
      "Error: timed out waiting for server to start",
      "ollama server not responding - timed out waiting for server to start",
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
    ["env: bash\\r: No such file or directory"],
    ["/bin/bash^M: bad interpreter: No such file or directory"],
    ["/entrypoint.sh: 3: set: Illegal option -\\r"],
    ["/start.sh: line 2: set: -\\r: invalid option"],
    ["exec /usr/local/bin/start.sh: no such file or directory"],
    ["/start.sh: line 10: syntax error near unexpected token `elif\\r'"],
    ['standard_init_linux.go:211: exec user process caused "no such file or directory"'],
    [
      "/usr/bin/env: ‘bash\\r’: No such file or directory",
      "/usr/bin/env: use -[v]S to pass options in shebang lines",
    ],
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
    [
      "KeyError: 'layers.0.self_attn.qkv_proj.weight' size mismatch for lm_head.weight: copying a param with shape torch.Size([1]) from checkpoint, the shape in current model is torch.Size([2]).",
    ],
    [
      "ValueError: There is no module or parameter named 'base_model' in Qwen2ForCausalLM. The available parameters belonging to this module are: {'x'}",
    ],
    ["llama_model_load: error loading model: missing tensor 'blk.0.attn_q.weight'"],
    [
      "RuntimeError: The size of tensor a (4096) must match the size of tensor b (5120) at non-singleton dimension 0",
      ' File "/x/vllm/model_executor/model_loader/weight_utils.py", line 3, in default_weight_loader',
    ],
    [
      "    assert param_data.shape == loaded_weight.shape",
      "AssertionError",
      "RuntimeError: Engine core initialization failed.",
    ],
    [
      "ValueError: Following weights were not initialized from checkpoint: {'model.layers.0.mlp.gate.weight'}",
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
