import { post } from "../support";
import { HELLO, refusal, serving } from "./support";

describe("a value out of range", () => {
  it.each([
    [
      { temperature: -5 },
      "temperature must be non-negative, got -5.0. (parameter=temperature, value=-5.0)",
      "temperature",
    ],
    [
      { temperature: 3 },
      "temperature must be in [0, 2], got 3.0. (parameter=temperature, value=3.0)",
      "temperature",
    ],
    [{ top_p: 0 }, "top_p must be in (0, 1], got 0.0. (parameter=top_p, value=0.0)", "top_p"],
    [
      { max_tokens: -1 },
      "max_tokens must be at least 1, got -1. (parameter=max_tokens, value=-1)",
      "max_tokens",
    ],
    [
      { max_tokens: 0 },
      "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
      "max_tokens",
    ],
    [{ n: 0 }, "n must be at least 1, got 0.", null],
    [{ n: 3, temperature: 0 }, "n must be 1 when using greedy sampling, got 3.", null],
    [{ presence_penalty: 3 }, "presence_penalty must be in [-2, 2], got 3.0.", null],
    [{ stop: [""] }, "stop cannot contain an empty string.", null],
    [
      { logprobs: true, top_logprobs: 25 },
      "Requested sample logprobs of 25, which is greater than max allowed: 20 (parameter=logprobs, value=25)",
      "logprobs",
    ],
  ])("%j is refused in vLLM's words", async (fields, message, param) => {
    expect(await refusal({ ...HELLO, ...fields })).toMatchObject({
      status: 400,
      type: "BadRequestError",
      message,
      param,
    });
  });

  it("is a length that the model does not have", async () => {
    const body = { ...HELLO, max_completion_tokens: 40_959 };
    expect((await refusal(body)).message).toBe(
      "This model's maximum context length is 40960 tokens. However, you requested 40959 output tokens and your prompt contains at least 2 input tokens, for a total of at least 40961 tokens. Please reduce the length of the input prompt or the number of requested output tokens. (parameter=input_tokens, value=2)",
    );
  });

  it("is more choices than an answer can hold here", async () => {
    expect(await refusal({ ...HELLO, n: 2_000 })).toMatchObject({ status: 501 });
  });
});

describe("a malformed body", () => {
  it.each([
    [{ ...HELLO, messages: "x" }, "body.messages", "'type': 'list_type'"],
    [{ ...HELLO, messages: null }, "body.messages", "'Input should be a valid list'"],
    [{ ...HELLO, messages: [{ content: "x" }] }, "body.messages.0.role", "'Field required'"],
    [{ ...HELLO, max_tokens: "abc" }, "body.max_tokens", "unable to parse string as an integer"],
    [{ ...HELLO, max_tokens: 1.5 }, "body.max_tokens", "got a number with a fractional part"],
    [{ ...HELLO, temperature: "hot" }, "body.temperature", "'type': 'float_parsing'"],
    [{ ...HELLO, model: 5 }, "body.model", "'Input should be a valid string'"],
    [{ ...HELLO, stream_options: { include_usage: true } }, "stream_options", "stream=True"],
    [{ ...HELLO, top_logprobs: 2 }, "top_logprobs", "`logprobs` must be set to true."],
    [{ ...HELLO, response_format: { type: "json_schema" } }, "response_format", "must be provided"],
    [
      { ...HELLO, structured_outputs: { regex: "a", choice: ["a"] } },
      "structured_outputs",
      "one kind of constraints",
    ],
    [{ ...HELLO, tools: [] }, "body", "`tools` must not be an empty array."],
    [{ ...HELLO, tool_choice: "required" }, "tool_choice", "`tools` must be set."],
    [[], "body", "Input should be a valid dictionary or object"],
  ])("%j names %s", async (body, param, part) => {
    const error = await refusal(body);
    expect(error).toMatchObject({ status: 400, type: "Bad Request", param });
    expect(error.message).toMatch(/^1 validation error:\n {2}\{'type': /);
    expect(error.message).toContain(part);
    expect(error.message).toContain("in create_chat_completion\n    POST /v1/chat/completions [{");
  });

  it("lists all fields that are wrong", async () => {
    const { message } = await refusal({ ...HELLO, n: "x", seed: [] });
    expect(message).toMatch(/^2 validation errors:\n/);
  });

  it("is text that is not JSON", async () => {
    expect(await refusal("{not json")).toMatchObject({
      type: "Bad Request",
      param: "body.1",
      message: expect.stringContaining(
        "'ctx': {'error': 'Expecting property name enclosed in double quotes'}",
      ),
    });
  });

  it("is JSON that is sent as something else", async () => {
    const headers = { "content-type": "text/plain" };
    const response = await post(serving(), "/v1/chat/completions", HELLO, headers);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toBe(
      `1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed ["Unsupported Media Type: Only 'application/json' is allowed"]`,
    );
  });

  it("quotes what was sent as Python does", async () => {
    const { message } = await refusal({ model: `it's`, a: [true, null, 1.5, `"'\\\n`] });
    expect(message).toContain(String.raw`{'model': "it's", 'a': [True, None, 1.5, '"\'\\\n']}`);
  });
});

describe("numbers and roles that vLLM accepts", () => {
  it.each([
    { max_tokens: "5" },
    { n: null, temperature: null },
    { messages: [{ role: "nope", content: "x" }] },
    { stream_options: {} },
    { stop: "zzz", anything: { else: 1 } },
  ])("%j is answered", async (fields) => {
    expect((await post(serving(), "/v1/chat/completions", { ...HELLO, ...fields })).status).toBe(
      200,
    );
  });
});

describe("other routes", () => {
  it.each([
    ["/v1/completions", {}, "Either prompt or prompt_embeds must be provided and non-empty."],
    ["/v1/responses", {}, "('body', 'input')"],
    ["/v1/messages", { model: "x", messages: [] }, "('body', 'max_tokens')"],
    ["/tokenize", {}, "'Field required'"],
    ["/invocations", {}, "Cannot find suitable handler for request."],
  ])("%s refuses %j", async (path, body, message) => {
    const error = await refusal(body, path);
    expect(error.status).toBe(400);
    expect(error.message).toContain(message);
  });

  it("report an unknown model in the form of the route", async () => {
    const body = { ...HELLO, model: "nope", max_tokens: 5 };
    const response = await post(serving(), "/v1/messages", body);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      type: "error",
      error: { type: "NotFoundError", message: "The model `nope` does not exist." },
    });
  });

  it("find no stored response", async () => {
    const { status, message } = await refusal(
      { model: HELLO.model, input: "x", previous_response_id: "resp_1" },
      "/v1/responses",
    );
    expect([status, message]).toEqual([404, "Response with id 'resp_1' not found."]);
  });
});
