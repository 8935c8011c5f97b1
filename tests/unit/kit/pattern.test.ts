import { matchesPattern } from "@runpod-stack/kit";

test.each([
  ["llm", "llm"],
  ["llm-1", "llm*"],
  ["my-llm", "*llm"],
  ["a-b-c", "a*b*c"],
  ["model.safetensors", "*.safetensors"],
  ["anything", "*"],
  ["", "*"],
  ["aa", "a**a"],
])("%j fits %j", (text, pattern) => {
  expect(matchesPattern(text, pattern)).toBe(true);
});

test.each([
  ["llm-1", "llm"],
  ["LLM", "llm"],
  ["a", "a*a"],
  ["abc", "a*d*c"],
  ["aba", "ab*ba"],
  ["model.bin", "*.safetensors"],
])("%j does not fit %j", (text, pattern) => {
  expect(matchesPattern(text, pattern)).toBe(false);
});
