import type { ServerSpec } from "../../../models/src";
import { commandFaults } from "../../../models/src/command-faults";

const VLLM = "vllm/vllm-openai:v0.20.0";
const MODULE = "vllm/vllm-openai:v0.8.5";
const SGLANG = "lmsysorg/sglang:v0.5.23";
const TGI = "ghcr.io/huggingface/text-generation-inference:3.3.7";
const TEI = "ghcr.io/huggingface/text-embeddings-inference:1.8";
const LLAMA = "ghcr.io/ggml-org/llama.cpp:server-cuda-b9994";

const vllm = (...dockerStartCmd: string[]): ServerSpec => ({ imageName: VLLM, dockerStartCmd });
const inImage = (imageName: string, command: string): ServerSpec => ({
  imageName,
  dockerStartCmd: command.split(" "),
});

/** The faults, each as its kind, the words at fault and what was meant. */
const faults = (spec: ServerSpec) =>
  commandFaults(spec).map(({ kind, items, meant }) => [kind, items, meant]);

test("A fault has all that is known about it", () => {
  const [fault] = commandFaults(vllm("a/b", "--prot", "80"));
  const { known, ...rest } = fault ?? {};
  expect(rest).toEqual({
    kind: "unknown-option",
    field: "dockerStartCmd",
    items: ["--prot"],
    meant: [],
    line: ["vllm", "serve", "a/b", "--prot", "80"],
    isCertain: true,
    release: "vLLM 0.20.0",
  });
  expect(known).toEqual(expect.arrayContaining(["--port", "--max-model-len"]));
});

describe("The first argument that a release rejects is found", () => {
  test.each<[string[], string, string[], readonly string[]]>([
    [["a/b", "c/d", "--port"], "extra-word", ["c/d"], []],
    [["a/b", "--seed", "1", "x"], "extra-word", ["x"], []],
    [["a/b", "--prot=80"], "unknown-option", ["--prot"], []],
    [["a/b", "--port=$PORT", "--prot"], "unknown-option", ["--prot"], []],
    [["a/b", "--served-model-name", "x", "y", "--prot"], "unknown-option", ["--prot"], []],
    [["a/b", "--enable", "x", "y", "--prot"], "unknown-option", ["--prot"], []],
    [["a/b", "--port", "--dtype", "auto"], "missing-value", ["--port"], []],
    [["a/b", "--gpu-memory-util"], "missing-value", ["--gpu-memory-util"], []],
    [["a/b", "-q"], "missing-value", ["-q"], []],
    [["a/b", "-tp"], "missing-value", ["-tp"], []],
    [["a/b", "--served-model-name=x", "y"], "extra-word", ["y"], []],
    [["a/b", "--prot-.5"], "unknown-option", ["--prot-.5"], []],
    [["a/b", "--port=http=1"], "wrong-value", ["--port", "http=1"], []],
    [["a/b", "--port", "8000x"], "wrong-value", ["--port", "8000x"], []],
    [["a/b", "--port", "x8000"], "wrong-value", ["--port", "x8000"], []],
    [["a/b", "--port", "80.5"], "wrong-value", ["--port", "80.5"], []],
    [["a/b", "--port="], "wrong-value", ["--port", ""], []],
    [["a/b", "--gpu-memory-util", "most"], "wrong-value", ["--gpu-memory-utilization", "most"], []],
    [
      ["a/b", "--max-lora-rank", "17"],
      "wrong-value",
      ["--max-lora-rank", "17"],
      ["1", "8", "16", "32", "64", "128", "256", "320", "512"],
    ],
    [["a/b", "--max-lora-rank", "big"], "wrong-value", ["--max-lora-rank", "big"], []],
    [["a/b", "--kv-cache-dtype", "fp7"], "wrong-value", ["--kv-cache-dtype", "fp7"], []],
  ])("vllm serve %j", (args, kind, items, meant) => {
    expect(faults(vllm(...args))).toEqual([[kind, items, meant]]);
  });

  test("with up to twelve values that it may have", () => {
    const command = "sglang serve a/b --dsa-prefill-backend none";
    expect(commandFaults(inImage(SGLANG, command))).toMatchObject([
      { kind: "wrong-value", release: "SGLang 0.5.23", meant: { length: 12 } },
    ]);
  });
});

describe("What a release accepts is no fault", () => {
  test.each<[string[]]>([
    [["a/b", "--", "x", "--prot"]],
    [["a/b", "`args`", "--prot"]],
    [["$MODEL", "--prot"]],
    [["a/b", "--port", "+80"]],
    [["a/b", "--port", "-1"]],
    [["a/b", "--port", " 8000 "]],
    [["a/b", "--port", "8_000"]],
    [["a/b", "--port", "8"]],
    [["a/b", "--port", "$PORT"]],
    [["a/b", "--port", "\u0001"]],
    [["a/b", "--gpu-memory-utilization", ".9"]],
    [["a/b", "--gpu-memory-utilization", "-.9"]],
    [["a/b", "--gpu-memory-utilization", "9e-1"]],
    [["a/b", "--max-lora-rank", "016"]],
    [["a/b", "--dtype", "bfloat16"]],
    [["a/b", "-qawq"]],
    [["a/b", "-qawq-marlin"]],
    [["a/b", "-n4"]],
    [["a-b/c"]],
    [["a/b", "--cudagraph-capture-sizes", "1,2"]],
    [["a/b", "--hf-token"]],
    [["a/b", "--hf-token", "x"]],
    [["a/b", "--compilation-config.mode"]],
    [["a/b", "--compilation-config.mode=3"]],
    [["a/b", "--chat-template", "- {{ x }}"]],
    [["a/b", "--chat-template", "-x y=z"]],
  ])("vllm serve %j", (args) => {
    expect(faults(vllm(...args))).toEqual([]);
  });
});

describe("A word without its option", () => {
  test.each<[string, string, string[], string | undefined]>([
    [MODULE, "a/b", ["--model", "a/b"], "vLLM 0.8.5"],
    [SGLANG, "python3 -m sglang.launch_server a/b", ["--model-path", "a/b"], "SGLang 0.5.23"],
    [
      "lmsysorg/sglang:latest",
      "python3 -m sglang.launch_server a/b",
      ["--model-path", "a/b"],
      undefined,
    ],
  ])("is no model for a module: %s %s", (image, command, meant, release) => {
    const found = commandFaults(inImage(image, command));
    expect(found).toMatchObject([{ kind: "model-needs-option", items: ["a/b"], meant }]);
    expect(found[0]).toMatchObject({ isCertain: true });
    expect(found[0]?.release).toBe(release);
  });

  test.each([
    [SGLANG, "sglang serve a/b"],
    [SGLANG, "python3 -m sglang.launch_server $ARGS"],
    ["lmsysorg/sglang:latest", "sglang serve a/b"],
    ["lmsysorg/sglang:latest", "python3 -m sglang.launch_server --model-path a/b"],
    ["lmsysorg/sglang:latest", "python3 -m sglang.launch_server"],
    ["acme/sglang:v0.5.23", "python3 -m sglang.launch_server a/b"],
    ["rocm/vllm:latest", "python3 -m vllm.entrypoints.openai.api_server a/b"],
    ["acme/vllm:v0.20.0", "vllm serve a/b --prot"],
    [MODULE, "$MODEL"],
  ])("may be one elsewhere: %s %s", (image, command) => {
    expect(commandFaults(inImage(image, command))).toEqual([]);
  });

  test.each([TGI, TEI, LLAMA])("is rejected by %s", (image) => {
    expect(faults(inImage(image, "a/b --port 80"))).toEqual([["extra-word", ["a/b"], []]]);
    expect(commandFaults(inImage(image, "a/b"))).toMatchObject([{ isCertain: true }]);
    for (const args of ["--port 80", "$ARGS", "`args`"]) {
      expect(commandFaults(inImage(image, args))).toEqual([]);
    }
    expect(commandFaults({ imageName: image })).toEqual([]);
    const elsewhere = { ...inImage(image, "a/b"), env: { LD_PRELOAD: "/x.so" } };
    expect(commandFaults(elsewhere)).toEqual([]);
  });
});
