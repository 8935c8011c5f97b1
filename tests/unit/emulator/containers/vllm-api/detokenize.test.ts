import { Vocabulary } from "../../../../../emulator/src/containers/vllm-api/vocabulary";
import { post } from "../support";
import { MODEL, refusal, serving } from "./support";

test("tokens are turned back into the prompt", async () => {
  const runtime = serving();
  const ask = async (path: string, body: object) =>
    (await post(runtime, path, { model: MODEL, ...body })).json();
  const prompt = "The quick brown fox, Grüße und 你好, twice: the quick brown fox.";
  const { tokens, count } = (await ask("/tokenize", { prompt })) as {
    tokens: number[];
    count: number;
  };
  expect(tokens).toHaveLength(count);
  expect(await ask("/detokenize", { tokens })).toEqual({ prompt });
  expect(await ask("/tokenize", { prompt })).toMatchObject({ tokens });
  expect(await ask("/detokenize", { tokens: [] })).toEqual({ prompt: "" });
  expect(await ask("/detokenize", { tokens: [7] })).toEqual({ prompt: "<|7|>" });
});

test.each([
  [{}, "body.tokens", "Field required"],
  [{ tokens: "1" }, "body.tokens", "Input should be a valid list"],
  [{ tokens: [1, "a"] }, "body.tokens.1", "unable to parse string as an integer"],
])("%j is refused", async (body, param, part) => {
  const error = await refusal(body, "/detokenize");
  expect(error).toMatchObject({ status: 400, param });
  expect(error.message).toContain(part);
});

test("two pieces never share a token", () => {
  const vocabulary = new Vocabulary();
  const pieces = Array.from({ length: 20_000 }, (_, index) => index.toString(36).padStart(4, "-"));
  const ids = pieces.map((piece) => vocabulary.idOf(piece));
  expect(vocabulary.text(ids)).toBe(pieces.join(""));
});
