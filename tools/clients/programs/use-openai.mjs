// OpenAI's JavaScript library, on a pod with vLLM and on a serverless endpoint with RunPod's vLLM worker.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { cannot, step } from "./steps.mjs";

const {
  MODEL: model,
  POD_OPENAI_URL,
  POD_OPENAI_KEY,
  ENDPOINT_OPENAI_URL,
  RUNPOD_API_KEY,
} = process.env;
const pod = new OpenAI({ baseURL: POD_OPENAI_URL, apiKey: POD_OPENAI_KEY, maxRetries: 0 });
const endpoint = new OpenAI({
  baseURL: ENDPOINT_OPENAI_URL,
  apiKey: RUNPOD_API_KEY,
  maxRetries: 0,
});
const messages = [{ role: "user", content: "Hello" }];

await talk(pod, "");
await talk(endpoint, "endpoint: ");

await step("responses", async () => {
  const answer = await pod.responses.create({ model, input: "Hello" });
  assert.notEqual(answer.output_text, "");
});
await step("responses, streamed", async () => {
  const types = [];
  for await (const { type } of await pod.responses.create({ model, input: "Hi", stream: true })) {
    types.push(type);
  }
  assert.equal(types.at(-1), "response.completed");
});
await step("three choices with log probabilities", async () => {
  const { choices } = await pod.chat.completions.create({ model, messages, n: 3, logprobs: true });
  assert.equal(choices.length, 3);
  assert.ok(choices[0].logprobs.content.length > 0);
});
await step("JSON by a schema", async () => {
  const schema = {
    type: "object",
    properties: { city: { type: "string" }, people: { type: "integer" } },
    required: ["city", "people"],
    additionalProperties: false,
  };
  const format = { type: "json_schema", json_schema: { name: "place", strict: true, schema } };
  const request = { model, messages, response_format: format };
  const { choices } = await pod.chat.completions.parse(request);
  assert.deepEqual(Object.keys(choices[0].message.parsed).sort(), ["city", "people"]);
});
await step("a forced tool", async () => {
  const parameters = { type: "object", properties: { city: { type: "string" } } };
  const { choices } = await pod.chat.completions.create({
    model,
    messages,
    tools: [{ type: "function", function: { name: "weather", parameters } }],
    tool_choice: { type: "function", function: { name: "weather" } },
  });
  assert.equal(choices[0].message.tool_calls[0].function.name, "weather");
});
await step("a wrong key is refused", async () => {
  const stranger = new OpenAI({ baseURL: POD_OPENAI_URL, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});
await step("an unknown model is refused", async () => {
  const request = { model: "gpt-2", messages };
  await assert.rejects(pod.chat.completions.create(request), OpenAI.NotFoundError);
});
await step("too many tokens are refused", async () => {
  const request = { model, messages, max_tokens: 1_000_000 };
  await assert.rejects(pod.chat.completions.create(request), OpenAI.BadRequestError);
});
await cannot("models.retrieve", "vLLM has no route for one model", "404", async () => {
  await pod.models.retrieve(model);
});
await cannot("embeddings", "a chat model of vLLM has none", "404", async () => {
  await pod.embeddings.create({ model, input: "Hello" });
});

/** What both servers must do. */
async function talk(client, prefix) {
  await step(`${prefix}models`, async () => {
    assert.equal((await client.models.list()).data[0].id, model);
  });
  await step(`${prefix}chat`, async () => {
    const { choices } = await client.chat.completions.create({ model, messages });
    assert.notEqual(choices[0].message.content, "");
  });
  await step(`${prefix}chat, streamed`, async () => {
    let text = "";
    const request = { model, messages, stream: true, stream_options: { include_usage: true } };
    let usage = null;
    for await (const chunk of await client.chat.completions.create(request)) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert.notEqual(text, "");
    assert.ok(usage.completion_tokens > 0);
  });
  await step(`${prefix}completions`, async () => {
    const { choices } = await client.completions.create({ model, prompt: ["Hello", "Hi"] });
    assert.equal(choices.length, 2);
  });
}
