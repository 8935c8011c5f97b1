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
    [{ bad_words: [""] }, "bad_words cannot contain an empty string. Got bad_words=['']", null],
    [{ logit_bias: { a: 1 } }, "invalid literal for int() with base 10: 'a'", null],
    [
      { logit_bias: { "999999": 1 } },
      "token_id(s) [999999] in logit_bias contain out-of-vocab token ids. Vocabulary size: 151936 (parameter=logit_bias, value=[999999])",
      "logit_bias",
    ],
    [
      { allowed_token_ids: [] },
      "allowed_token_ids is not None and empty! (parameter=allowed_token_ids, value=[])",
      "allowed_token_ids",
    ],
    [
      { prompt_logprobs: 25 },
      "Requested prompt logprobs of 25, which is greater than max allowed: 20 (parameter=prompt_logprobs, value=25)",
      "prompt_logprobs",
    ],
    [
      { chat_template: "x" },
      "Chat template is passed with request, but --trust-request-chat-template is not set. Refused request with untrusted chat template.",
      null,
    ],
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

  it.each([
    [
      { type: "image_url", image_url: { url: "http://a/b.png" } },
      "Qwen/Qwen3-0.6B is not a multimodal model",
    ],
    [{ text: "x" }, "Missing 'type' field in multimodal part."],
    [{ type: 5 }, "Invalid 'type' field in multimodal part."],
    [
      { type: "nope" },
      "Unsupported chat content part type: 'nope'. Supported types: audio_embeds, audio_url, image_embeds, image_pil, image_url, input_audio, input_image, input_text, output_text, prompt_embeds, refusal, text, thinking, tool_reference, video_url. (parameter=type, value=nope)",
    ],
  ])("is a part %j of a message", async (part, message) => {
    const body = { messages: [{ role: "user", content: [part] }] };
    expect(await refusal(body)).toMatchObject({ status: 400, type: "BadRequestError", message });
  });

  it.each([
    [[[]], "The decoder prompt cannot be empty"],
    [[999999999], "Token id 999999999 is out of vocabulary"],
  ])("is a prompt of tokens %j", async (prompt, message) => {
    expect(await refusal({ prompt }, "/v1/completions")).toMatchObject({ status: 400, message });
  });

  it("is a prompt of very many tokens", async () => {
    const { message } = await refusal({ prompt: Array(300_000).fill(1) }, "/v1/completions");
    expect(message).toContain("maximum context length is 40960 tokens");
  });

  it("is a suffix", async () => {
    const { message } = await refusal({ prompt: "x", suffix: "y" }, "/v1/completions");
    expect(message).toBe("suffix is not currently supported");
  });

  it("depends on the options of the server", async () => {
    const body = { ...HELLO, chat_template: "x", logprobs: true, top_logprobs: 30 };
    const runtime = serving("--max-logprobs", "30", "--trust-request-chat-template");
    expect((await post(runtime, "/v1/chat/completions", body)).status).toBe(200);
    const more = { ...HELLO, logprobs: true, top_logprobs: 31 };
    expect((await refusal(more, undefined, runtime)).message).toContain("max allowed: 30");
  });

  it("is more choices than an answer can hold here", async () => {
    expect(await refusal({ ...HELLO, n: 2_000 })).toMatchObject({ status: 501 });
  });
});

describe("a value at which vLLM fails", () => {
  const tool = { type: "function", function: { name: "a" } };
  const choice = { type: "function", function: { name: "a" } };
  it.each([
    [
      { ...HELLO, top_logprobs: "x" },
      400,
      "'<' not supported between instances of 'str' and 'int'",
    ],
    [
      { ...HELLO, prompt_logprobs: [], stream: true },
      400,
      "'>' not supported between instances of 'list' and 'int'",
    ],
    [{ ...HELLO, messages: null }, 400, "'NoneType' object is not iterable"],
    [{ ...HELLO, structured_outputs: "x" }, 500, "'str' object has no attribute 'get'"],
    [
      { ...HELLO, tools: [null], tool_choice: choice },
      400,
      "'NoneType' object is not subscriptable",
    ],
    [{ ...HELLO, tools: [{ type: "function" }, tool], tool_choice: choice }, 500, "'function'"],
  ])("%j is answered with %i", async (body, status, message) => {
    expect(await refusal(body)).toMatchObject({ status, message });
  });

  it.each([
    [
      { response_format: { type: "json_schema", json_schema: { name: "a" } } },
      "You must use one kind",
    ],
    [
      { response_format: { type: "json_object" }, structured_outputs: { regex: "a" } },
      "multiple are specified: {'json': None, 'regex': 'a', 'choice': None, 'grammar': None, 'json_object': True,",
    ],
  ])("%j is not one constraint", async (fields, message) => {
    const error = await refusal({ ...HELLO, ...fields });
    expect(error).toMatchObject({ status: 400, type: "BadRequestError" });
    expect(error.message).toContain(message);
  });

  it("is a token beyond 32 bits", async () => {
    const error = await refusal({ tokens: [2 ** 40] }, "/detokenize");
    expect(error.message).toContain("out of range integral type conversion attempted");
  });
});

describe("a malformed body", () => {
  it.each([
    [{ ...HELLO, messages: "x" }, "body.messages", "'type': 'list_type'"],
    [{ ...HELLO, max_tokens: "abc" }, "body.max_tokens", "unable to parse string as an integer"],
    [{ ...HELLO, max_tokens: 1.5 }, "body.max_tokens", "got a number with a fractional part"],
    [{ ...HELLO, temperature: "hot" }, "body.temperature", "'type': 'float_parsing'"],
    [{ ...HELLO, model: 5 }, "body.model", "'Input should be a valid string'"],
    [{ ...HELLO, stream_options: { include_usage: true } }, "stream_options", "stream=True"],
    [{ ...HELLO, top_logprobs: 2 }, "top_logprobs", "`logprobs` must be set to true."],
    [{ ...HELLO, response_format: { type: "json_schema" } }, "response_format", "must be provided"],
    [
      { ...HELLO, structured_outputs: { regex: "a", choice: ["a"] } },
      "body",
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
    [
      "/v1/responses",
      { input: [{ role: "tool", content: "x" }] },
      "'user', 'assistant', 'system' or 'developer'",
    ],
    [
      "/v1/responses",
      { input: [{ role: "user", content: [{ type: "text", text: "x" }] }] },
      "Input should be 'input_text'",
    ],
    ["/v1/responses", { input: "x", tools: [{ type: "nope" }] }, "Input should be 'function'"],
    ["/v1/responses", { input: "x", tool_choice: { type: "x" } }, "'none', 'auto' or 'required'"],
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
