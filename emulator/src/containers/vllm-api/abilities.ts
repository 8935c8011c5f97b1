import table from "@runpod-stack/models/data/models.json";

/** Whether the model surely reads nothing but text; false if that is not known. */
export function isTextOnly(model: string): boolean {
  return TEXT_ONLY.test(model);
}

/** How many tokens the model's config.json counts; null if it was not read. */
export function knownVocabulary(model: string): number | null {
  return table.find(({ id }) => id.toLowerCase() === model.toLowerCase())?.vocabSize ?? null;
}

/** Families whose published repositories have no part for images or sound. */
const TEXT_ONLY =
  /^(?:Qwen\/Qwen(?:2\.5|3)-(?:\d|Coder|Next)|Qwen\/QwQ-32B|meta-llama\/(?:Meta-)?Llama-3(?:\.[13])?-\d|mistralai\/Mi[sx]tral-[78]|microsoft\/phi-4$|openai\/gpt-oss-|deepseek-ai\/DeepSeek-(?:R1|V3))/i;
