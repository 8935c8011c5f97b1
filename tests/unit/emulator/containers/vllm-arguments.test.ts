import { diagnose } from "../../../../models/src";
import { advanced, container, get, post, text } from "./support";

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
    [["--allowed-headers", "x"], "argument --allowed-headers: invalid loads value: 'x'"],
    [["--kv-cache-memory-bytes", "abc"], "invalid human_readable_int value: 'abc'"],
    [["--max-model-len", "1.5K"], "Decimals are not allowed with binary suffixes like K."],
    [
      ["--compilation-config", "5"],
      "Input should be an object [type=dataclass_type, input_value=5",
    ],
    [["--compilation-config", "[1]"], "input_value=[1], input_type=list]"],
    [
      ["--compilation-config", '{"nosuch":1}'],
      "Unexpected keyword argument [type=unexpected_keyword_argument, input_value=1, input_type=int]",
    ],
    [["--compilation-config.nosuch", "1"], "nosuch\n  Unexpected keyword argument"],
    [["-cc.mode", "3", "-cc.nosuch", "x"], "nosuch\n  Unexpected keyword argument"],
    [
      ["--kv-transfer-config", '{"kv_connector":"NixlConnector"}'],
      "Please specify kv_role when kv_connector is set, supported roles are ('kv_producer', ",
    ],
    [
      ["--structured-outputs-config", '{"backend":"nosuch"}'],
      "Input should be 'auto', 'xgrammar', 'guidance', 'outlines' or 'lm-format-enforcer' [type=literal_error, input_value='nosuch'",
    ],
    [["--model", "Qwen/Qwen3-4B"], `vllm: error: unrecognized arguments: ${MODEL}`],
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
    [["--host", "nosuchhost"], "socket.gaierror: [Errno -2] Name or service not known"],
    [["--ssl-keyfile", "/nope"], "FileNotFoundError: [Errno 2] No such file or directory"],
    [["--chat-template", "/usr/nope.jinja"], "appears path-like, but doesn't exist!"],
    [["--chat-template", "examples/nope.jinja"], "appears path-like, but doesn't exist!"],
    [["--config", "/etc/nope.yaml"], "No such file or directory: '/etc/nope.yaml'"],
    [
      [
        "--tool-parser-plugin",
        "/nope.py",
        "--enable-auto-tool-choice",
        "--tool-call-parser",
        "own",
      ],
      "invalid tool call parser: own",
    ],
    [["--tokenizer", "acme/no-such-tokenizer"], "acme/no-such-tokenizer is not a local folder"],
    [["--load-format", "nosuch"], "Load format `nosuch` is not supported"],
    [["--tokenizer-mode", "nosuch"], "No tokenizer registered for tokenizer_mode='nosuch'."],
    [["--distributed-executor-backend", "nosuch"], "not enough values to unpack"],
    [["--attention-backend", "nosuch"], "Unknown attention backend: 'NOSUCH'. Valid options are: "],
    [["--speculative-config", "5"], "'int' object has no attribute 'update'"],
    [["--speculative-config", '{"foo":1}'], "1 validation error for SpeculativeConfig\nfoo\n"],
    [["--speculative-config", '{"method":"ngram"}'], "num_speculative_tokens must be provided"],
    [
      ["--speculative-config", '{"num_speculative_tokens":3}'],
      "num_speculative_tokens was provided but without speculative model.",
    ],
    [
      ["--speculative-config", '{"method":"nosuch","num_speculative_tokens":3}'],
      "method\n  Input should be 'ngram', ",
    ],
    [
      ["--speculative-config", '{"model":"acme/no-such","num_speculative_tokens":3}'],
      "acme/no-such is not a local folder",
    ],
    [["--lora-modules", "a=acme/a"], "LoRA is not enabled. Use --enable-lora to enable LoRA."],
    [
      ["--enable-lora", "--lora-modules", "a=/nope"],
      "ValueError: Loading lora a failed: No adapter found for /nope",
    ],
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
    [["-O3", "--speculative-config", '{"method": "ngram", "num_speculative_tokens": 4}']],
    [["-sc.method", "ngram", "--speculative-config.num_speculative_tokens", "4"]],
    [["--enable-lora", "--lora-modules", "a=acme/a", '{"name":"b","path":"acme/b"}']],
    [["--kv-transfer-config", '{"kv_connector":"NixlConnector","kv_role":"kv_both"}']],
    [["--structured-outputs-config.backend", "guidance"]],
    [["--compilation-config", '{"cudagraph_capture_sizes":[1,2],"mode":3}']],
    [["--attention-backend", "flash_attn", "--load-format", "SAFETENSORS"]],
    [["--tokenizer", "Qwen/Qwen3-8B", "--tokenizer-mode", "slow"]],
    [["--allowed-headers", '["x-id"]']],
    [["--tool-parser-plugin", "/nope.py"]],
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

test("an adapter is a separate model", async () => {
  const runtime = run("--enable-lora", "--lora-modules", "ad=acme/adapter");
  const listed = (await (await get(runtime, "/v1/models")).json()) as { data: { id: string }[] };
  expect(listed.data.map(({ id }) => id)).toEqual([MODEL, "ad"]);
  const messages = [{ role: "user", content: "Hi" }];
  expect((await post(runtime, "/v1/chat/completions", { model: "ad", messages })).status).toBe(200);
});

test.each([["--headless"], ["--uds", "/tmp/vllm.sock"]])("%s %s opens no port", (...args) => {
  const runtime = run(...args);
  expect(runtime.listening(8000)).toBe(false);
  expect(runtime.restarts).toBe(0);
});

test.each([
  ["0", false],
  ["1", true],
  ["true", true],
])("VLLM_ALLOW_LONG_MAX_MODEL_LEN=%s allows a longer context: %s", (value, serves) => {
  const runtime = container({
    image: "vllm/vllm-openai:v0.24.0",
    cmd: [MODEL, "--max-model-len", "50000"],
    env: { VLLM_ALLOW_LONG_MAX_MODEL_LEN: value },
  });
  expect(advanced(runtime, 10).listening(8000)).toBe(serves);
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
