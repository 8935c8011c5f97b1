import { findLaunch } from "../../../models/src/container";
import { draftModel } from "../../../models/src/draft-model";

function draftOf(...args: string[]) {
  const launch = findLaunch({
    imageName: "vllm/vllm-openai:v0.24.0",
    dockerStartCmd: ["a/b", ...args],
  });
  return launch && draftModel(launch);
}

test.each([
  ["--speculative-config", '{"model":"acme/draft"}'],
  ["--speculative-config", '{ "model" : "acme/draft" }'],
  ["--speculative-config", '{"model"\n:\n"acme/draft"}'],
  ["-sc", '{"model":"acme/draft"}'],
  ["--speculative-model", "acme/draft"],
  ["--hf-repo-draft", "acme/draft"],
])("%s %j names the draft model", (...args) => {
  expect(draftOf(...args)).toBe("acme/draft");
});

test("a draft model may have a tag, and dots in its names", () => {
  expect(draftOf("-hfd", "ac.me/draft-0.6B:Q8_0")).toBe("ac.me/draft-0.6B:Q8_0");
});

test.each([
  [],
  ["--speculative-model", "/models/acme/draft"],
  ["--speculative-model", "acme/draft/x.gguf"],
  ["--speculative-model", "draft"],
  ["--speculative-config", '{"model":""}'],
  ["--speculative-config", '{"model":"ngram"}'],
])("%s %s names no repository", (...args) => {
  expect(draftOf(...args)).toBeUndefined();
});
