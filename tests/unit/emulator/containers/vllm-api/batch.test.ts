import { post } from "../support";
import { MODEL, refusal, serving } from "./support";

const PATH = "/v1/chat/completions/batch";
const said = (content: string) => [{ role: "user", content }];

test("several conversations have one choice each, and one usage", async () => {
  const body = { model: MODEL, messages: [said("one"), said("two")], stream: true };
  const response = await post(serving(), PATH, body);
  const { choices, usage, object } = (await response.json()) as {
    object: string;
    choices: { index: number; message: { content: string } }[];
    usage: { completion_tokens: number };
  };
  expect(object).toBe("chat.completion");
  expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
    [0, `This is ${MODEL}. You said: one`],
    [1, `This is ${MODEL}. You said: two`],
  ]);
  expect(usage.completion_tokens).toBe(12);
});

test.each([
  [{}, "body.messages", "Field required"],
  [{ messages: [] }, "body.messages", "at least 1 item after validation, not 0"],
  [{ messages: [[]] }, "body.messages.0", "at least 1 item after validation, not 0"],
  [{ messages: said("a") }, "body.messages.0", "Input should be a valid list"],
  [{ messages: [said("a")], n: 2 }, "n", "do not support `n > 1`"],
  [{ messages: [said("a")], use_beam_search: true }, "use_beam_search", "not support beam search"],
])("%j is refused", async (body, param, part) => {
  const error = await refusal(body, PATH);
  expect(error).toMatchObject({ status: 400, param });
  expect(error.message).toContain(part);
});
