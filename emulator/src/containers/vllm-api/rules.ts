import { type Fields, isObject } from "../values";
import { badRequest, internalError, ruleBroken, type Violation } from "./errors";
import { pythonType } from "./python";
import { toolViolation } from "./tools";

/** Rules of vLLM 0.24.0 between fields: the `model_validator(mode="before")` of each `protocol.py`, the last one first. */

/** Source: vllm/entrypoints/openai/chat_completion/protocol.py */
export function chatViolation(body: Fields): Violation | null {
  const { messages } = body;
  if (messages !== undefined && !isIterable(messages)) {
    throw badRequest(`'${pythonType(messages)}' object is not iterable`);
  }
  return (
    saltViolation(body) ??
    promptViolation(body) ??
    toolViolation(body) ??
    constraintViolation(body, null) ??
    promptLogprobsViolation(body) ??
    topLogprobsViolation(body) ??
    streamViolation(body) ??
    formatViolation(body)
  );
}

/** Source: vllm/entrypoints/openai/completion/protocol.py */
export function completionViolation(body: Fields): Violation | null {
  return (
    saltViolation(body) ??
    absentPrompt(body) ??
    streamViolation(body) ??
    promptLogprobsViolation(body) ??
    logprobsViolation(body) ??
    constraintViolation(body, "structured_outputs") ??
    formatViolation(body)
  );
}

/** Source: vllm/entrypoints/openai/responses/protocol.py */
export function responsesViolation(body: Fields): Violation | null {
  const { tools, tool_choice: choice } = body;
  const broken = (message: string, param: string) => ruleBroken(message, param, body);
  if ((tools ?? null) !== null && !isIterable(tools)) {
    throw badRequest(`object of type '${pythonType(tools)}' has no len()`);
  }
  const isNamed = isObject(choice) && choice["type"] === "function";
  const names = Array.isArray(tools) ? tools.filter(isObject).map(({ name }) => name) : [];
  if (choice === "required" && names.length === 0) {
    return broken(
      "Tool choice 'required' must be specified with 'tools' parameter.",
      "tool_choice",
    );
  }
  if (isNamed && !names.includes(choice["name"])) {
    return broken("Tool choice 'function' not found in 'tools' parameter.", "tool_choice");
  }
  const salt = saltViolation(body);
  if (salt !== null) {
    return salt;
  }
  if ((body["prompt"] ?? null) !== null) {
    return broken("prompt template is not supported", "prompt");
  }
  const stores = "store" in body ? body["store"] : true;
  return body["background"] && !stores
    ? broken("background can only be used when `store` is true", "background")
    : null;
}

/** The rule of all routes that have a chat template. */
export function promptViolation(body: Fields): Violation | null {
  return body["continue_final_message"] && body["add_generation_prompt"]
    ? ruleBroken(
        "Cannot set both `continue_final_message` and `add_generation_prompt` to True.",
        null,
        body,
      )
    : null;
}

function saltViolation(body: Fields): Violation | null {
  const salt = body["cache_salt"] ?? null;
  const message = "Parameter 'cache_salt' must be a non-empty string if provided.";
  return salt === null || (typeof salt === "string" && salt !== "")
    ? null
    : ruleBroken(message, "cache_salt", body);
}

function absentPrompt(body: Fields): Violation | null {
  const prompt = body["prompt"] ?? "";
  const embeds = body["prompt_embeds"] ?? [];
  return prompt === "" && Array.isArray(embeds) && embeds.length === 0
    ? ruleBroken("Either prompt or prompt_embeds must be provided and non-empty.", "prompt", body)
    : null;
}

function streamViolation(body: Fields): Violation | null {
  const options = body["stream_options"];
  const isGiven = isObject(options)
    ? Object.keys(options).length > 0
    : options && !Array.isArray(options);
  return isGiven && !body["stream"]
    ? ruleBroken("Stream options can only be defined when `stream=True`.", "stream_options", body)
    : null;
}

function isIterable(value: unknown): boolean {
  return typeof value === "string" || Array.isArray(value) || isObject(value);
}

/** A number; throws what Python has against comparing anything else with one. */
function comparable(value: unknown, operator: string): number | null {
  if ((value ?? null) === null) {
    return null;
  }
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw badRequest(
      `'${operator}' not supported between instances of '${pythonType(value)}' and 'int'`,
    );
  }
  return Number(value);
}

function constraintViolation(body: Fields, param: string | null): Violation | null {
  const constraints = body["structured_outputs"] ?? null;
  if (constraints !== null && !isObject(constraints)) {
    throw internalError(`'${pythonType(constraints)}' object has no attribute 'get'`);
  }
  const given = ["json", "regex", "choice"].filter(
    (name) => (constraints?.[name] ?? null) !== null,
  );
  if (given.length > 1) {
    const message =
      "You can only use one kind of constraints for structured outputs ('json', 'regex' or 'choice').";
    return ruleBroken(message, param, body);
  }
  return given.length > 0 && param === null && isObject(body["tool_choice"])
    ? ruleBroken(
        "You can only either use constraints for structured outputs or tools, not both.",
        null,
        body,
      )
    : null;
}

function promptLogprobsViolation(body: Fields): Violation | null {
  const count = comparable(body["prompt_logprobs"], body["stream"] ? ">" : "<");
  if (count === null) {
    return null;
  }
  if (body["stream"] && (count > 0 || count === -1)) {
    return ruleBroken(
      "`prompt_logprobs` are not available when `stream=True`.",
      "prompt_logprobs",
      body,
    );
  }
  return count < 0 && count !== -1
    ? ruleBroken(
        "`prompt_logprobs` must be a positive value or -1.",
        "prompt_logprobs",
        body,
        count,
      )
    : null;
}

function topLogprobsViolation(body: Fields): Violation | null {
  const count = comparable(body["top_logprobs"], "<");
  if (count === null) {
    return null;
  }
  if (count < 0 && count !== -1) {
    const message = "`top_logprobs` must be a positive value or -1.";
    return ruleBroken(message, "top_logprobs", body, count);
  }
  return count !== 0 && !body["logprobs"]
    ? ruleBroken("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs", body)
    : null;
}

function logprobsViolation(body: Fields): Violation | null {
  const count = comparable(body["logprobs"], "<");
  return count !== null && count < 0
    ? ruleBroken("`logprobs` must be a positive value.", "logprobs", body, count)
    : null;
}

function formatViolation(body: Fields): Violation | null {
  const format = body["response_format"];
  return isObject(format) &&
    format["type"] === "json_schema" &&
    (format["json_schema"] ?? null) === null
    ? ruleBroken(
        "When response_format type is 'json_schema', the 'json_schema' field must be provided.",
        "response_format",
        body,
      )
    : null;
}
