import { parseJson } from "../../../core/json";
import { type Fields, isObject } from "../../values";
import { badRequest, notEmulated } from "../errors";
import { outputsProblem } from "./outputs-problem";
import { sampleJson } from "./sample-json";
import { samplePattern } from "./sample-pattern";
import { patternRefusal, schemaRefusal } from "./schema-refusal";

/**
 * What `response_format` or `structured_outputs` make of the answer; null if the body has neither.
 * Throws vLLM's refusal of a constraint that it cannot compile.
 */
export function structuredText(body: Fields, said: string): string | null {
  const format = isObject(body["response_format"]) ? body["response_format"] : {};
  const outputs = isObject(body["structured_outputs"]) ? body["structured_outputs"] : {};
  checkCombination(format, outputs);
  const { choice, regex, json, json_object, grammar, structural_tag } = outputs;
  if (grammar || structural_tag || format["type"] === "structural_tag") {
    const name = grammar ? "structured_outputs.grammar" : "structural_tag";
    throw notEmulated(`${name} is not emulated. Use a JSON schema, a regex or a choice.`);
  }
  if (json_object === false) {
    throw badRequest(
      "structured_outputs.json_object must be True if set; omit structured_outputs to disable structured outputs",
    );
  }
  if (Array.isArray(choice)) {
    return oneOf(choice);
  }
  if (typeof regex === "string") {
    return matching(regex);
  }
  if (format["type"] === "json_object" || json_object === true) {
    return JSON.stringify({ answer: said });
  }
  const named = isObject(format["json_schema"]) ? format["json_schema"]["schema"] : undefined;
  const schema = named ?? json ?? undefined;
  return schema === undefined ? null : jsonText(schema, said);
}

/** `response_format` is one more constraint, and a schema that it lacks is none. */
function checkCombination(format: Fields, outputs: Fields): void {
  const { type, json_schema: named } = format;
  if (type === "json_object" || type === "json_schema") {
    const schema = isObject(named) ? named["schema"] : null;
    const added = type === "json_object" ? { json_object: true } : { json: schema ?? null };
    const problem = outputsProblem({ ...outputs, ...added });
    if (problem !== null) {
      throw badRequest(`1 validation error for StructuredOutputsParams\n  Value error, ${problem}`);
    }
  }
}

/** JSON that satisfies a schema. */
export function jsonText(schema: unknown, said: string): string {
  const read = asSchema(schema);
  const refusal = schemaRefusal(read);
  if (refusal !== null) {
    throw badRequest(refusal);
  }
  const sample = sampleJson(read, said);
  if (sample === null) {
    throw notEmulated("The emulator finds no value that satisfies the JSON schema.");
  }
  return JSON.stringify(sample.value);
}

function oneOf(choices: readonly unknown[]): string {
  if (choices.length === 0) {
    throw badRequest("Choice '[]' cannot be an empty list");
  }
  return String(choices[0]);
}

function matching(regex: string): string {
  if (regex.includes("\0")) {
    throw badRequest("structured_outputs.regex must not contain a NUL character ('\\x00')");
  }
  const refusal = patternRefusal(regex);
  if (refusal !== null) {
    throw badRequest(`Grammar error: ${refusal}`);
  }
  const whole = `^(?:${regex})$`;
  const text = samplePattern(whole, { least: 0, most: MAX_LENGTH }, ([first]) => first);
  if (text === null) {
    throw notEmulated("The emulator finds no string that matches structured_outputs.regex.");
  }
  return text;
}

const MAX_LENGTH = 10_000;

function asSchema(schema: unknown): unknown {
  if (typeof schema !== "string") {
    return schema;
  }
  if (schema.trim() === "") {
    throw badRequest("structured_outputs.json cannot be an empty string");
  }
  const read = parseJson(schema);
  if (read === undefined) {
    throw badRequest("Invalid JSON grammar specification.");
  }
  return read;
}
