import { parseImage, vllmRelease } from "../../../models/src/image-name";
import {
  knownImage,
  llamaBuild,
  serverImage,
  serverRelease,
  soundsLikeServer,
} from "../../../models/src/server-image";

const PLAIN = { server: null, entrypoint: [], cmd: [], env: {}, isServing: false };
const SERVING = { cmd: [], env: {}, isServing: true };
const WORKER_CACHE = "/runpod-volume/huggingface-cache/hub";
const WORKER = {
  server: "worker-vllm",
  entrypoint: ["python3", "/src/main.py"],
  cmd: [],
  env: { HF_HOME: WORKER_CACHE, HUGGINGFACE_HUB_CACHE: WORKER_CACHE },
  isServing: false,
};
const LLAMA = { ...SERVING, server: "llama.cpp", env: { LLAMA_ARG_HOST: "0.0.0.0" } };
const RUNPOD = { ...PLAIN, cmd: ["/start.sh"], env: { HF_HOME: "/workspace/.cache/huggingface" } };
const VLLM = { ...SERVING, server: "vllm", entrypoint: ["vllm", "serve"] };

describe("A known image", () => {
  test.each<[string, object]>([
    ["vllm/vllm-openai:v0.33.0", VLLM],
    ["vllm/vllm-openai", VLLM],
    [
      "vllm/vllm-openai:v0.8.5",
      { ...VLLM, entrypoint: ["python3", "-m", "vllm.entrypoints.openai.api_server"] },
    ],
    ["vllm/vllm-openai-rocm:v1", VLLM],
    ["rocm/vllm", { ...PLAIN, server: "vllm" }],
    ["rocm/vllm-dev", { ...PLAIN, server: "vllm" }],
    ["nvcr.io/nvidia/vllm:25.09-py3", { ...PLAIN, server: "vllm" }],
    ["lmsysorg/sglang:latest", { ...PLAIN, server: "sglang" }],
    [
      "ghcr.io/huggingface/text-generation-inference:3.3.7",
      {
        ...SERVING,
        server: "tgi",
        entrypoint: ["/tgi-entrypoint.sh"],
        env: { HF_HOME: "/data", PORT: "80" },
      },
    ],
    [
      "ghcr.io/huggingface/text-embeddings-inference:1.8",
      {
        ...SERVING,
        server: "tei",
        entrypoint: ["text-embeddings-router"],
        cmd: ["--json-output"],
        env: { HUGGINGFACE_HUB_CACHE: "/data", PORT: "80" },
      },
    ],
    ["ghcr.io/ggml-org/llama.cpp:server", { ...LLAMA, entrypoint: ["/app/llama-server"] }],
    ["ghcr.io/ggerganov/llama.cpp", { ...LLAMA, entrypoint: ["/app/llama-server"] }],
    ["ghcr.io/ggml-org/llama.cpp:full-cuda", { ...LLAMA, entrypoint: ["/app/tools.sh"] }],
    ["ghcr.io/ggml-org/llama.cpp:light-cuda", { ...LLAMA, entrypoint: ["/app/llama-cli"] }],
    ["ghcr.io/ggml-org/llama.cpp:not-full", { ...LLAMA, entrypoint: ["/app/llama-server"] }],
    ["ghcr.io/ggml-org/llama.cpp:not-light", { ...LLAMA, entrypoint: ["/app/llama-server"] }],
    [
      "ollama/ollama:0.12.3",
      {
        ...SERVING,
        server: "ollama",
        entrypoint: ["/bin/ollama"],
        cmd: ["serve"],
        env: { OLLAMA_HOST: "0.0.0.0:11434" },
      },
    ],
    [
      "michaelf34/infinity:0.0.76",
      {
        ...SERVING,
        server: "infinity",
        entrypoint: ["infinity_emb"],
        env: { HF_HOME: "/app/.cache/huggingface" },
      },
    ],
    ["openmmlab/lmdeploy", { ...PLAIN, server: "lmdeploy" }],
    ["nvcr.io/nvidia/tensorrt-llm/release:1.0", { ...PLAIN, server: "trtllm" }],
    ["runpod/worker-v1-vllm:v2.25.2", WORKER],
    ["runpod/worker-vllm", WORKER],
    ["runpod/base:1.0.2-cuda1281", RUNPOD],
    ["runpod/pytorch:1.10.12-cu1281-torch280", RUNPOD],
    ["pytorch/pytorch", PLAIN],
    ["nvcr.io/nvidia/pytorch:25.09-py3", PLAIN],
    ["nvidia/cuda:12.4.1-devel-ubuntu22.04", PLAIN],
    ["ubuntu", PLAIN],
    ["debian:12", PLAIN],
    ["docker.io/library/python:3.12", PLAIN],
  ])("%s", (imageName, image) => {
    expect(knownImage(imageName)).toEqual(image);
    const { server } = image as { server: string | null };
    expect(serverImage(imageName)).toEqual(server === null ? null : image);
  });

  test.each([
    "nginx",
    "",
    "myubuntu",
    "ubuntu/nginx",
    "runpod/base",
    "runpod/base:0.7.0-cuda1281",
    "runpod/base:v1.0.2-cuda1281",
    "runpod/base:1.0.2",
    "runpod/pytorch:1.0.2-py3.12-cuda12.8",
  ])("is not: %s", (imageName) => {
    expect(knownImage(imageName)).toBeNull();
    expect(serverImage(imageName)).toBeNull();
  });
});

test.each([
  ["vllm/vllm-openai:v0.20.0", "0.20.0"],
  ["vllm/vllm-openai:v0.20.0-cu129", "0.20.0"],
  ["lmsysorg/sglang:v0.5.6.post12-cu129", "0.5.6.post12"],
  ["lmsysorg/sglang:v10.51.60", "10.51.60"],
  ["lmsysorg/sglang:v0.5.6rc1", null],
  ["lmsysorg/sglang:xv0.5.6", null],
  ["lmsysorg/sglang:latest", null],
  ["lmsysorg/sglang", null],
  ["ollama/ollama:v0.12.3", null],
  ["acme/llm:v0.12.3", null],
])("%s has release %s", (imageName, release) => {
  expect(serverRelease(imageName)).toBe(release);
});

test.each([
  ["ghcr.io/ggml-org/llama.cpp:server-cuda-b9994", 9994],
  ["ghcr.io/ggml-org/llama.cpp:server-cuda", Number.POSITIVE_INFINITY],
  ["ghcr.io/ggml-org/llama.cpp:server-b99-x", Number.POSITIVE_INFINITY],
  ["ghcr.io/ggml-org/llama.cpp", Number.POSITIVE_INFINITY],
  ["ollama/ollama:x-b9994", null],
  ["nginx:x-b9994", null],
])("%s is build %s", (imageName, build) => {
  expect(llamaBuild(imageName)).toBe(build);
});

test.each([
  ["acme/my-vLLM:1", true],
  ["acme/llama.cpp", true],
  ["acme/llamacpp", true],
  ["acme/llama_cpp", true],
  ["acme/llama-cpp", true],
  ["acme/llamaXcpp", false],
  ["acme/trtllm", true],
  ["acme/trt-llm", true],
  ["acme/tensorrt-llm", true],
  ["acme/tensorrtllm", true],
  ["acme/mlc-llm", true],
  ["acme/mlcllm", true],
  ["nvcr.io/nim/meta/llama", true],
  ["nim/meta", true],
  ["acme/nim", true],
  ["acme/nimble", false],
  ["acme/minim", false],
  ["nginx:vllm", false],
  ["nginx", false],
])("%s sounds like a model server: %s", (imageName, sounds) => {
  expect(soundsLikeServer(imageName)).toBe(sounds);
});

test.each<[string, string, string | null, string | null]>([
  ["a/b:1@sha256:0", "a/b", "1", "sha256:0"],
  ["a/b@sha256:0", "a/b", null, "sha256:0"],
  [" a/b:1 ", "a/b", "1", null],
  ["docker.io/a/b", "a/b", null, null],
  ["index.docker.io/a/b", "a/b", null, null],
  ["registry-1.docker.io/a/b", "a/b", null, null],
  ["mydocker.io/a/b", "mydocker.io/a/b", null, null],
  ["docker.io.example.com/a/b", "docker.io.example.com/a/b", null, null],
  ["localhost:5000/a", "localhost:5000/a", null, null],
  ["localhost:5000/a:1", "localhost:5000/a", "1", null],
  ["", "", null, null],
])("%s names %s", (imageName, repository, tag, digest) => {
  expect(parseImage(imageName)).toEqual({ repository, tag, digest });
});

test.each([
  ["v0.16.0", true],
  ["v0.16.0-cu130", true],
  ["v0.16.0-x86_64", true],
  ["v0.16.0-aarch64", true],
  ["v0.16.0-cu130-ubuntu2404", true],
  ["v0.16.0-zstd", true],
  ["v0.16.0-efa", true],
  ["v0.16.0-cu13", false],
  ["v0.16.0-ubuntu22", false],
  ["v0.16.0-acme", false],
  ["xv0.16.0", false],
  ["v0.16.0x", false],
  ["0.16.0", false],
  [null, false],
])("tag %s is a variant of a release: %s", (tag, isOne) => {
  expect(vllmRelease(tag)?.tag).toBe(isOne ? "v0.16.0" : undefined);
});
