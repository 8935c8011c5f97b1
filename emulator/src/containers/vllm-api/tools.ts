import { type Fields, isObject } from "../values";
import { badRequest, internalError, ruleBroken, type Violation } from "./errors";
import { pythonRepr, pythonType } from "./python";
import type { VllmServed } from "./served";
import { jsonText } from "./structured/structured-text";

/** A call of a tool that the model is made to do. */
export interface ToolCall {
  name: string;
  /** JSON. */
  arguments: string;
  /** Whether the request named the tool, instead of requiring any. */
  isNamed: boolean;
}

/** The first rule about tools that the body breaks. */
export function toolViolation(body: Fields): Violation | null {
  const tools = body["tools"];
  const choice = toolChoice(body);
  const broken = (message: string, param = "tool_choice") => ruleBroken(message, param, body);
  if (Array.isArray(tools) && tools.length === 0) {
    const message =
      "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely.";
    return { ...ruleBroken(message, null, body), reason: `ValueError(${pythonRepr(message)})` };
  }
  if (choice === null || choice === "none") {
    return null;
  }
  if (!Array.isArray(tools)) {
    return broken("When using `tool_choice`, `tools` must be set.");
  }
  if (choice === "auto" || choice === "required") {
    return null;
  }
  if (!isObject(choice)) {
    return broken(
      `Invalid value for \`tool_choice\`: ${String(choice)}! Only named tools, "none", "auto" or "required" are supported.`,
    );
  }
  const wanted = choice["function"];
  if (!isObject(wanted)) {
    const value = pythonRepr(wanted ?? null);
    return broken(
      `Invalid value for \`function\`: \`${value}\` in \`tool_choice\`! ${USAGE}`,
      "tool_choice.function",
    );
  }
  if (!("name" in wanted)) {
    return broken(
      `Expected field \`name\` in \`function\` in \`tool_choice\`! ${USAGE}`,
      "tool_choice.function.name",
    );
  }
  const name = wanted["name"];
  if (typeof name !== "string" || name === "") {
    return broken(
      `Invalid \`name\` in \`function\`: \`${typeof name === "string" ? name : pythonRepr(name)}\` in \`tool_choice\`! ${USAGE}`,
      "tool_choice.function.name",
    );
  }
  checkSubscripts(tools);
  return tools.some((tool) => functionOf(tool)["name"] === name)
    ? null
    : broken("The tool specified in `tool_choice` does not match any of the specified `tools`");
}

/** Throws as Python does, where vLLM reads the name of each tool before their types are checked. */
function checkSubscripts(tools: readonly unknown[]): void {
  for (const tool of tools) {
    if (!isObject(tool)) {
      throw badRequest(`'${pythonType(tool)}' object is not subscriptable`);
    }
    const missing = !("function" in tool) ? "function" : "name" in functionOf(tool) ? null : "name";
    if (missing !== null) {
      throw internalError(`'${missing}'`);
    }
  }
}

/** Throws if the server was started without what the choice of tools needs. */
export function checkToolParser(body: Fields, served: VllmServed): void {
  const choice = toolChoice(body);
  if (served.parsesToolCalls || choice === null || choice === "none") {
    return;
  }
  if (choice !== "auto") {
    throw badRequest(`tool_choice="${choiceText(choice)}" requires --tool-call-parser to be set`);
  }
  if (!served.choosesTools) {
    throw badRequest(
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    );
  }
}

/** The call that the request forces; null if it leaves the choice to the model. */
export function forcedCall(body: Fields, text: string): ToolCall | null {
  const choice = toolChoice(body);
  const tools = Array.isArray(body["tools"]) ? body["tools"].map(functionOf) : [];
  const isNamed = isObject(choice);
  const tool = isNamed
    ? tools.find(({ name }) => name === functionOf(choice)["name"])
    : choice === "required"
      ? tools[0]
      : undefined;
  if (tool === undefined) {
    return null;
  }
  // An answer must be able to call each of the tools that are allowed.
  const [sample = "{}"] = [tool, ...(isNamed ? [] : tools.slice(1))].map(({ parameters }) =>
    jsonText(parameters ?? {}, text),
  );
  return { name: String(tool["name"]), arguments: sample, isNamed };
}

/** Tools without a choice leave it to the model. */
function toolChoice(body: Fields): unknown {
  return (
    body["tool_choice"] ??
    (Array.isArray(body["tools"]) && !("tool_choice" in body) ? "auto" : null)
  );
}

function functionOf(tool: unknown): Fields {
  const wanted = isObject(tool) ? tool["function"] : null;
  return isObject(wanted) ? wanted : {};
}

/** As Python prints the object that pydantic made of it. */
function choiceText(choice: unknown): string {
  return isObject(choice)
    ? `function=ChatCompletionNamedFunction(name=${pythonRepr(functionOf(choice)["name"])}) type='function'`
    : String(choice);
}

const USAGE = 'Correct usage: `{"type": "function", "function": {"name": "my_function"}}`';
