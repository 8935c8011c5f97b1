import { type Cause, certain, likely } from "./cause";

const MODEL_CODE = /(?:model_executor\/(?:models|layers)|srt\/models|server\/models)\//;

/** The server's view of the model, and its own faults. */
export const SERVER_CAUSES: readonly Cause[] = [
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
      "The model brings its own code. Read it, then add --trust-remote-code to dockerStartCmd; or choose a model that the server knows.",
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
    name: "cuda-graph-capture-failed",
    remedy:
      "Capturing the CUDA graphs only met the error first: its own text says what is wrong. An fp8 KV cache needs another attention back end; --disable-cuda-graph (SGLang) or --enforce-eager (vLLM) goes around the capture.",
    signs: [likely(/Capture cuda graph failed|CUDA graph captur\w{1,4} failed/i)],
  },
  {
    name: "missing-python-module",
    remedy:
      "The image lacks a Python package that an option or the model asks for. Drop the option (such as --load-format), or use an image that has the package.",
    signs: [
      likely(/ModuleNotFoundError: No module named/, {
        // ComfyUI goes on without a custom node that does not load.
        unlessNear: { pattern: /custom_?nodes?\b/, lines: 40 },
      }),
    ],
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
];
