import { type Cause, certain, likely } from "./cause";

/** Options that every release of vLLM has, so that one of them is unknown only if its value hangs on it. */
const WITH_VALUE =
  /(?:vllm|vllm serve|api_server\.py|main\.py): error: unrecognized arguments: .{0,300}--(?:model|dtype|host|port|api-key|max-model-len|max-num-seqs|tensor-parallel-size|gpu-memory-utilization|served-model-name|quantization|download-dir)[ =]\S/;
const PROGRAM = String.raw`(?:\S{0,100}\/)?(?:ba|da|z)?sh|-l?c|python3?|-m|vllm|llama-server|ollama|text-generation-launcher|env|exec|sleep`;
const ENTRYPOINT_STARTS =
  'The image starts its server itself, so the words of dockerStartCmd are arguments to that server. Leave the program out of dockerStartCmd; or, to run a shell, set dockerEntrypoint to ["bash", "-c"] and dockerStartCmd to one string with the whole command.';

/** The words that the server was started with. */
export const ARGUMENT_CAUSES: readonly Cause[] = [
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
      "The server does not take this argument as given. Correct or remove it in dockerStartCmd; the server's --help lists what this release takes.",
    signs: [
      certain(/error: unrecognized arguments: (?:(?:\S{0,100}\/)?vllm )?serve\b/, {
        remedy:
          'The image already starts "vllm serve". Leave both words out of dockerStartCmd: only the model and its options belong there.',
      }),
      certain(new RegExp(String.raw`error: unrecognized arguments: (?:${PROGRAM})(?=\s|$)`), {
        remedy: ENTRYPOINT_STARTS,
      }),
      certain(new RegExp(`invalid choice: '(?:${PROGRAM})'`), {
        remedy: ENTRYPOINT_STARTS,
      }),
      certain(new RegExp(`unknown command "(?:${PROGRAM})" for "ollama"`), {
        remedy:
          'The image starts "ollama" itself, so dockerStartCmd was given to it as a command. Set dockerEntrypoint to ["bash", "-c"] and dockerStartCmd to one string, or begin dockerStartCmd with "serve".',
      }),
      certain(
        new RegExp(String.raw`(?:unexpected|invalid) argument:? '?(?:${PROGRAM})(?:'|\s|$)`),
        {
          remedy: ENTRYPOINT_STARTS,
        },
      ),
      certain(/api_server\.py: error: unrecognized arguments: [^-\s]/, {
        remedy:
          'The server of this image takes the model only as an option. Put "--model" before it in dockerStartCmd.',
      }),
      certain(WITH_VALUE, {
        remedy:
          'An option and its value are one item of dockerStartCmd. Make them two items, for example "--dtype", "auto".',
      }),
      certain(/error: argument (?:-O\/)?--compilation-config(?:\/-O|\/-cc)?: /, {
        remedy:
          'If the value shown is a command, a shell\'s -c reached vLLM as its own option, since the image starts "vllm serve": set dockerEntrypoint to ["bash", "-c"] instead of beginning dockerStartCmd with it. Otherwise correct the JSON.',
      }),
      certain(
        /error: unrecognized arguments|error: unexpected argument '|error: invalid argument:/,
        {
          remedy:
            "This release of the server has no such option. Correct its spelling or remove it from dockerStartCmd; if only another release has it, pin that imageName. The server's --help lists what it takes.",
        },
      ),
      certain(
        /chat template.{0,300}(?:looks like a file path|failed to be opened|does(?: not|n't) exist)/i,
        {
          remedy:
            "The file of --chat-template is not in the container. Correct its path in dockerStartCmd, or put it on the volume below volumeMountPath.",
        },
      ),
      certain(/error: (?:argument -|argument \w|ambiguous option|invalid value ')/),
      likely(/^usage: vllm \[-h\]/, {
        unlessNear: { pattern: /error: /, lines: 3 },
        remedy:
          'vllm was started without a command. After -c a shell takes one item as its script, so write the whole command as one item: ["bash", "-c", "vllm serve <model>"].',
      }),
      certain(/error: unknown argument: |Error: unknown (?:shorthand )?flag: /),
      certain(/Invalid quantization method: |invalid (?:tool call|reasoning) parser: /),
    ],
  },
];
