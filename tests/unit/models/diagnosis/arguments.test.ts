import { diagnose } from "../../../../models/src";

test.each([
  [
    "vllm: error: unrecognized arguments: serve /models/GLM-4.7-Flash-AWQ-4bit",
    'already starts "vllm serve"',
  ],
  [
    "api_server.py: error: unrecognized arguments: /bin/bash -c cd / && python3 -m vllm.entrypoints.openai.api_server",
    "already starts its server",
  ],
  ["vllm: error: unrecognized arguments: -lc vllm serve x", "already starts its server"],
  [
    "vllm: error: argument subparser: invalid choice: 'bash' (choose from 'chat')",
    "already starts its server",
  ],
  ["error: unexpected argument 'bash' found", "already starts its server"],
  ["error: invalid argument: python3", "already starts its server"],
  ['Error: unknown command "/bin/bash" for "ollama"', 'already starts "ollama"'],
  [
    "api_server.py: error: unrecognized arguments: /root/models/Qwen3-8B",
    'Put "--model" before the model',
  ],
  ["vllm: error: unrecognized arguments: --dtype auto", "Split them into two items"],
  ["main.py: error: unrecognized arguments: --no-such-flag", "does not have this option"],
  ["launch_server.py: error: unrecognized arguments: --enable-fast", "does not have this option"],
  [
    "ValueError: The supplied chat template (/nope.jinja) looks like a file path, but it failed to be opened.",
    "--chat-template",
  ],
])("%s", (line, part) => {
  const { cause, remedy } = diagnose([line]);
  expect(cause).toBe("bad-server-argument");
  expect(remedy).toContain(part);
});

test("the remedy names imageName only for an option that another release may have", () => {
  const remedy = (line: string) => diagnose([line]).remedy;
  expect(remedy("vllm: error: unrecognized arguments: bash -c x")).not.toContain("imageName");
  expect(remedy("main.py: error: unrecognized arguments: --new-option")).toContain("imageName");
});
