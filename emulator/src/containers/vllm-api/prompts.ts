import type { Fields } from "../values";
import { badRequest, notEmulated } from "./errors";
import type { VllmServed } from "./served";
import type { Vocabulary } from "./vocabulary";

/** A prompt and its tokens. */
export interface Prompt {
  text: string;
  pieces: readonly string[];
  ids(): number[];
}

/** Source: `render_completion_request` of vllm/entrypoints/serve/render/serving.py, and vllm/v1/engine/input_processor.py */
export function checkPrompt(body: Fields, served: VllmServed): void {
  const { prompt, suffix, prompt_embeds: embeds } = body;
  if (body["stream"] && body["use_beam_search"]) {
    throw badRequest("Streaming is not currently supported with beam search");
  }
  if ((suffix ?? null) !== null) {
    throw badRequest("suffix is not currently supported");
  }
  if ((embeds ?? null) !== null) {
    throw notEmulated("prompt_embeds are not emulated.");
  }
  for (const one of Array.isArray(prompt) ? prompt : []) {
    const tokens = [one].flat();
    if (tokens.length === 0) {
      throw badRequest("The decoder prompt cannot be empty");
    }
    const largest = tokens.reduce<number>(
      (most, token) => (typeof token === "number" ? Math.max(most, token) : most),
      0,
    );
    if (largest >= (served.vocabularySize ?? Number.POSITIVE_INFINITY)) {
      throw badRequest(`Token id ${largest} is out of vocabulary`);
    }
  }
}

/** One prompt or several, each as text or as the ids of its tokens. */
export function promptsOf(prompt: unknown, vocabulary: Vocabulary): Prompt[] {
  const list = Array.isArray(prompt) ? prompt : [prompt];
  const isOneOfTokens = list.length > 0 && list.every((item) => typeof item === "number");
  return (isOneOfTokens ? [list] : list).map((item) => {
    if (typeof item === "string") {
      const pieces = item === "" ? [""] : vocabulary.split(item);
      return { text: item, pieces, ids: () => pieces.map((piece) => vocabulary.idOf(piece)) };
    }
    const ids = [item].flat().map(Number);
    const pieces = ids.map((id) => vocabulary.text([id]));
    return { text: pieces.join(""), pieces, ids: () => ids };
  });
}
