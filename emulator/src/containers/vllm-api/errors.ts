import { pythonDict, pythonRepr, pythonTuple } from "./python";

/** vLLM's error body, in OpenAI's form. */
export interface ApiError {
  message: string;
  type: string;
  param: string | null;
  code: number;
}

/** A request that the server refuses. */
export class Refused extends Error {
  constructor(
    readonly error: ApiError,
    /** Whether FastAPI refused the body, before the route saw it. */
    readonly isMalformed = false,
  ) {
    super(error.message);
  }

  answer(): Response {
    return Response.json({ error: this.error }, { status: this.error.code });
  }
}

export function badRequest(message: string): Refused {
  return new Refused({ message, type: "BadRequestError", param: null, code: 400 });
}

/** An exception of vLLM's own, at a value that it does not expect. */
export function internalError(message: string): Refused {
  return new Refused({ message, type: "InternalServerError", param: null, code: 500 });
}

/** A value out of range; `value` as Python prints it, or null to leave it out. */
export function badValue(message: string, param: string, value: string | null): Refused {
  const extras = `parameter=${param}${value === null ? "" : `, value=${value}`}`;
  return new Refused({
    message: `${message} (${extras})`,
    type: "BadRequestError",
    param,
    code: 400,
  });
}

export function modelNotFound(model: string): Refused {
  const message = `The model \`${model}\` does not exist.`;
  return new Refused({ message, type: "NotFoundError", param: "model", code: 404 });
}

/** What pydantic has against one place of a body. */
export interface Violation {
  type: string;
  loc: readonly (string | number)[];
  msg: string;
  input: unknown;
  /** The reason, as Python prints it. */
  reason?: string;
  /** What else pydantic adds, as Python prints it. */
  ctx?: string;
  /** The parameter that a check of vLLM names. */
  param?: string;
}

/** The function that answers a route, as FastAPI's errors name it. */
export interface Endpoint {
  path: string;
  name: string;
}

export function malformed(violations: readonly Violation[], endpoint: Endpoint): Refused {
  const texts = violations.map(violationText);
  const count = `${texts.length} validation error${texts.length === 1 ? "" : "s"}:`;
  const lines = [
    count,
    ...texts.map((text) => `  ${text}`),
    "",
    `  File "${ENDPOINT_FILE}", line 40, in ${endpoint.name}`,
    `    POST ${endpoint.path} [${texts.join(", ")}]`,
  ];
  const [first] = violations;
  const param = violations.find((violation) => violation.param)?.param ?? first?.loc.join(".");
  return malformedBody(lines.join("\n"), param ?? null);
}

export function unsupportedMediaType(): Refused {
  return malformedText("Unsupported Media Type: Only 'application/json' is allowed");
}

/** What a route itself has against a body. */
export function malformedText(text: string): Refused {
  return malformedBody(`1 validation error:\n  ${text} [${pythonRepr(text)}]`, null);
}

/** A rule of vLLM between fields of a body. */
export function ruleBroken(
  message: string,
  param: string | null,
  input: unknown,
  value?: number | string,
): Violation {
  const shown = value === undefined ? "" : `, value=${value}`;
  const extras = param === null ? "" : ` (parameter=${param}${shown})`;
  return {
    type: "value_error",
    loc: ["body"],
    msg: `Value error, ${message}${extras}`,
    input,
    reason: `VLLMValidationError(${pythonRepr(message)})`,
    ...(param !== null && { param }),
  };
}

function malformedBody(message: string, param: string | null): Refused {
  return new Refused({ message, type: "Bad Request", param, code: 400 }, true);
}

function violationText({ type, loc, msg, input, reason, ctx }: Violation): string {
  return pythonDict([
    ["type", pythonRepr(type)],
    ["loc", pythonTuple(loc)],
    ["msg", pythonRepr(msg)],
    ["input", pythonRepr(input)],
    ...(reason === undefined ? [] : [["ctx", `{'error': ${reason}}`] as const]),
    ...(ctx === undefined ? [] : [["ctx", ctx] as const]),
  ]);
}

/** All routes are wrapped by the same function, whose place the errors name. */
const ENDPOINT_FILE =
  "/usr/local/lib/python3.12/dist-packages/vllm/entrypoints/serve/utils/api_utils.py";

/** What vLLM can do and the emulator cannot. */
export function notEmulated(message: string): Refused {
  return new Refused({ message, type: "NotImplementedError", param: null, code: 501 });
}
