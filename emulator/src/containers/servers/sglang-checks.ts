import { compareVersions } from "../../core/versions";
import type { Process } from "../machine";
import type { Model } from "../models";
import { soundsAbsent } from "../publishers";

interface Checked {
  /** Processes of one copy of the model. */
  world: number;
  allowsLonger: boolean;
}

/**
 * What SGLang refuses before it loads the model (server_args.py, configs/model_config.py and
 * managers/template_manager.py of 0.5.10); null if nothing.
 */
export function argumentProblem(
  process: Process,
  flags: ReadonlyMap<string, readonly string[]>,
  model: Model,
  { world, allowsLonger }: Checked,
): string | null {
  const one = (name: string) => flags.get(name)?.[0];
  const config = one("config");
  if (config !== undefined && isAbsent(process, config)) {
    return `ValueError: Config file not found: ${config}`;
  }
  if (world % Number(one("nnodes") ?? 1) !== 0) {
    return "AssertionError: tp_size must be divisible by number of nodes";
  }
  const asked = Number(one("context-length") ?? 0);
  const derived = model.maxPosition;
  if (derived !== null && asked > derived && !allowsLonger) {
    return `ValueError: Warning: User-specified context_length (${asked}) is greater than the derived context_length (${derived}). This may lead to incorrect model outputs or CUDA errors. Note that the derived context_length may differ from max_position_embeddings in the model's config. To allow overriding this maximum, set the env var SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN=1`;
  }
  const template = one("chat-template");
  if (template?.includes("/") && isAbsent(process, template)) {
    return `RuntimeError: Chat template ${template} is not a built-in template name or a valid chat template file path.`;
  }
  return null;
}

/** Whether there is no file: the image has its own below its working folder, and a script may write some. */
function isAbsent({ machine: { image, disk }, shell }: Process, path: string): boolean {
  const mayExist = !path.startsWith("/") || path.startsWith("/sgl-workspace/") || shell !== null;
  return image.known && disk.sizeOf(path) === undefined && (!mayExist || soundsAbsent(path));
}

/** Of 0.5.10 (function_call/function_call_parser.py). */
const TOOL_PARSERS: ReadonlySet<string> = new Set(
  `deepseekv3 deepseekv31 deepseekv32 glm glm45 glm47 gpt-oss kimi_k2 lfm2 llama3 mimo mistral
  pythonic qwen qwen25 qwen3_coder step3 step3p5 minimax-m2 trinity interns1 hermes gigachat3`.split(
    /\s+/,
  ),
);

const WHOLE_NUMBERS: ReadonlySet<string> = new Set(
  "port tp-size tensor-parallel-size pp-size dp-size ep-size nnodes context-length max-running-requests".split(
    " ",
  ),
);

/** The table of options gives no types, and not the names of parsers. */
export function wrongValue(name: string, value: string, release: string): string | null {
  const isParser = name === "tool-call-parser";
  if (isParser && !TOOL_PARSERS.has(value)) {
    if (compareVersions(release, "0.5.10") <= 0 || soundsAbsent(value)) {
      const choices = [...TOOL_PARSERS].map((parser) => `'${parser}'`).join(", ");
      return `invalid choice: '${value}' (choose from ${choices})`;
    }
  }
  if (WHOLE_NUMBERS.has(name) && !/^[-+]?\d+$/.test(value)) {
    return `invalid int value: '${value}'`;
  }
  const isFloat = name === "mem-fraction-static";
  return isFloat && !Number.isFinite(Number(value)) ? `invalid float value: '${value}'` : null;
}
