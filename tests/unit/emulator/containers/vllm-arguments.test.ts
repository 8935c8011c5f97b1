import { diagnose } from "../../../../models/src";
import { advanced, container, text } from "./support";

const MODEL = "Qwen/Qwen3-0.6B";

/** Runs vLLM 0.24.0 with further arguments. */
function run(...args: string[]) {
  return start("v0.24.0", MODEL, ...args);
}

function start(tag: string, ...cmd: string[]) {
  return advanced(container({ image: `vllm/vllm-openai:${tag}`, cmd }), 10);
}

describe("vLLM 0.24.0 refuses with a usage error", () => {
  test.each([
    [["-tp", "two"], "argument --tensor-parallel-size/-tp: invalid int value: 'two'"],
    [
      ["--speculative-config", "{bad"],
      "argument --speculative-config/-sc: Value {bad cannot be converted to <function loads at ",
    ],
    [["--compilation-config", "{bad"], "Invalid JSON: "],
    [["--hf-overrides", "a"], "Value a cannot be converted"],
    [["--max-num-batched-tokens", "x"], "invalid human_readable_int value: 'x'"],
    [["--gpu-memory-utilization", "most"], "invalid float value: 'most'"],
    [["--enforce-eager=true"], "ignored explicit argument 'true'"],
    [["--max"], "error: ambiguous option: --max could match --max-"],
    [["--port"], "argument --port: expected one argument"],
    [["--served-model-name"], "argument --served-model-name: expected at least one argument"],
    [["--", "a", "b"], "vllm: error: unrecognized arguments: a b"],
  ])("%j: %s", (args, message) => {
    const runtime = run(...args);
    expect(text(runtime)).toContain("usage: vllm serve");
    expect(text(runtime)).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(2);
  });
});

describe("vLLM 0.24.0 refuses with a traceback", () => {
  test.each([
    [
      ["--enable-auto-tool-choice"],
      "TypeError: Error: --enable-auto-tool-choice requires --tool-call-parser",
    ],
    [
      ["--enable-auto-tool-choice", "--tool-call-parser", "nosuch"],
      "invalid tool call parser: nosuch (chose from {",
    ],
    [["--config", "/nope.txt"], "Config file must be of a yaml/yml type."],
    [
      ["--gpu-memory-utilization", "1.5"],
      "Input should be less than or equal to 1 [type=less_than_equal, input_value=1.5",
    ],
    [["--gpu-memory-utilization", "0"], "Input should be greater than 0"],
    [["--max-num-seqs", "0"], "max_num_seqs\n"],
    [["--stream-interval", "0"], "Input should be greater than or equal to 1"],
    [["-tp", "0"], "1 validation error for ParallelConfig"],
    [
      ["--max-num-batched-tokens", "16", "--max-num-seqs", "32"],
      "max_num_batched_tokens (16) must be greater than or equal to max_num_seqs (32)",
    ],
    [["--port", "70000"], "port must be 0-65535"],
  ])("%j: %s", (args, message) => {
    const runtime = run(...args);
    expect(text(runtime)).toContain("Traceback (most recent call last):");
    expect(text(runtime).replaceAll("(APIServer pid=1) ", "")).toContain(message);
    expect(runtime.restarts).toBeGreaterThan(2);
  });

  test("a chat template that is missing, in words that are understood", () => {
    const { logs } = run("--chat-template", "/nope.jinja");
    expect(diagnose(logs.map(({ line }) => line)).cause).toBe("bad-server-argument");
  });
});

describe("vLLM 0.24.0 serves with", () => {
  test.each([
    [["--enable-log-requests", "--enable-log-outputs"]],
    [["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]],
    [["--reasoning-parser", "qwen3"]],
    [["-cc.mode=3", "--compilation-config.mode", "0"]],
    [["-O3", "--speculative-config", '{"method": "ngram"}']],
    [["--lora-modules", "a=/lora/a", '{"name":"b","path":"/lora/b"}']],
    [["--limit-mm-per-prompt", '{"image": 1}']],
    [["--max-num-batched-tokens", "8K"]],
    [["--chat-template", "examples/tool_chat_template_hermes.jinja"]],
    [["--chat-template", "{{ messages }}"]],
    [["--block_size", "16"]],
  ])("%j", (args) => {
    const runtime = run(...args);
    expect(text(runtime)).not.toMatch(/error: |Error: /);
    expect(runtime.listening(8000)).toBe(true);
  });
});

test("help ends without an error", () => {
  const runtime = run("--help");
  expect(text(runtime)).toContain("usage: vllm serve");
  expect(text(runtime)).not.toContain("error");
  expect(runtime.restarts).toBeGreaterThan(0);
});

test.each([
  ["v0.8.5", ["--model", MODEL, "--disable-log-requests", "--swap-space", "4"], true],
  ["v0.8.5", ["--model", MODEL, "--limit-mm-per-prompt", "image=1"], true],
  ["v0.8.5", ["--model", MODEL, "--gpu-memory-utilization", "1.5"], false],
  ["v0.33.0", [MODEL, "--disable-prefix-caching"], true],
  ["v0.24.0", [MODEL, "--disable-prefix-caching"], false],
])("each release takes its own: %s with %j", (tag, cmd, serves) => {
  expect(start(tag, ...cmd).listening(8000)).toBe(serves);
});
