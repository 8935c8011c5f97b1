import { type Cause, certain, likely } from "./cause";

/** Options that every vLLM release has: vLLM rejects one only if its value is in the same item. */
const WITH_VALUE =
  /(?:vllm|vllm serve|api_server\.py|main\.py): error: unrecognized arguments: .{0,300}--(?:model|dtype|host|port|api-key|max-model-len|max-num-seqs|tensor-parallel-size|gpu-memory-utilization|served-model-name|quantization|download-dir)[ =]\S/;
const PROGRAM = String.raw`(?:\S{0,100}\/)?(?:ba|da|z)?sh|-l?c|python3?|-m|vllm|llama-server|ollama|text-generation-launcher|env|exec|sleep`;
const ENTRYPOINT_STARTS =
  'The image already starts its server, so the items of dockerStartCmd are arguments to that server. Remove the program from dockerStartCmd. To run a shell instead, set dockerEntrypoint to ["bash", "-c"] and dockerStartCmd to one string with the whole command.';

/** Causes in the server's command line. */
export const ARGUMENT_CAUSES: readonly Cause[] = [
  {
    name: "missing-model-argument",
    remedy:
      "The server was started without a model. Add the model to dockerStartCmd; if it comes from a variable, check that the variable is not empty.",
    signs: [
      certain(/a value is required for '--model/),
      certain(/the following arguments are required: .{0,80}model/),
    ],
  },
  {
    name: "bad-server-argument",
    remedy:
      "The server rejects this argument. Correct or remove it in dockerStartCmd; the server's --help lists the arguments of this release.",
    signs: [
      certain(/error: unrecognized arguments: (?:(?:\S{0,100}\/)?vllm )?serve\b/, {
        remedy:
          'The image already starts "vllm serve". Remove both words from dockerStartCmd: only the model and its options belong there.',
      }),
      certain(new RegExp(String.raw`error: unrecognized arguments: (?:${PROGRAM})(?=\s|$)`), {
        remedy: ENTRYPOINT_STARTS,
      }),
      certain(new RegExp(`invalid choice: '(?:${PROGRAM})'`), {
        remedy: ENTRYPOINT_STARTS,
      }),
      certain(new RegExp(`unknown command "(?:${PROGRAM})" for "ollama"`), {
        remedy:
          'The image already starts "ollama", so ollama read dockerStartCmd as its subcommand. Set dockerEntrypoint to ["bash", "-c"] and dockerStartCmd to one string with the whole command, or begin dockerStartCmd with "serve".',
      }),
      certain(
        new RegExp(String.raw`(?:unexpected|invalid) argument:? '?(?:${PROGRAM})(?:'|\s|$)`),
        {
          remedy: ENTRYPOINT_STARTS,
        },
      ),
      certain(/api_server\.py: error: unrecognized arguments: [^-\s]/, {
        remedy:
          'The server in this image accepts the model only as an option. Put "--model" before the model in dockerStartCmd.',
      }),
      certain(WITH_VALUE, {
        remedy:
          'An option and its value are in one item of dockerStartCmd. Split them into two items, for example "--dtype", "auto".',
      }),
      certain(/error: argument (?:-O\/)?--compilation-config(?:\/-O|\/-cc)?: /, {
        remedy:
          'If the value shown is a command, vLLM read a shell\'s -c as its own option, because the image already starts "vllm serve". Set dockerEntrypoint to ["bash", "-c"], and remove both words from dockerStartCmd. Otherwise, correct the JSON.',
      }),
      certain(
        /error: unrecognized arguments|error: unexpected argument '|error: invalid argument:/,
        {
          remedy:
            "This release of the server does not have this option. Correct its spelling or remove it from dockerStartCmd. If another release has it, set imageName to that release. The server's --help lists the options.",
        },
      ),
      certain(
        /chat template.{0,300}(?:looks like a file path|failed to be opened|does(?: not|n't) exist)/i,
        {
          remedy:
            "The --chat-template file is not in the container. Correct its path in dockerStartCmd, or put the file on the volume under volumeMountPath.",
        },
      ),
      certain(/error: (?:argument -|argument \w|ambiguous option|invalid value ')/),
      likely(/^usage: vllm \[-h\]/, {
        unlessNear: { pattern: /error: /, lines: 3 },
        remedy:
          'vllm was started without a subcommand: after -c, a shell runs only the next item. Write the whole command as one item: ["bash", "-c", "vllm serve <model>"].',
      }),
      certain(/error: unknown argument: |Error: unknown (?:shorthand )?flag: /),
      certain(/Invalid quantization method: |invalid (?:tool call|reasoning) parser: /),
    ],
  },
];
