import { Ajv2020 } from "ajv/dist/2020";
import { post } from "../support";
import { HELLO, MODEL, openai, serving } from "./support";

const MESSAGES = [{ role: "user" as const, content: "Hi" }];
const WEATHER = {
  type: "function" as const,
  function: {
    name: "weather",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, unit: { enum: ["C", "F"] } },
      required: ["city"],
    },
  },
};
const ORDER = {
  $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
  type: "object",
  additionalProperties: false,
  required: ["id", "lines"],
  properties: {
    id: { type: "string", format: "uuid" },
    lines: {
      type: "array",
      minItems: 2,
      items: {
        anyOf: [{ type: "integer", minimum: 5, multipleOf: 2 }, { type: "null" }],
      },
    },
    kind: { const: "order" },
    node: { $ref: "#/$defs/node" },
    short: { type: "string", maxLength: 3 },
  },
};

describe("several answers", () => {
  it("are given to n", async () => {
    const body = { model: MODEL, messages: MESSAGES, n: 3 };
    const { choices, usage } = await openai(serving()).chat.completions.create(body);
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(usage?.completion_tokens).toBe(18);
  });

  it("are given to several prompts", async () => {
    const body = { model: MODEL, prompt: ["x", "y"], n: 2 };
    const { choices } = await openai(serving()).completions.create(body);
    expect(choices.map(({ text }) => text.slice(-1))).toEqual(["x", "x", "y", "y"]);
    const ids = await openai(serving()).completions.create({ model: MODEL, prompt: [1, 2] });
    expect(ids.choices).toHaveLength(1);
  });

  it("are streamed side by side", async () => {
    const body = { model: MODEL, messages: MESSAGES, n: 2, stream: true as const };
    const texts = ["", ""];
    for await (const { choices } of await openai(serving()).chat.completions.create(body)) {
      for (const { index, delta } of choices) {
        texts[index] += delta.content ?? "";
      }
    }
    expect(texts).toEqual(Array(2).fill(`This is ${MODEL}. You said: Hi`));
  });
});

describe("logprobs", () => {
  it("are given for each token of a chat", async () => {
    const body = { model: MODEL, messages: MESSAGES, logprobs: true, top_logprobs: 2 };
    const { choices } = await openai(serving()).chat.completions.create(body);
    const content = choices[0]?.logprobs?.content ?? [];
    expect(content.map(({ token }) => token).join("")).toBe(choices[0]?.message.content);
    expect(
      content.every(({ top_logprobs, logprob }) => top_logprobs.length === 2 && logprob < 0),
    ).toBe(true);
  });

  it("are given for each token of a completion", async () => {
    const body = { model: MODEL, prompt: "x", logprobs: 1 };
    const { choices } = await openai(serving()).completions.create(body);
    expect(choices[0]?.logprobs?.text_offset?.slice(0, 3)).toEqual([0, 5, 8]);
    expect(choices[0]?.logprobs?.tokens?.[0]).toBe("This ");
  });
});

describe("stop strings", () => {
  it("end the answer and are named", async () => {
    const response = await post(serving(), "/v1/chat/completions", {
      ...HELLO,
      stop: ["said", "You"],
    });
    expect(await response.json()).toMatchObject({
      choices: [
        { message: { content: `This is ${MODEL}. ` }, finish_reason: "stop", stop_reason: "You" },
      ],
    });
  });
});

describe("a tool", () => {
  const runtime = serving("--enable-auto-tool-choice", "--tool-call-parser", "hermes");
  const body = { model: MODEL, messages: MESSAGES, tools: [WEATHER] };
  const named = { type: "function" as const, function: { name: "weather" } };

  it.each([
    [named, "stop"],
    ["required" as const, "tool_calls"],
  ])("that is forced by %j is called", async (tool_choice, finish) => {
    const { choices } = await openai(runtime).chat.completions.create({ ...body, tool_choice });
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(choices[0]?.finish_reason).toBe(finish);
    expect(call).toMatchObject({ id: expect.stringMatching(/^chatcmpl-tool-/), type: "function" });
    const { name, arguments: text } = call?.type === "function" ? call.function : {};
    expect(name).toBe("weather");
    expect(JSON.parse(text ?? "")).toEqual({ city: expect.any(String), unit: "C" });
  });

  it("that is forced is called in a stream", async () => {
    const asked = { ...body, tool_choice: "required" as const, stream: true as const };
    let text = "";
    for await (const { choices } of await openai(runtime).chat.completions.create(asked)) {
      text += choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? "";
    }
    expect(JSON.parse(text)).toHaveProperty("city");
  });

  it("may be left alone by the model", async () => {
    const { choices } = await openai(runtime).chat.completions.create(body);
    expect(choices[0]?.message.tool_calls).toBeUndefined();
  });

  it.each([
    [
      "auto",
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    ],
    ["required", 'tool_choice="required" requires --tool-call-parser to be set'],
    [
      named,
      "tool_choice=\"function=ChatCompletionNamedFunction(name='weather') type='function'\" requires --tool-call-parser to be set",
    ],
  ])("chosen by %j needs a server that reads its calls", async (tool_choice, message) => {
    const response = await post(serving(), "/v1/chat/completions", { ...body, tool_choice });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message, type: "BadRequestError" } });
  });
});

describe("a JSON schema", () => {
  const response_format = {
    type: "json_schema" as const,
    json_schema: { name: "order", schema: ORDER },
  };

  it("is kept by the answer", async () => {
    const body = { model: MODEL, messages: MESSAGES, response_format };
    const { choices } = await openai(serving()).chat.completions.create(body);
    const value: unknown = JSON.parse(choices[0]?.message.content ?? "");
    const ajv = new Ajv2020({ formats: { uuid: true } });
    expect(ajv.validate(ORDER, value) || ajv.errors).toBe(true);
  });

  it("that never ends is refused", async () => {
    const asked = { ...HELLO, structured_outputs: { json: { $ref: "#" } } };
    expect((await post(serving(), "/v1/chat/completions", asked)).status).toBe(501);
  });

  it("may be any object, or a choice", async () => {
    const content = async (fields: object) => {
      const response = await post(serving(), "/v1/chat/completions", { ...HELLO, ...fields });
      return ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]
        ?.message.content;
    };
    expect(JSON.parse((await content({ response_format: { type: "json_object" } })) ?? "")).toEqual(
      {
        answer: `This is ${MODEL}. You said: Hello there`,
      },
    );
    expect(await content({ structured_outputs: { choice: ["yes", "no"] } })).toBe("yes");
    expect(await content({ structured_outputs: { regex: "v\\d+\\.\\d{2}" } })).toMatch(
      /^v\d+\.\d\d$/,
    );
  });
});

describe("responses", () => {
  it("are answered and streamed to OpenAI's client", async () => {
    const client = openai(serving());
    const body = { model: MODEL, input: "Hi", instructions: "Be short" };
    const { output_text, status } = await client.responses.create(body);
    expect([output_text, status]).toEqual([`This is ${MODEL}. You said: Hi`, "completed"]);
    let text = "";
    const types: string[] = [];
    for await (const event of await client.responses.create({ ...body, stream: true })) {
      types.push(event.type);
      text += event.type === "response.output_text.delta" ? event.delta : "";
    }
    expect(text).toBe(output_text);
    expect([types[0], types.at(-1)]).toEqual(["response.created", "response.completed"]);
  });

  it("call a tool", async () => {
    const { name, parameters } = WEATHER.function;
    const { output } = await openai(serving("--tool-call-parser", "hermes")).responses.create({
      model: MODEL,
      input: [{ role: "user", content: [{ type: "input_text", text: "Hi" }] }],
      tools: [{ type: "function", name, parameters, strict: true }],
      tool_choice: "required",
    });
    expect(output).toMatchObject([{ type: "function_call", name: "weather" }]);
  });
});

describe("messages", () => {
  const ask = { model: MODEL, max_tokens: 50, system: "Be short", messages: MESSAGES };

  it("are answered and streamed in Anthropic's form", async () => {
    const whole = await (await post(serving(), "/v1/messages", ask)).json();
    expect(whole).toMatchObject({
      content: [{ type: "text", text: `This is ${MODEL}. You said: Hi` }],
      stop_reason: "end_turn",
    });
    const stream = await (await post(serving(), "/v1/messages", { ...ask, stream: true })).text();
    expect(stream.match(/^event: \S+/gm)?.filter((name, i, all) => name !== all[i - 1])).toEqual([
      "event: message_start",
      "event: content_block_start",
      "event: content_block_delta",
      "event: content_block_stop",
      "event: message_delta",
      "event: message_stop",
    ]);
  });

  it("call a tool", async () => {
    const { name, parameters } = WEATHER.function;
    const tools = [{ name, input_schema: parameters }];
    const runtime = serving("--tool-call-parser", "hermes");
    const body = { ...ask, tools, tool_choice: { type: "any" } };
    expect(await (await post(runtime, "/v1/messages", body)).json()).toMatchObject({
      content: [{ type: "tool_use", name: "weather", input: { unit: "C" } }],
      stop_reason: "tool_use",
    });
  });

  it("are counted", async () => {
    const response = await post(serving(), "/v1/messages/count_tokens", ask);
    expect(await response.json()).toEqual({
      input_tokens: 3,
      context_management: { original_input_tokens: 3 },
    });
  });
});

describe("ids", () => {
  it("are the client's, or 16 hex digits that are never the same", async () => {
    const runtime = serving();
    const id = async (headers = {}) =>
      (
        (await (await post(runtime, "/v1/chat/completions", HELLO, headers)).json()) as {
          id: string;
        }
      ).id;
    expect(await id({ "x-request-id": "mine" })).toBe("chatcmpl-mine");
    const first = await id();
    expect(first).toMatch(/^chatcmpl-[0-9a-f]{16}$/);
    expect(await id()).not.toBe(first);
  });
});
