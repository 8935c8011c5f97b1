import type { ContainerRuntime } from "../../../../../emulator/src/containers/runtime";
import { post } from "../support";
import { HELLO, serving } from "./support";

interface Choice {
  text: string;
  token_ids: number[] | null;
  prompt_token_ids: number[] | null;
  prompt_logprobs: (Record<string, { decoded_token: string; rank: number }> | null)[] | null;
  logprobs: { tokens: string[]; token_logprobs: (number | null)[]; text_offset: number[] };
}

interface Answer {
  choices: Choice[];
  usage: { prompt_tokens: number; completion_tokens: number };
  prompt_token_ids: number[] | null;
  prompt_logprobs: unknown[] | null;
}

const PROMPT = "Say something";
const TOKENS = 4;

async function ask(body: object, path = "/v1/completions", server = serving()): Promise<Answer> {
  return (await post(server, path, body)).json() as Promise<Answer>;
}

async function chunks(body: object, path: string, server: ContainerRuntime = serving()) {
  const text = await (await post(server, path, { ...body, stream: true })).text();
  return text
    .split("\n\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice("data: ".length)));
}

describe("a text completion", () => {
  it("repeats the prompt with echo", async () => {
    const [plain, echoed] = await Promise.all([
      ask({ prompt: PROMPT }),
      ask({ prompt: PROMPT, echo: true }),
    ]);
    expect(echoed.choices[0]?.text).toBe(PROMPT + plain.choices[0]?.text);
    expect(echoed.choices[0]?.prompt_logprobs).toBeNull();
    const [first, second] = await chunks({ prompt: PROMPT, echo: true }, "/v1/completions");
    expect(first.choices[0].text).toMatch(/^Say something/);
    expect(first.choices[0].prompt_token_ids).toHaveLength(TOKENS);
    expect(second.choices[0]).toMatchObject({ text: "is ", prompt_token_ids: null });
  });

  it("is the prompt alone with max_tokens 0, with the probabilities of its tokens", async () => {
    const { choices } = await ask({ prompt: PROMPT, echo: true, max_tokens: 0, logprobs: 1 });
    const [choice] = choices;
    expect(choice?.text).toBe(PROMPT);
    expect(choice?.logprobs.tokens.join("")).toBe(PROMPT);
    expect(choice?.logprobs.token_logprobs[0]).toBeNull();
    expect(choice?.logprobs.text_offset).toEqual([0, 4, 8, 12]);
    expect(choice?.prompt_logprobs).toHaveLength(TOKENS);
  });

  it("numbers its tokens, which can be sent back", async () => {
    const server = serving();
    const { choices, usage } = await ask(
      { prompt: PROMPT, return_token_ids: true },
      undefined,
      server,
    );
    const prompt = choices[0]?.prompt_token_ids;
    expect(prompt).toHaveLength(usage.prompt_tokens);
    expect(choices[0]?.token_ids).toHaveLength(usage.completion_tokens);
    const again = await ask({ prompt, return_token_ids: true }, undefined, server);
    expect(again.choices[0]).toEqual(choices[0]);
    const unknown = await ask({ prompt: [77], return_token_ids: true }, undefined, server);
    expect(unknown.choices[0]?.prompt_token_ids).toEqual([77]);
    const other = await ask({ prompt: PROMPT });
    expect([other.choices[0]?.token_ids, other.choices[0]?.prompt_token_ids]).toEqual([null, null]);
  });

  it("shows the probabilities of the prompt", async () => {
    const { choices } = await ask({ prompt: PROMPT, prompt_logprobs: 2 });
    const [first, second] = choices[0]?.prompt_logprobs ?? [];
    expect(first).toBeNull();
    expect(
      Object.values(second ?? {})
        .map(({ rank }) => rank)
        .sort(),
    ).toEqual([1, 2]);
    expect(Object.values(second ?? {}).map(({ decoded_token }) => decoded_token)).toContain("some");
  });

  it("writes tokens as their numbers", async () => {
    const body = { prompt: PROMPT, logprobs: 0, return_tokens_as_token_ids: true };
    const { choices } = await ask(body);
    expect(choices[0]?.logprobs.tokens[0]).toMatch(/^token_id:\d+$/);
  });

  it("has no choices for no prompts", async () => {
    expect((await ask({ prompt: [] })).choices).toEqual([]);
  });
});

describe("a chat", () => {
  const path = "/v1/chat/completions";

  it("shows the tokens of its prompt and answer", async () => {
    const body = { ...HELLO, return_token_ids: true, prompt_logprobs: 0 };
    const answer = await ask(body, path);
    expect(answer.prompt_token_ids).toHaveLength(answer.usage.prompt_tokens);
    expect(answer.prompt_logprobs).toHaveLength(answer.usage.prompt_tokens);
    expect(answer.choices[0]?.token_ids).toHaveLength(answer.usage.completion_tokens);
    const [first, ...rest] = await chunks({ ...HELLO, return_token_ids: true }, path);
    expect(first.prompt_token_ids).toEqual(answer.prompt_token_ids);
    expect(rest.flatMap(({ choices }) => choices[0].token_ids)).toHaveLength(
      answer.usage.completion_tokens,
    );
  });

  it("repeats the assistant's message with echo", async () => {
    const messages = [...HELLO.messages, { role: "assistant", content: "Well, " }];
    const body = { messages, echo: true };
    const { choices } = (await ask(body, path)) as unknown as {
      choices: { message: { content: string } }[];
    };
    expect(choices[0]?.message.content).toMatch(/^Well, This is/);
    const [, second] = await chunks(body, path);
    expect(second.choices[0].delta).toEqual({ content: "Well, " });
  });
});

describe("continuous_usage_stats", () => {
  it.each([
    ["/v1/completions", { prompt: PROMPT }],
    ["/v1/chat/completions", HELLO],
  ])("counts the tokens so far in each chunk of %s", async (path, body) => {
    const counted = { include_usage: true, continuous_usage_stats: true };
    const all = await chunks({ ...body, stream_options: counted }, path);
    const counts = all.map(({ usage }) => usage.completion_tokens);
    expect(counts.at(-1)).toBe(counts.at(-2));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    const only = { continuous_usage_stats: true };
    const none = await chunks({ ...body, stream_options: only }, path);
    expect(none.some(({ usage }) => usage)).toBe(false);
  });
});
