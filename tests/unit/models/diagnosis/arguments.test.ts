import { diagnose } from "../../../../models/src";

test.each([
  [
    "vllm: error: unrecognized arguments: serve /models/GLM-4.7-Flash-AWQ-4bit",
    'already starts "vllm serve"',
  ],
  [
    "api_server.py: error: unrecognized arguments: /bin/bash -c cd / && python3 -m vllm.entrypoints.openai.api_server",
    "starts its server itself",
  ],
  ["vllm: error: unrecognized arguments: -lc vllm serve x", "starts its server itself"],
  [
    "vllm: error: argument subparser: invalid choice: 'bash' (choose from 'chat')",
    "starts its server itself",
  ],
  ["error: unexpected argument 'bash' found", "starts its server itself"],
  ["error: invalid argument: python3", "starts its server itself"],
  ['Error: unknown command "/bin/bash" for "ollama"', 'starts "ollama" itself'],
  [
    "api_server.py: error: unrecognized arguments: /root/models/Qwen3-8B",
    'Put "--model" before it',
  ],
  ["vllm: error: unrecognized arguments: --dtype auto", "Make them two items"],
  ["main.py: error: unrecognized arguments: --no-such-flag", "no such option"],
  ["launch_server.py: error: unrecognized arguments: --enable-fast", "no such option"],
  [
    "ValueError: The supplied chat template (/nope.jinja) looks like a file path, but it failed to be opened.",
    "--chat-template",
  ],
])("%s", (line, part) => {
  const { cause, remedy } = diagnose([line]);
  expect(cause).toBe("bad-server-argument");
  expect(remedy).toContain(part);
});

test("only an option that another release may have is sent to another imageName", () => {
  const remedy = (line: string) => diagnose([line]).remedy;
  expect(remedy("vllm: error: unrecognized arguments: bash -c x")).not.toContain("imageName");
  expect(remedy("main.py: error: unrecognized arguments: --new-option")).toContain("imageName");
});
