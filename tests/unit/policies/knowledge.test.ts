import { figuresOf, knownImage, NOTHING } from "../../../policies/src/knowledge";

const images = {
  "my/vllm": "vllm/vllm-openai:v0.20.0",
  "my/vllm:special": "lmsysorg/sglang:v1",
  "host:5000/a": "b",
};

test.each([
  ["my/vllm", "vllm/vllm-openai:v0.20.0"],
  ["my/vllm:v1", "vllm/vllm-openai:v0.20.0"],
  ["my/vllm@sha256:ab", "vllm/vllm-openai:v0.20.0"],
  ["my/vllm:v1@sha256:ab", "vllm/vllm-openai:v0.20.0"],
  ["my/vllm:special", "lmsysorg/sglang:v1"],
  ["host:5000/a", "b"],
  ["host:5000/a:v1", "b"],
  ["host:5000/c", "host:5000/c"],
  ["my/vllm:v1/x", "my/vllm:v1/x"],
  ["other:v1", "other:v1"],
  ["toString", "toString"],
  ["toString:v1", "toString:v1"],
])("%s behaves like %s", (image, like) => {
  expect(knownImage(image, { ...NOTHING, images })).toBe(like);
});

test("sizes of a model are those of the user, or none", () => {
  const models = { "a/b": { weightsGb: 5 } };
  expect(figuresOf("a/b", { ...NOTHING, models })).toEqual({ weightsGb: 5 });
  expect(figuresOf("a/c", { ...NOTHING, models })).toEqual({});
  expect(figuresOf("toString", { ...NOTHING, models })).toEqual({});
});
