import type { ServerSpec } from "../../../models/src";
import { readServer, readServers } from "../../../models/src/server";

function script(text: string, env: Record<string, string> = {}): ServerSpec {
  return { dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text], env };
}
const models = (text: string, env?: Record<string, string>) =>
  readServers(script(text, env)).map(({ model }) => model);

describe("The model of a server", () => {
  test.each<[string, string | null]>([
    ["hf download o/x --local-dir /m/x && vllm serve /m/x", "o/x"],
    ["hf download o/x --local-dir /m && vllm serve /m/x", "o/x"],
    ["hf download o/x --local-dir ~/m && vllm serve ~/m", "o/x"],
    ["cd /w; hf download o/x --local-dir m && vllm serve ./m", "o/x"],
    ["hf download o/x --local-dir /m/x && vllm serve /m/y", "/m/y"],
    ["hf download o/x --cache-dir /m && vllm serve /m/x", "/m/x"],
    ["hf download o/x && vllm serve /m/x", "/m/x"],
    ["hf download o/x --local-dir o/y && vllm serve o/y", "o/x"],
    ["hf download o/x --local-dir o && vllm serve o/y", "o/y"],
    ["hf download o/x --local-dir m.gguf && vllm serve m.gguf/y", "m.gguf/y"],
    ["hf download o/x --local-dir m && llama-server -m m/y.gguf", "o/x"],
    ["hf download o/x --local-dir m && vllm serve", null],
  ])("is what the command downloads to its path: %s", (text, model) => {
    expect(models(text)).toEqual([model]);
  });

  test.each<[string, Record<string, string>, string | null]>([
    ["-hf a/b --hf-file x-Q8_0.gguf", {}, "a/b:Q8_0"],
    ["-hf a/b -hff x-Q8_0.gguf", {}, "a/b:Q8_0"],
    ["-hf a/b", { LLAMA_ARG_HF_FILE: "x-Q8_0.gguf" }, "a/b:Q8_0"],
    ["-mu https://huggingface.co/a/b/resolve/main/x-Q8_0.gguf", {}, "a/b:Q8_0"],
    ["--model-url https://example.com/x.gguf -m /x.gguf", {}, "https://example.com/x.gguf"],
    ["", { LLAMA_ARG_MODEL_URL: "https://hf.co/a/b" }, "a/b"],
    ["-m /x.gguf", {}, "/x.gguf"],
    ["--model /x.gguf", { LLAMA_ARG_MODEL: "/y.gguf" }, "/x.gguf"],
    ["", { LLAMA_ARG_MODEL: "/x.gguf" }, "/x.gguf"],
    ["", {}, null],
  ])("of llama.cpp is a repository, a URL or a file: %s %j", (args, env, model) => {
    expect(models(`llama-server ${args}`, env)).toEqual([model]);
  });

  test("of infinity is its first", () => {
    expect(models("infinity_emb v2 --model-id a/b --model-id c/d")).toEqual(["a/b"]);
    expect(models("infinity_emb v2", { INFINITY_MODEL_ID: "a/b;c/d" })).toEqual(["a/b"]);
    expect(models("infinity_emb v2 --revision x", {})).toEqual([null]);
    const env = { INFINITY_MODEL_ID: "c/d" };
    expect(models("infinity_emb v2 --model-id $MODEL", env)).toEqual([null]);
  });

  test("of Ollama is the first that the command pulls, for its first server", () => {
    expect(models("ollama serve & ollama serve & ollama pull a; ollama pull b")).toEqual([
      "a",
      null,
    ]);
    expect(models("vllm serve a/b & ollama serve & ollama pull q")).toEqual(["a/b", "q"]);
    expect(models("hf download a/b; ollama pull q; ollama serve")).toEqual(["q"]);
    expect(models("ollama pull $MODEL; ollama serve")).toEqual([null]);
  });

  test.each([
    "vllm serve $MODEL",
    "vllm serve --model `cat /m`",
    "mlc_llm serve $MODEL",
    "llama-server -hf $MODEL",
    "llama-server -mu $MODEL",
    "koboldcpp --model $MODEL",
    "koboldcpp",
    "mlc_llm serve",
  ])("is not known in: %s", (text) => {
    expect(models(text)).toEqual([null]);
  });
});

test.each([
  "vllm serve https://hf.co/a/b",
  "vllm serve --model https://hf.co/a/b",
  "mlc_llm serve x/HF://a/b",
])("A model is as written: %s", (text) => {
  expect(models(text)).toEqual([text.split(" ").at(-1)]);
});

describe("The quantization of a GGUF model", () => {
  test.each([
    ["a/b", "Q4_K_M"],
    ["a/b:Q8_0", "Q8_0"],
    ["a/b:IQ4_XS", "IQ4_XS"],
    ["a/b:UD-Q4_K_XL", "Q4_K_XL"],
    ["a/b:F16", "F16"],
    ["a/b:bf16", "bf16"],
    ["a/b:fp16", "fp16"],
    ["a/b:f160", "Q4_K_M"],
    ["a/b-Q8_0-GGUF", "Q4_K_M"],
  ])("%s is %s", (model, quantization) => {
    expect(readServer(script(`llama-server -hf ${model}`))?.quantization).toBe(quantization);
  });

  test("is not known for a file or without a model", () => {
    expect(readServer(script("llama-server -m /x-Q8_0.gguf"))?.quantization).toBeNull();
    expect(readServer(script("llama-server"))?.quantization).toBeNull();
  });
});

test.each([
  ["0", 0],
  [" auto ", 0],
  [" 32k ", 32_000],
  ["1m", 1_000_000],
  ["12.25k", 12_250],
  ["1.2345k", 1234],
  ["xauto", null],
  ["autox", null],
  ["10", 10],
  ["x32k", null],
  ["32kx", null],
  ["1.k", null],
  [".5k", null],
])("A context length of %j is read as %s tokens", (MAX_MODEL_LEN, tokens) => {
  const imageName = "runpod/worker-v1-vllm:v2.25.2";
  expect(readServer({ imageName, env: { MAX_MODEL_LEN } })?.maxModelLen).toBe(tokens);
});

describe("The address of a server", () => {
  test.each<[string, string | null, number | null]>([
    ["vllm serve a/b --headless", null, null],
    ["vllm serve a/b --uds /run/vllm.sock", null, null],
    ["vllm serve a/b --host $HOST --port $PORT", null, null],
    ["vllm serve a/b --host `hostname`", null, 8000],
    ["vllm serve a/b --host=", "0.0.0.0", 8000],
  ])("%s", (text, host, port) => {
    expect(readServer(script(text))).toMatchObject({ host, port });
  });

  test.each<[string, string | null, number | null]>([
    ["[::1]:8080", "[::1]", 8080],
    ["[::]", "[::]", 11_434],
    ["https://example.com", "example.com", 443],
    ["https://example.com:9000", "example.com", 9000],
    ["http://:9000", "0.0.0.0", 9000],
    ["example.com/path", "example.com", 11_434],
    ["`hostname`:80", null, null],
  ])("of Ollama may be %s", (OLLAMA_HOST, host, port) => {
    expect(readServer(script("ollama serve", { OLLAMA_HOST }))).toMatchObject({ host, port });
  });
});

describe("A server", () => {
  test("with a settings file has the settings of its command, and perhaps others", () => {
    const read = (args: string) => readServer(script(`sglang serve a/b --config x.yaml ${args}`));
    expect(read("")).toMatchObject({ maxModelLen: null, tensorParallel: null, asksForKey: null });
    expect(read("--context-length 100 --tp 2 --api-key k")).toMatchObject({
      maxModelLen: 100,
      tensorParallel: 2,
      asksForKey: true,
    });
  });

  test.each<[string, boolean]>([
    ["vllm serve a/b", true],
    ["mkdir -p /m; vllm serve a/b", true],
    ["/opt/agent & vllm serve a/b", false],
    ["doppler run -- vllm serve a/b", false],
    ["vllm serve a/b & ollama serve", false],
  ])("is the only program of: %s: %s", (text, isAlone) => {
    expect(readServer(script(text))?.isAlone).toBe(isAlone);
  });

  test("has no library path if the variable is empty", () => {
    expect(readServer(script("vllm serve a/b", { LD_LIBRARY_PATH: "" }))?.ldLibraryPath).toBeNull();
  });

  test("is not found in a command beyond the limits", () => {
    expect(readServers(script("x".repeat(200_000)))).toEqual([]);
  });
});
