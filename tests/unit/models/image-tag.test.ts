import { imageEntrypoint, imageFacts } from "../../../models/src/image";

describe("The CUDA version of an image", () => {
  test.each([
    ["nvidia/cuda:12.4.1-devel-ubuntu22.04", "12.4"],
    ["nvcr.io/nvidia/cuda:13.0.1", "13.0"],
    ["acme/mynvidia/cuda:12.4.1", null],
    ["nvidia/cuda-dev:12.4.1", null],
    ["nvidia/cuda:x12.4.1", null],
    ["nvidia/cuda:124", null],
    ["nvidia/cuda", null],
    ["acme/x:cu129", "12.9"],
    ["acme/x:1-cu129", "12.9"],
    ["acme/x:1_cu129", "12.9"],
    ["acme/x:cu1281-torch280", "12.8"],
    ["acme/x:acu129", null],
    ["acme/x:cu12", null],
    ["acme/x:cu129.1", null],
    ["acme/x:cu12811", null],
    ["acme/x:cuda12.4", "12.4"],
    ["acme/x:1-cuda12.4", "12.4"],
    ["acme/x:1_cuda-12.4", "12.4"],
    ["acme/x:acuda12.4", null],
    ["acme/x:cuda124", null],
    ["acme/x:cuda1.4", null],
  ])("%s is %s by its tag", (image, cuda) => {
    expect(imageFacts(image)).toMatchObject({ cuda, minHostCuda: cuda });
  });

  test.each([
    ["lmsysorg/sglang:v0.5.19", null],
    ["lmsysorg/sglang:v0.5.20", "13.0"],
    ["lmsysorg/sglang:0.5.23", "13.0"],
    ["lmsysorg/sglang:v0.5.24", null],
    ["lmsysorg/sglang:xv0.5.23", null],
    ["lmsysorg/sglang:v0.5.23-x", null],
    ["lmsysorg/sglang:server-cuda", null],
    ["lmsysorg/sglang:v0.16.0", null],
    ["lmsysorg/sglang", null],
    ["runpod/worker-v1-vllm:v2.9.0", "12.1"],
    ["runpod/worker-v1-vllm:v2.10.0", "12.4"],
    ["runpod/worker-v1-vllm:v2.8.99", null],
    ["runpod/worker-v1-vllm:v2.9.10", null],
    ["acme/x:v0.5.23", null],
  ])("%s needs %s by its server's release", (image, minHostCuda) => {
    expect(imageFacts(image)).toMatchObject({ cuda: null, minHostCuda });
  });
});

describe("A tag", () => {
  test.each([
    ..."0123abc|nightly-0123abc|1.0|v1-server|latestx|xlatest|serverx|xserver|cu|cu12345|cuda-x".split(
      "|",
    ),
    `nightly-${"0a".repeat(20)}`,
    "cuda12345678901",
  ])("names one build: %s", (tag) => {
    expect(imageFacts(`acme/x:${tag}`)).toMatchObject({ tag, pinned: true });
  });

  test.each([
    ..."latest|Latest|v1-latest|v1_main|nightly|nightly-1234567|nightly-012abc|nightly-0123abcg".split(
      "|",
    ),
    ..."nightlyx-nightly|nightly_0123abc|server|Server|full|light|runtime|base|devel|slim".split(
      "|",
    ),
    ..."cuda|cuda12.4-devel|cuda12|cu129|cu1|rocm6.2|rocm|vulkan|server-intel|cpu|x86_64|arm64".split(
      "|",
    ),
    `nightly-${"0a".repeat(20)}0`,
  ])("moves: %s", (tag) => {
    expect(imageFacts(`acme/x:${tag}`)).toMatchObject({ tag, pinned: false });
  });
});

test("The entrypoint of another image with a release's tag is not known", () => {
  expect(imageEntrypoint("acme/vllm:v0.16.0")).toBeUndefined();
});
