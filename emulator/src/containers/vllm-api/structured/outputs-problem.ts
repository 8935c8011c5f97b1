import type { Fields } from "../../values";
import { pythonDict, pythonRepr } from "../python";

/** What vLLM has against constraints, of which it takes one: `StructuredOutputsParams` in vllm/sampling_params.py */
export function outputsProblem(outputs: Fields): string | null {
  const count = CONSTRAINTS.filter((name) => (outputs[name] ?? null) !== null).length;
  if (count === 1) {
    return null;
  }
  const fields = { ...DEFAULTS, ...outputs };
  const shown = pythonDict(
    Object.keys(DEFAULTS).map((name) => [name, pythonRepr(fields[name as keyof typeof fields])]),
  );
  return count === 0
    ? `You must use one kind of structured outputs constraint but none are specified: ${shown}`
    : `You can only use one kind of structured outputs constraint but multiple are specified: ${shown}`;
}

const CONSTRAINTS = ["json", "regex", "choice", "grammar", "json_object", "structural_tag"];

const DEFAULTS = {
  json: null,
  regex: null,
  choice: null,
  grammar: null,
  json_object: null,
  disable_any_whitespace: false,
  disable_additional_properties: false,
  whitespace_pattern: null,
  structural_tag: null,
  _backend: null,
  _backend_was_auto: false,
};
