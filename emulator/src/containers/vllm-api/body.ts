import { parseJson } from "../../core/json";
import { type Fields, isObject } from "../values";
import { type Endpoint, malformed, unsupportedMediaType, type Violation } from "./errors";
import { pythonRepr } from "./python";

/** The body as a JSON object; throws what FastAPI refuses before it calls the route. */
export async function readBody(request: Request, endpoint: Endpoint): Promise<Fields> {
  const type = (request.headers.get("content-type") ?? "").toLowerCase();
  const [mediaType = ""] = type.split(";", 1);
  const text = /^application\/(?:[\w.-]{1,99}\+)?json$/.test(mediaType) ? await request.text() : "";
  const body = text === "" ? null : parseJson(text);
  if (body === undefined) {
    throw malformed([undecodable(text)], endpoint);
  }
  if (mediaType !== "application/json") {
    throw unsupportedMediaType();
  }
  if (!isObject(body)) {
    throw malformed([text === "" ? missing(["body"], null) : notAnObject(body)], endpoint);
  }
  return body;
}

function missing(loc: readonly (string | number)[], input: unknown): Violation {
  return { type: "missing", loc, msg: "Field required", input };
}

function undecodable(text: string): Violation {
  const [at, reason] = decodeError(text);
  const loc = ["body", at];
  return { type: "json_invalid", loc, msg: "JSON decode error", input: {}, reason };
}

/** Where a string stops being JSON, and why, in the words of Python's decoder. */
function decodeError(text: string): [number, string] {
  try {
    JSON.parse(text);
    return [0, pythonRepr("Nested too deeply")];
  } catch (error) {
    const message = String(error);
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    const isName = /property name/.test(message);
    const reason = isName ? "Expecting property name enclosed in double quotes" : "Expecting value";
    return [at, pythonRepr(reason)];
  }
}

function notAnObject(input: unknown): Violation {
  const msg = "Input should be a valid dictionary or object to extract fields from";
  return { type: "model_attributes_type", loc: ["body"], msg, input };
}
