import * as fc from "fast-check";
import { readServer, type ServerCommand, type ServerSpec } from "../../../models/src";

const VLLM = "vllm/vllm-openai:v0.33.0";

const UNSAID: ServerCommand = {
  server: "vllm",
  model: null,
  host: "0.0.0.0",
  port: 8000,
  maxModelLen: null,
  tensorParallel: 1,
  gpuMemoryUtilization: null,
  quantization: null,
  downloadDir: null,
  asksForKey: false,
  isAlone: true,
  ldLibraryPath: null,
};

function vllm(...dockerStartCmd: string[]): ServerCommand | null {
  return readServer({ imageName: VLLM, dockerStartCmd });
}

function script(text: string, rest: ServerSpec = {}): ServerCommand | null {
  return readServer({
    imageName: VLLM,
    dockerEntrypoint: ["bash", "-c"],
    dockerStartCmd: [text],
    ...rest,
  });
}

describe("A vLLM server", () => {
  test("is read from the arguments to its image", () => {
    expect(
      vllm(
        "Qwen/Qwen3-32B",
        "--port=9000",
        "--max-model-len",
        "32768",
        "--tensor_parallel_size",
        "2",
        "--gpu-memory-utilization",
        "0.95",
        "--quantization",
        "fp8",
        "--download-dir",
        "/workspace/models",
        "--api-key",
        "secret",
      ),
    ).toEqual({
      server: "vllm",
      model: "Qwen/Qwen3-32B",
      host: "0.0.0.0",
      port: 9000,
      maxModelLen: 32_768,
      tensorParallel: 2,
      gpuMemoryUtilization: 0.95,
      quantization: "fp8",
      downloadDir: "/workspace/models",
      asksForKey: true,
      isAlone: true,
      ldLibraryPath: null,
    });
  });

  test("has vLLM's defaults for what is not set", () => {
    expect(vllm("--model", "Qwen/Qwen3-8B")).toEqual({ ...UNSAID, model: "Qwen/Qwen3-8B" });
    expect(readServer({ imageName: VLLM })).toEqual(UNSAID);
  });

  test("is read where older images start it as a module", () => {
    const imageName = "vllm/vllm-openai:v0.11.0";
    expect(readServer({ imageName, dockerStartCmd: ["--model", "a/b"] })?.model).toBe("a/b");
    const command = "python3 -u -m vllm.entrypoints.openai.api_server --model a/b";
    expect(readServer({ dockerStartCmd: command.split(" ") })?.model).toBe("a/b");
  });

  test.each([
    ["--port 8000 a/b", "a/b"],
    ["--trust-remote-code a/b", "a/b"],
    ["--enable-prefix-caching --port 8000 a/b", "a/b"],
    ["--served-model-name x y --port 8000 a/b", "a/b"],
    ["--served-model-name x y", null],
    ["--unknown-switch a/b", null],
    ["--model $MODEL", null],
    ["--model", null],
  ])("finds the model in: %s", (args, model) => {
    expect(vllm(...args.split(" "))?.model).toBe(model);
  });

  test.each([
    ["32768", 32_768],
    ["32k", 32_000],
    ["32K", 32_768],
    ["1M", 1_048_576],
    ["1.5k", 1500],
    ["auto", 0],
    ["-1", 0],
    ["long", null],
  ])("takes a length of %s", (given, tokens) => {
    expect(vllm("a/b", "--max-model-len", given)?.maxModelLen).toBe(tokens);
  });

  test("asks for a key set in its environment, also as a reference to a secret", () => {
    const env = { VLLM_API_KEY: "{{ RUNPOD_SECRET_vllm }}" };
    expect(readServer({ imageName: VLLM, env })?.asksForKey).toBe(true);
    expect(readServer({ imageName: VLLM, env: { VLLM_API_KEY: "" } })?.asksForKey).toBe(false);
    expect(vllm("a/b", "--api-key", "$KEY")?.asksForKey).toBe(true);
  });

  test("with a settings file may have settings that its command lacks", () => {
    expect(vllm("a/b", "--config", "/etc/vllm.yaml")).toMatchObject({
      tensorParallel: null,
      asksForKey: null,
    });
  });
});

describe("A server within a shell", () => {
  test("is found after an exported library path", () => {
    expect(
      script(
        "export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH && python3 -m vllm.entrypoints.openai.api_server --model Qwen/Qwen3.6-27B --port 8000",
      ),
    ).toEqual({
      ...UNSAID,
      model: "Qwen/Qwen3.6-27B",
      ldLibraryPath: "/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH",
    });
  });

  test.each([
    ["exec vllm serve a/b"],
    ["set -e; pip install -q x\nvllm serve a/b"],
    ["FOO=1 exec env BAR=2 nohup vllm serve 'a/b' > /tmp/log 2>&1 &"],
    ["if [ -d /x ]; then vllm serve a/b; else sleep 1; fi"],
    ["(cd /srv && /usr/local/bin/vllm serve \\\n  a/b)"],
    ['MODEL=a/b; vllm serve "$MODEL"'],
    [`vllm serve "$\{MODEL:-a/b}" # the model`],
    ["bash -lc 'vllm serve a/b'"],
    ["sleep $((2 * 3)); vllm serve a/b --seed $(date +%s)"],
  ])("is found in: %s", (text) => {
    expect(script(text)?.model).toBe("a/b");
  });

  test("sees the pod's variables, and its own exports before them", () => {
    const env = { MODEL: "a/b", LD_LIBRARY_PATH: "/opt" };
    expect(script("vllm serve $MODEL", { env })).toMatchObject({
      model: "a/b",
      ldLibraryPath: "/opt",
    });
    expect(
      script(`export MODEL=c/d LD_LIBRARY_PATH="/x:$LD_LIBRARY_PATH"; vllm serve $MODEL`, { env }),
    ).toMatchObject({ model: "c/d", ldLibraryPath: "/x:/opt" });
  });

  test("may be passed to the script as its arguments", () => {
    const dockerEntrypoint = ["sh", "-c", 'sleep 60 & exec "$@"', "sh", "vllm", "serve"];
    expect(readServer({ dockerEntrypoint, dockerStartCmd: ["a/b"] })?.model).toBe("a/b");
  });

  test("is not known if the shell runs something else", () => {
    expect(script("sleep infinity")).toBeNull();
    expect(script("echo vllm serve a/b")).toBeNull();
    expect(script("/start.sh")).toBeNull();
  });
});

describe("Other servers", () => {
  test("SGLang is read from its command in any image, and shortens the length by itself", () => {
    const dockerStartCmd =
      "python3 -m sglang.launch_server --model-path a/b --tp 4 --host 0.0.0.0 --mem-fraction-static 0.8";
    expect(
      readServer({
        imageName: "lmsysorg/sglang:v0.5.23",
        dockerStartCmd: dockerStartCmd.split(" "),
      }),
    ).toEqual({
      ...UNSAID,
      server: "sglang",
      model: "a/b",
      port: 30_000,
      maxModelLen: 0,
      tensorParallel: 4,
      gpuMemoryUtilization: 0.8,
    });
    expect(readServer({ dockerStartCmd: ["sglang", "serve", "a/b"] })?.model).toBe("a/b");
    expect(readServer({ imageName: "lmsysorg/sglang:v0.5.23" })).toBeNull();
  });

  test("TGI takes each setting as an argument or from the environment", () => {
    const imageName = "ghcr.io/huggingface/text-generation-inference:3.3.7";
    const told = { server: "tgi", model: "a/b", port: 80, tensorParallel: 2, quantization: "eetq" };
    expect(
      readServer({ imageName, env: { MODEL_ID: "a/b", NUM_SHARD: "2", QUANTIZE: "eetq" } }),
    ).toMatchObject(told);
    expect(
      readServer({
        imageName,
        dockerStartCmd: ["--model-id", "a/b", "--num-shard", "2", "--quantize", "eetq"],
      }),
    ).toMatchObject({ ...told, asksForKey: false });
    expect(readServer({ imageName, env: { API_KEY: "x" } })?.asksForKey).toBe(true);
  });

  test("llama.cpp takes a repository with its quantization, or a file", () => {
    const imageName = "ghcr.io/ggml-org/llama.cpp:server-cuda";
    const read = (...dockerStartCmd: string[]) => readServer({ imageName, dockerStartCmd });
    expect(read("-hf", "unsloth/Qwen3-4B-GGUF:Q8_0", "-c", "8192")).toMatchObject({
      server: "llama.cpp",
      model: "unsloth/Qwen3-4B-GGUF:Q8_0",
      quantization: "Q8_0",
      maxModelLen: 8192,
      port: null,
    });
    expect(read("-hf", "unsloth/Qwen3-4B-GGUF")?.quantization).toBe("Q4_K_M");
    expect(read("-m", "/models/x.gguf", "--port", "8080")).toMatchObject({
      model: "/models/x.gguf",
      quantization: null,
      port: 8080,
    });
    expect(readServer({ imageName, env: { LLAMA_ARG_HF_REPO: "a/b" } })?.model).toBe("a/b");
  });

  test("Ollama is read from its image and the model it pulls", () => {
    expect(readServer({ imageName: "ollama/ollama:0.12.3" })).toMatchObject({
      server: "ollama",
      model: null,
      port: 11_434,
      asksForKey: false,
    });
    expect(
      readServer({
        imageName: "ollama/ollama",
        dockerEntrypoint: ["/bin/sh", "-c"],
        dockerStartCmd: ["ollama serve & sleep 5; ollama pull qwen3:32b; wait"],
        env: { OLLAMA_HOST: "0.0.0.0:8080" },
      }),
    ).toMatchObject({ model: "qwen3:32b", quantization: "Q4_K_M", port: 8080 });
  });

  test("RunPod's worker is read from its environment", () => {
    expect(
      readServer({
        imageName: "runpod/worker-v1-vllm:v2.25.2",
        env: { MODEL_NAME: "a/b", MAX_MODEL_LEN: "8192", TENSOR_PARALLEL_SIZE: "2" },
      }),
    ).toMatchObject({
      server: "worker-vllm",
      model: "a/b",
      port: null,
      maxModelLen: 8192,
      tensorParallel: 2,
      asksForKey: null,
    });
  });
});

describe("Any other container", () => {
  test.each<[ServerSpec]>([
    [{}],
    [{ imageName: "" }],
    [{ imageName: "nginx:1.29" }],
    [{ imageName: "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404" }],
    [{ imageName: VLLM, dockerEntrypoint: ["sleep"], dockerStartCmd: ["infinity"] }],
    [{ imageName: VLLM, dockerEntrypoint: ["bash"] }],
    [{ dockerStartCmd: ["python3", "main.py"] }],
  ])("serves no model as far as known: %j", (spec) => {
    expect(readServer(spec)).toBeNull();
  });

  test("behind a mirror is still the server", () => {
    expect(readServer({ imageName: "registry.example.com/hub/vllm/vllm-openai:v1" })).toEqual(
      UNSAID,
    );
    expect(readServer({ imageName: "docker.io/vllm/vllm-openai@sha256:abc" })).toEqual(UNSAID);
  });

  test("never makes the reader throw", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("vllm", "serve", "bash", "-c", "--model", "$A", "__proto__=1", "export", '"'),
    );
    void fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom(VLLM, "ollama/ollama")),
        fc.array(word),
        fc.array(word),
        fc.dictionary(fc.string(), fc.string()),
        (imageName, dockerEntrypoint, dockerStartCmd, env) => {
          readServer({ imageName, dockerEntrypoint, dockerStartCmd, env });
          readServer({
            imageName,
            dockerEntrypoint: ["bash", "-c"],
            dockerStartCmd: [dockerStartCmd.join(" ")],
            env,
          });
        },
      ),
    );
  });
});
