import * as fc from "fast-check";
import { imageEntrypoint, imageFacts } from "../../../models/src";
import vllm from "../../../models/src/data/vllm-images.json";

describe("An image's facts", () => {
  test.each(vllm.tags)("of vLLM $tag match the table", (row) => {
    expect(imageFacts(`vllm/vllm-openai:${row.tag}`)).toEqual({
      server: "vllm",
      tag: row.tag,
      minHostCuda: row.minHostCuda,
      cuda: row.cuda,
      compatConflict: row.compatConflict,
      compressedGb: row.imageSizeGbCompressed,
      sm100: row.sm100,
      sm120: row.sm120,
      pinned: true,
    });
  });

  test("of a variant show its own CUDA", () => {
    expect(imageFacts("vllm/vllm-openai:v0.16.0-cu130")).toMatchObject({
      minHostCuda: "13.0",
      cuda: "13.0",
      compatConflict: true,
    });
    expect(imageFacts("vllm/vllm-openai:v0.24.0-cu129-ubuntu2404")).toMatchObject({
      cuda: "12.9",
      compatConflict: false,
    });
    expect(imageFacts("vllm/vllm-openai:v0.33.0-x86_64")).toMatchObject({ cuda: "13.0" });
  });

  test.each(["latest", "nightly", "v0.99.0", "gptoss", "v0.16.0-acme"])(
    "of vLLM's tag %s, which is not in the table, are not those of the newest release",
    (tag) => {
      expect(imageFacts(`vllm/vllm-openai:${tag}`)).toMatchObject({
        server: "vllm",
        minHostCuda: null,
        cuda: null,
        compatConflict: null,
        sm100: null,
      });
    },
  );

  test.each([
    ["lmsysorg/sglang:v0.5.23", "sglang", "13.0"],
    ["lmsysorg/sglang:v0.5.19-cu129", "sglang", "12.9"],
    ["lmsysorg/sglang:v0.4.0", "sglang", null],
    ["ghcr.io/huggingface/text-generation-inference:3.3.7", "tgi", "12.4"],
    ["ghcr.io/ggml-org/llama.cpp:server-cuda", "llama.cpp", "12.8"],
    ["ghcr.io/ggml-org/llama.cpp:server-cuda13", "llama.cpp", "13.0"],
    ["ollama/ollama:0.12.3", "ollama", null],
    ["runpod/worker-v1-vllm:v2.9.6", "worker-vllm", "12.1"],
    ["runpod/worker-v1-vllm:v2.11.3", "worker-vllm", "12.4"],
    ["runpod/worker-v1-vllm:v.2.15.0", "worker-vllm", "12.8"],
    ["runpod/worker-v1-vllm:v2.25.2", "worker-vllm", "13.0"],
    ["runpod/worker-v1-vllm:v2.26.0", "worker-vllm", null],
    ["runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404", null, "12.8"],
    ["nvidia/cuda:12.4.1-devel-ubuntu22.04", null, "12.4"],
    ["registry.example.com:5000/hub/vllm/vllm-openai:v0.9.0", "vllm", "12.8"],
    ["nginx:1.29", null, null],
  ])("of %s: %s, host CUDA %s", (image, server, minHostCuda) => {
    expect(imageFacts(image)).toMatchObject({ server, minHostCuda });
  });

  test.each([
    ["vllm/vllm-openai:v0.33.0", true],
    ["vllm/vllm-openai:nightly-0123abcdef0123abcdef0123abcdef0123abcdef", true],
    ["vllm/vllm-openai@sha256:0123", true],
    ["vllm/vllm-openai:latest@sha256:0123", true],
    ["ghcr.io/ggml-org/llama.cpp:server-cuda-b7100", true],
    ["nvidia/cuda:12.4.1-devel-ubuntu22.04", true],
    ["localhost:5000/image:1", true],
    ["vllm/vllm-openai", false],
    ["localhost:5000/image", false],
    ["vllm/vllm-openai:latest", false],
    ["vllm/vllm-openai:nightly", false],
    ["lmsysorg/sglang:latest-cu129", false],
    ["lmsysorg/sglang:nightly-dev-20261101", false],
    ["runpod/pytorch:main", false],
    ["ghcr.io/ggml-org/llama.cpp:server-cuda13", false],
    ["", false],
  ])("show whether %s is pinned: %s", (image, pinned) => {
    expect(imageFacts(image).pinned).toBe(pinned);
  });

  test("are known for any string", () => {
    void fc.assert(
      fc.property(fc.string(), (image) => {
        expect(imageFacts(image)).toHaveProperty("pinned");
      }),
    );
  });
});

test("an image's entrypoint is returned only if it is certain", () => {
  expect(imageEntrypoint("vllm/vllm-openai:v0.16.0-cu130")).toEqual(["vllm", "serve"]);
  expect(imageEntrypoint("docker.io/vllm/vllm-openai:v0.11.0@sha256:0123")).toContain("-m");
  expect(imageEntrypoint("vllm/vllm-openai:latest")).toBeUndefined();
  expect(imageEntrypoint("nginx:1.29")).toBeUndefined();
});
