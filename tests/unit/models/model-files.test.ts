import { modelFiles, readServer, type ServerSpec } from "../../../models/src";

function script(text: string, imageName = "vllm/vllm-openai:v0.20.0"): ServerSpec {
  return { imageName, dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [text] };
}

const files = (spec: ServerSpec) =>
  modelFiles(spec).map(({ name, where }) => `${name} in ${where}`);
const HUB = "/root/.cache/huggingface/hub";
const FILE = "https://huggingface.co/u/X-GGUF/resolve/main/X-Q8_0.gguf";

describe("What a container downloads", () => {
  test.each<[string, string[]]>([
    ["vllm serve a/b", [`a/b in ${HUB}`]],
    ["vllm serve a/b & vllm serve c/d", [`a/b in ${HUB}`, `c/d in ${HUB}`]],
    ["hf download a/b && vllm serve a/b", [`a/b in ${HUB}`]],
    ["hf download a/b --local-dir /m && vllm serve /m", ["a/b in /m"]],
    ["hf download a/b --local-dir=m/b && vllm serve m/b", ["a/b in /m/b"]],
    ["cd /w && git clone https://huggingface.co/a/b && vllm serve ./b", ["a/b in /w/b"]],
    ["hf download a/b --cache-dir /c; vllm serve c/d", [`c/d in ${HUB}`, "a/b in /c"]],
    ["HF_HOME=/w hf download a/b; vllm serve c/d", [`c/d in ${HUB}`, "a/b in /w/hub"]],
    [`wget -O /m/x.gguf ${FILE} && llama-server -m /m/x.gguf`, ["u/X-GGUF:Q8_0 in /m/x.gguf"]],
    [`curl -L -o /m/x.gguf ${FILE}; llama-server -m /m/x.gguf`, ["u/X-GGUF:Q8_0 in /m/x.gguf"]],
    ["hf download u/X-GGUF --include '*Q4_K_M*' --local-dir /m", ["u/X-GGUF:Q4_K_M in /m"]],
    [`llama-server --model-url ${FILE}`, [`u/X-GGUF:Q8_0 in ${HUB}`]],
    ["llama-server -hfr u/X-GGUF -hff X-Q8_0.gguf", [`u/X-GGUF:Q8_0 in ${HUB}`]],
    [
      `vllm serve a/b --speculative-config '{"model": "c/draft", "num_speculative_tokens": 3}'`,
      [`a/b in ${HUB}`, `c/draft in ${HUB}`],
    ],
    ["infinity_emb v2 --model-id a/b --model-id c/d", [`a/b in ${HUB}`, `c/d in ${HUB}`]],
    ["vllm serve s3://bucket/m --load-format runai_streamer", []],
    ["HF_HUB_OFFLINE=1 vllm serve a/b", []],
    ["vllm serve /models/b", []],
    ["hf download a/data --repo-type dataset; sleep infinity", []],
    ["curl -s https://example.com/health", []],
  ])("%s", (text, expected) => {
    expect(files(script(text))).toEqual(expected);
  });

  test("includes all models of Ollama, at their default quantization", () => {
    const spec = script(
      "ollama serve & ollama pull a:7b; ollama pull b:8b-q8_0; wait",
      "ollama/ollama",
    );
    expect(modelFiles(spec)).toMatchObject([
      { name: "a:7b", quantization: "Q4_K_M", where: "/root/.ollama/models" },
      { name: "b:8b-q8_0", quantization: null },
    ]);
    expect(readServer(spec)?.model).toBe("a:7b");
  });

  test("marks a download of only some files", () => {
    expect(modelFiles(script("hf download a/b config.json"))).toMatchObject([{ isPart: true }]);
    expect(modelFiles(script("hf download a/b --include '*.safetensors'"))).toMatchObject([
      { isPart: false },
    ]);
  });

  test("is the model that a server finds in the folder", () => {
    const text = "hf download a/b --local-dir /m && vllm serve /m --served-model-name x";
    expect(readServer(script(text))?.model).toBe("a/b");
  });

  const nothing = { quantization: null, isPart: false };

  test("is listed with the setting that decides its place, and any doubt about it", () => {
    expect(modelFiles(script("hf download a/b --local-dir m; cd /w; vllm serve c/d"))).toEqual([
      {
        ...{ name: "c/d", ...nothing, where: HUB, from: "the image's default" },
        doubt: {
          by: "command",
          reason: "a folder of that name in /w is used instead if it exists",
        },
      },
      { name: "a/b", ...nothing, where: "/w/m", from: "--local-dir" },
    ]);
    expect(modelFiles(script("hf download a/b"))).toEqual([
      { name: "a/b", ...nothing, where: HUB, from: "the image's default" },
    ]);
    expect(modelFiles(script("export HF_HOME=/w; hf download a/b"))).toEqual([
      { name: "a/b", ...nothing, where: "/w/hub", from: "HF_HOME" },
    ]);
  });

  test("is nothing known for a plain image, and for a command beyond the limits", () => {
    expect(modelFiles({})).toEqual([]);
    expect(modelFiles({ imageName: "alpine", dockerStartCmd: ["true"] })).toEqual([]);
    const dockerStartCmd = ["a/b", "x".repeat(102_400)];
    expect(modelFiles({ imageName: "vllm/vllm-openai:v0.24.0", dockerStartCmd })).toEqual([]);
  });

  const OLLAMA = "/root/.ollama/models";
  const ollama = { where: OLLAMA, from: "the image's default", isPart: false };

  test("includes each model that Ollama pulls, in its own folder", () => {
    const text = "ollama serve & for m in 1; do true; done; ollama pull a:7b; ollama pull b:7b";
    expect(modelFiles(script(text, "ollama/ollama"))).toMatchObject([
      { name: "a:7b", quantization: "Q4_K_M", ...ollama },
      { name: "b:7b", quantization: "Q4_K_M", ...ollama },
    ]);
    const mixed = "vllm serve a/b & ollama serve & ollama pull c:7b; ollama pull d:7b";
    expect(modelFiles(script(mixed, "ollama/ollama"))).toContainEqual(
      expect.objectContaining({ name: "d:7b", ...ollama }),
    );
    const elsewhere = "OLLAMA_MODELS=/w ollama serve & ollama pull a:7b; ollama pull b:7b";
    expect(modelFiles(script(elsewhere, "ollama/ollama"))[1]).toMatchObject({
      ...{ name: "b:7b", where: "/w", from: "OLLAMA_MODELS" },
    });
  });

  test.each(["b:8b-q8_0", "b:8b-f16", "b:8b-fp16", "b:8b-bf16", "hf.co/u/b:IQ4_XS", "b-q4"])(
    "leaves the quantization to the name %s",
    (name) => {
      const text = `ollama serve & ollama pull a:7b; ollama pull ${name}; wait`;
      const found = modelFiles(script(text, "ollama/ollama"));
      expect(found[1]).toMatchObject({ quantization: null });
    },
  );

  test("of Ollama alone is known by name only", () => {
    expect(modelFiles(script("ollama pull a:7b; sleep infinity", "acme/tool"))).toEqual([
      { name: "a:7b", quantization: "Q4_K_M", where: null, from: null, isPart: false },
    ]);
  });

  test("from the hub is certain next to an uncertain server", () => {
    const files = modelFiles(script("hf download a/b; ollama serve", "acme/tool"));
    expect(files).toEqual([{ name: "a/b", ...nothing, where: HUB, from: "the image's default" }]);
  });

  test("follows the image's own settings", () => {
    const tgi = "ghcr.io/huggingface/text-generation-inference:3.3.5";
    const text = "hf download a/b; text-generation-launcher --model-id c/d";
    expect(modelFiles(script(text, tgi))[1]).toMatchObject({ from: "the image's default" });
    expect(modelFiles(script(text, tgi))[1]?.where).toMatch(/^\/data/);
    const llama = { dockerStartCmd: ["-hf", "u/X-GGUF:Q8_0"] };
    const build = (tag: string) =>
      modelFiles({ imageName: `ghcr.io/ggml-org/llama.cpp:${tag}`, ...llama })[0]?.where;
    expect(build("server-cuda-b8000")).toBe("/root/.cache/llama.cpp");
    expect(build("server-cuda-b8700")).toBe(HUB);
  });

  test("is the server's if a command has fetched parts of it", () => {
    const text = "hf download a/b config.json && vllm serve a/b";
    expect(modelFiles(script(text))).toMatchObject([{ name: "a/b", isPart: false }]);
  });

  test("of an unknown image may be in the image", () => {
    const spec = { imageName: "acme/ollama", dockerEntrypoint: ["bash", "-c"] };
    const dockerStartCmd = ["ollama serve & ollama pull a:7b; ollama pull b:7b"];
    const doubt = { by: "image", reason: "the image's own settings are not known" };
    expect(modelFiles({ ...spec, dockerStartCmd })).toMatchObject([{ doubt }, { doubt }]);
  });

  test("includes all models of Infinity, from its command or its variable", () => {
    const imageName = "michaelf34/infinity:0.0.76";
    const names = (spec: ServerSpec) => modelFiles(spec).map(({ name }) => name);
    const dockerStartCmd = ["v2", "--model-id", "a/b", "--model-id", "c/d"];
    expect(names({ imageName, dockerStartCmd })).toEqual(["a/b", "c/d"]);
    const env = { INFINITY_MODEL_ID: "a/b;c/d;;e/f;" };
    expect(names({ imageName, dockerStartCmd: ["v2"], env })).toEqual(["a/b", "c/d", "e/f"]);
    expect(names({ imageName, dockerStartCmd: ["v2"] })).toEqual([]);
    const local = ["v2", "--model-id", "/models/x", "--model-id", "./y"];
    expect(names({ imageName, dockerStartCmd: local })).toEqual([]);
    const vllm = { imageName: "vllm/vllm-openai:v0.24.0", dockerStartCmd: ["a/b"] };
    expect(names({ ...vllm, env })).toEqual(["a/b"]);
  });
});
