import { type Cause, certain, likely } from "./cause";

const MODEL_CODE = /(?:model_executor\/(?:models|layers)|srt\/models|server\/models)\//;

/** Causes in the server: models and options that it rejects, and its own faults. */
export const SERVER_CAUSES: readonly Cause[] = [
  {
    name: "max-model-len-too-big",
    remedy:
      "--max-model-len is greater than the model's maximum length. Lower it to the length shown in the line, or remove it.",
    signs: [certain(/max_model_len .{0,20}is greater than the/)],
  },
  {
    name: "quantization-mismatch",
    remedy:
      "--quantization does not match the checkpoint. Remove the option: the server reads the method from the checkpoint.",
    signs: [
      certain(/Quantization method specified in the model config/),
      certain(/Cannot find the config file for \w/),
    ],
  },
  {
    name: "transformers-too-old",
    remedy:
      "The image's transformers library is too old for this model. Use a newer imageName, or another model.",
    signs: [certain(/Transformers does not recognize this architecture/i)],
  },
  {
    name: "model-architecture-unsupported",
    remedy:
      "This release of the server cannot run this kind of model. Use a newer imageName, or another model or server.",
    signs: [
      certain(/Model architectures .{0,300} (?:are|is) not supported/),
      certain(
        /\w has no vLLM implementation and the Transformers implementation is not compatible/,
      ),
      certain(/unknown model architecture|Unsupported model type/),
    ],
  },
  {
    name: "trust-remote-code-needed",
    remedy:
      "The model includes its own code. Review the code, then add --trust-remote-code to dockerStartCmd; or use a model that the server supports without it.",
    signs: [
      certain(/pass the (?:argument|option) .{0,4}trust.remote.code/),
      certain(/contains custom code which must be executed/),
    ],
  },
  {
    name: "tokenizer-class-unknown",
    remedy:
      "The image does not support the model's tokenizer. Use a newer imageName, or correct tokenizer_class in the model's tokenizer_config.json.",
    signs: [certain(/Tokenizer class \S{1,100} does not exist/)],
  },
  {
    name: "port-in-use",
    remedy:
      "Another process in the container already listens on this port. Set another --port and add it to ports, or start only one server.",
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
      "The error appeared during CUDA graph capture, which is rarely its cause. Read the error's own message. With an fp8 KV cache, use another attention backend. To skip the capture, add --disable-cuda-graph (SGLang) or --enforce-eager (vLLM).",
    signs: [likely(/Capture cuda graph failed|CUDA graph captur\w{1,4} failed/i)],
  },
  {
    name: "missing-python-module",
    remedy:
      "The image lacks a Python package that an option or the model needs. Remove the option (such as --load-format), or use an image that includes the package.",
    signs: [
      likely(/ModuleNotFoundError: No module named/, {
        // ComfyUI continues without custom nodes that fail to load.
        unlessNear: { pattern: /custom_?nodes?\b/, lines: 40 },
      }),
    ],
  },
  {
    name: "model-code-error",
    remedy:
      "The server's code for this model failed. Try another imageName (a newer release, or the last one that worked) or another parallel layout, and search the server's issues for the error.",
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
      "The server was stopped from outside before it was ready: the pod was stopped, or a health check timed out. Raise the timeout, and start the pod again.",
    signs: [likely(/KeyboardInterrupt: terminated/)],
  },
];
