import { isSince } from "../../core/versions";
import { isObject } from "../values";
import { KEYS_OF, SPECULATIVE_METHODS } from "./vllm-config-keys";
import { choice, keysProblem, parsed, report, typeName } from "./vllm-configs";
import { givenNumber } from "./vllm-numbers";
import type { VllmOptions } from "./vllm-options";
import { validationError } from "./vllm-ranges";

/** The end of the traceback if the options cannot set up speculative decoding; null if they can. */
export function speculativeProblem({ flags }: VllmOptions, version: string): string[] | null {
  const text = flags.get("speculative-config")?.[0] ?? "";
  const given = text === "" || text === "None" ? null : parsed(text);
  if (given === null || given === undefined || !isSince(version, "0.12.0")) {
    return null;
  }
  if (!isObject(given)) {
    return [`AttributeError: '${typeName(given)}' object has no attribute 'update'`];
  }
  const config = "SpeculativeConfig";
  const name = "pydantic_core._pydantic_core.ValidationError: ";
  const wrong = keysProblem(config, given, version) ?? methodProblem(given, version);
  if (wrong !== null) {
    return `${name}${wrong}`.split("\n");
  }
  const tokens = given["num_speculative_tokens"] ?? givenNumber(flags, "spec-tokens");
  const hasModel = typeof (given["model"] ?? flags.get("spec-model")?.[0]) === "string";
  const method = given["method"] ?? flags.get("spec-method")?.[0] ?? "draft_model";
  if (hasModel || typeof method !== "string") {
    return null;
  }
  if (typeof tokens === "number" && !WITHOUT_MODEL.test(method)) {
    return validationError(
      config,
      "num_speculative_tokens was provided but without speculative model.",
    );
  }
  const hasTokens = typeof tokens === "number" || "num_speculative_tokens_per_batch_size" in given;
  return hasTokens || method === "suffix"
    ? null
    : validationError(
        config,
        "num_speculative_tokens must be provided with speculative model unless the draft model config contains an n_predict parameter.",
      );
}

function methodProblem({ method = null }: Record<string, unknown>, version: string): string | null {
  return method === null || SPECULATIVE_METHODS.has(method as string) || !KEYS_OF.test(version)
    ? null
    : report(
        "SpeculativeConfig",
        "method",
        `Input should be ${choice([...SPECULATIVE_METHODS])}`,
        "literal_error",
        method,
      );
}

/** Methods that draft without another model, or with the model that is served. */
const WITHOUT_MODEL = /^(?:ngram|\[ngram\]|ngram_gpu|suffix|extract_hidden_states|.*mtp)$/;
