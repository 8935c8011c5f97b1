import { type Cause, certain, likely, possible } from "./cause";

const MODEL_CODE = /(?:model_executor\/(?:models|layers)|srt\/models|server\/models)\//;

/** The server's arguments, its view of the model, and its own faults. */
export const SERVER_CAUSES: readonly Cause[] = [
  {
    name: "missing-model-argument",
    remedy:
      "The server was given no model. Name it in dockerStartCmd, and check that the variable which fills it is not empty.",
    signs: [
      certain(/a value is required for '--model/),
      certain(/the following arguments are required: .{0,80}model/),
    ],
  },
  {
    name: "bad-server-argument",
    remedy:
      "This release of the server does not take the argument as given. Correct or remove it in dockerStartCmd, or pin a newer imageName; the server's --help lists what it takes.",
    signs: [
      certain(/error: unrecognized arguments: serve\b/, {
        remedy:
          'The image already starts "vllm serve". Leave both words out of dockerStartCmd: only the model and its options belong there.',
      }),
      certain(/error: argument --compilation-config\/-cc: /, {
        remedy:
          'If the value shown is a command, a shell\'s -c reached vLLM as its own option, since the image starts "vllm serve": set dockerEntrypoint to ["bash", "-c"] instead of beginning dockerStartCmd with it. Otherwise correct the JSON.',
      }),
      certain(/error: (?:unrecognized arguments|argument -|ambiguous option|invalid argument:)/),
      certain(/error: (?:unexpected argument|invalid value) '/),
    ],
  },
  {
    name: "tensor-parallel-not-dividing",
    remedy:
      "The model's attention heads cannot be shared evenly by that many GPUs. Set --tensor-parallel-size, and gpuCount with it, to a divisor of their number: 1, 2, 4 or 8 with most models.",
    signs: [
      certain(/must be divisible by .{0,4}(?:tensor|tp_size|num_shards|world_size)/i),
      certain(/not divisible by .{0,20}tensor.parallel/i),
    ],
  },
  {
    name: "ray-not-enough-gpus",
    remedy:
      "The server was told to use more GPUs than the pod has. Raise gpuCount, or lower --tensor-parallel-size and --pipeline-parallel-size.",
    signs: [
      certain(/number of required GPUs exceeds the total number of available GPUs/),
      certain(/World size .{1,20}is larger than the number of available GPUs/i),
      likely(/CUDA error: invalid device ordinal/),
    ],
  },
  {
    name: "max-model-len-too-big",
    remedy:
      "--max-model-len is above what the model was made for. Lower it to the length that the line names, or drop it.",
    signs: [certain(/max_model_len .{0,20}is greater than the/)],
  },
  {
    name: "quantization-mismatch",
    remedy:
      "--quantization does not agree with the checkpoint. Drop the option: the server reads the method from the checkpoint.",
    signs: [
      certain(/Quantization method specified in the model config/),
      certain(/Cannot find the config file for \w{1,30}/),
    ],
  },
  {
    name: "transformers-too-old",
    remedy:
      "The image's transformers library is older than the model. Use a newer imageName, or another model.",
    signs: [certain(/Transformers does not recognize this architecture/i)],
  },
  {
    name: "model-architecture-unsupported",
    remedy:
      "This release of the server cannot run this kind of model. Use a newer imageName, or another model or server.",
    signs: [
      certain(/Model architectures .{0,300} (?:are|is) not supported/),
      certain(/unknown model architecture|Unsupported model type/),
    ],
  },
  {
    name: "trust-remote-code-needed",
    remedy:
      "The model brings code of its own. Read it, then add --trust-remote-code to dockerStartCmd; or choose a model that the server knows.",
    signs: [
      certain(/pass the (?:argument|option) .{0,4}trust.remote.code/),
      certain(/contains custom code which must be executed/),
    ],
  },
  {
    name: "tokenizer-class-unknown",
    remedy:
      "The image does not know the model's tokenizer. Use a newer imageName, or correct tokenizer_class in the model's tokenizer_config.json.",
    signs: [certain(/Tokenizer class \S{1,100} does not exist/)],
  },
  {
    name: "port-in-use",
    remedy:
      "Another process in the container listens on this port. Give the server another --port and name it in ports, or start only one server.",
    signs: [
      certain(/error while attempting to bind on address|\[Errno 98\]|EADDRINUSE/),
      certain(/address already in use/i),
    ],
  },
  {
    name: "chat-template-missing",
    remedy:
      "The server runs, but the model has no chat template. Add --chat-template to dockerStartCmd, or call /v1/completions.",
    signs: [
      certain(/default chat template is no longer allowed|must provide a chat template/),
      certain(/tokenizer\.chat_template is not set/),
    ],
  },
  {
    name: "nccl-init-failed",
    remedy:
      "The GPUs did not find each other. Remove NCCL_SOCKET_IFNAME from env if it is set; run once with NCCL_DEBUG=INFO to see which step fails.",
    signs: [
      likely(/ncclInternalError|ncclSystemError|ncclUnhandledCudaError|ncclInvalidUsage/),
      likely(/NCCL error in: /),
    ],
  },
  {
    name: "cuda-graph-capture-failed",
    remedy:
      "Capturing the CUDA graphs only met the error first: its own text says what is wrong. An fp8 KV cache needs another attention back end; --disable-cuda-graph (SGLang) or --enforce-eager (vLLM) goes around the capture.",
    signs: [likely(/Capture cuda graph failed|CUDA graph captur\w{1,4} failed/i)],
  },
  {
    name: "missing-python-module",
    remedy:
      "The image lacks a Python package that an option or the model asks for. Drop the option (such as --load-format), or use an image that has the package.",
    signs: [likely(/ModuleNotFoundError: No module named/)],
  },
  {
    name: "model-code-error",
    remedy:
      "The server's own code for this model failed. Try another imageName (a newer or the last working release) or another parallel layout, and look for the error in the server's issues.",
    signs: [
      likely(
        /\b(?:TypeError|AttributeError|KeyError|IndexError|UnboundLocalError|NotImplementedError|AssertionError)\b/,
        { near: { pattern: MODEL_CODE, lines: 40 } },
      ),
    ],
  },
  {
    name: "killed-while-starting",
    remedy:
      "Something from outside ended the server before it was ready: a stop of the pod, or a health check with too little patience. Allow more time (timeout) and start it again.",
    signs: [likely(/KeyboardInterrupt: terminated/)],
  },
  {
    name: "engine-core-wrapper-only",
    remedy:
      "These lines only report that a part of the server failed. Its own error stands earlier in the log: read more lines, from the start of the container.",
    signs: [
      possible(/Engine core initialization failed|Engine process failed to start/),
      possible(/EngineCore failed to start|EngineDeadError|Received sigquit from a child/),
      possible(/ShardCannotStart|Shard \d{1,4} failed to start/),
    ],
  },
];
