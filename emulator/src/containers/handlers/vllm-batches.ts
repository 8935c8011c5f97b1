import { compareVersions } from "../../core/versions";
import { parseReference } from "../image-reference";
import { type Fields, isObject } from "../values";

const FIRST_PROXY = "2.24.0";
/** How many tokens come at a time in a stream: https://github.com/runpod-workers/worker-vllm/blob/v2.23.0/src/constants.py */
const BATCHES = { first: 1, growth: 3, most: 50 };

/** Whether the worker answers prompts and messages in its own form, as before release 2.24.0. */
export function answersInBatches(reference: string): boolean {
  const parsed = parseReference(reference);
  const tag = "error" in parsed ? "" : parsed.tag;
  const [, release] = /^v\.?(\d+\.\d+\.\d+)/.exec(tag) ?? [];
  return release === undefined
    ? tag.startsWith("stable-")
    : compareVersions(release, FIRST_PROXY) < 0;
}

/** What such a worker yields for a completion of vLLM: all tokens at a time, or in growing batches. */
export function batchesOf(completion: Fields, isStream: boolean): Fields[] {
  const { choices, usage } = completion;
  const texts = (Array.isArray(choices) ? choices : []).map(textOf);
  const input = isObject(usage) ? usage["prompt_tokens"] : 0;
  const output = isObject(usage) ? usage["completion_tokens"] : 0;
  if (!isStream) {
    return [{ choices: texts.map((text) => ({ tokens: [text] })), usage: { input, output } }];
  }
  const tokens = texts.map((text) => text.split(/(?<= )/));
  const longest = Math.max(0, ...tokens.map(({ length }) => length));
  const batches: Fields[] = [];
  let size = BATCHES.first;
  for (let from = 0; from < longest; ) {
    const part = tokens.map((all) => ({ tokens: all.slice(from, from + size) }));
    from += size;
    size = Math.min(size * BATCHES.growth, BATCHES.most);
    batches.push({ choices: part, usage: { input, output: Math.min(from, longest) } });
  }
  return batches;
}

function textOf(choice: unknown): string {
  const { text, message } = isObject(choice) ? choice : {};
  const said = isObject(message) ? message["content"] : text;
  return typeof said === "string" ? said : "";
}
