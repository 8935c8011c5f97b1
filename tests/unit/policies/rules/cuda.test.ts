import { ofPod, ofTemplate, options } from "../scene";

const GEFORCE = ["NVIDIA GeForce RTX 4090"];

describe("cuda-floor", () => {
  const judged = (changes = {}, config = {}) => ofPod("cuda-floor", changes, config);

  test("accepts a minimum of the image's CUDA version or a newer one", () => {
    expect(judged()).toEqual([]);
    expect(judged({ minCudaVersion: "13.10" })).toEqual([]);
    expect(judged({ minCudaVersion: undefined, allowedCudaVersions: ["13.0", "13.1"] })).toEqual(
      [],
    );
  });

  test("advises setting a minimum, or a higher one, and reports it", () => {
    const [open] = judged({ minCudaVersion: undefined });
    expect(open).toMatch(/^advisory: minCudaVersion must be 13.0 or more: .* never starts/);
    expect(judged({ minCudaVersion: "12.8" })[0]).toMatch(
      /^advisory: minCudaVersion 12.8 must be 13.0/,
    );
    expect(judged({ minCudaVersion: undefined, allowedCudaVersions: [] })).toHaveLength(1);
  });

  test("compares versions by number", () => {
    const changes = { imageName: "vllm/vllm-openai:v0.11.1" };
    expect(judged({ ...changes, minCudaVersion: "12.11" })).toEqual([]);
    expect(judged({ ...changes, minCudaVersion: "12.2" })).toHaveLength(1);
  });

  test("advises against a list with hosts that are too old", () => {
    const changes = { minCudaVersion: undefined, allowedCudaVersions: ["12.8", "13.0"] };
    expect(judged(changes)[0]).toMatch(/^advisory: allowedCudaVersions 12.8 must be 13.0 or more/);
  });

  test("refuses a list with only such hosts, unless the image accepts them on data-center cards", () => {
    const changes = { minCudaVersion: undefined, allowedCudaVersions: ["12.4"] };
    expect(judged(changes)[0]).toMatch(/^advisory: /);
    expect(judged({ ...changes, gpuTypeIds: GEFORCE })[0]).toMatch(/^mandatory: /);
  });

  test("ignores unknown images, other GPUs, CPU pods and templates", () => {
    const open = { minCudaVersion: undefined };
    expect(judged({ ...open, imageName: "vllm/vllm-openai:latest" })).toEqual([]);
    expect(judged({ ...open, gpuTypeIds: ["AMD Instinct MI300X OAM"] })).toEqual([]);
    expect(judged({ ...open, gpuTypeIds: undefined })).toEqual([]);
    expect(ofTemplate("cuda-floor")).toEqual([]);
  });

  test("uses the minimum of the image that a custom image behaves like", () => {
    const images = { "ghcr.io/acme/serve": "vllm/vllm-openai:v0.20.0" };
    const changes = { imageName: "ghcr.io/acme/serve:3", minCudaVersion: undefined };
    expect(judged(changes, options("container-disk-size", { images }))).toHaveLength(1);
  });
});

describe("cuda-compat", () => {
  const image = { imageName: "vllm/vllm-openai:v0.16.0" };
  const judged = (changes = {}) => ofPod("cuda-compat", changes);

  test("accepts an image without the conflict, or with the fix", () => {
    expect(judged()).toEqual([]);
    const serve =
      "export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH && exec vllm serve x/y-7b";
    expect(judged({ ...image, dockerEntrypoint: ["bash", "-c"], dockerStartCmd: [serve] })).toEqual(
      [],
    );
    const env = { LD_LIBRARY_PATH: "/usr/local/nvidia/lib64" };
    expect(judged({ ...image, env })).toEqual([]);
  });

  test("advises if the image's libraries shadow the host's driver", () => {
    expect(judged(image)[0]).toMatch(/^advisory: imageName vllm\/vllm-openai:v0.16.0 .*Error 803/);
    expect(ofTemplate("cuda-compat", image)[0]).toMatch(/^advisory: /);
  });

  test("refuses this on GeForce cards, where CUDA always fails", () => {
    expect(judged({ ...image, gpuTypeIds: GEFORCE })[0]).toMatch(/^mandatory: /);
  });

  test("refuses forward compatibility on GeForce cards", () => {
    const env = { VLLM_ENABLE_CUDA_COMPATIBILITY: "1" };
    expect(judged({ env, gpuTypeIds: GEFORCE })[0]).toMatch(/^mandatory: env VLLM_ENABLE/);
    expect(judged({ env })).toEqual([]);
    expect(judged({ env: { VLLM_ENABLE_CUDA_COMPATIBILITY: "0" }, gpuTypeIds: GEFORCE })).toEqual(
      [],
    );
  });
});

describe("gpu-architecture", () => {
  const judged = (imageName: string, gpuTypeIds: unknown) =>
    ofPod("gpu-architecture", { imageName, gpuTypeIds });

  test("accepts GPUs that the image is built for, and unknown GPUs", () => {
    expect(ofPod("gpu-architecture")).toEqual([]);
    expect(judged("vllm/vllm-openai:v0.8.5", ["NVIDIA H200", "NVIDIA X1000"])).toEqual([]);
    expect(judged("vllm/vllm-openai:latest", ["NVIDIA B200"])).toEqual([]);
  });

  test("refuses an image older than the GPU", () => {
    const [violation] = judged("vllm/vllm-openai:v0.8.5", ["NVIDIA B200"]);
    expect(violation).toMatch(/^mandatory: gpuTypeIds NVIDIA B200 must be types that .*v0.8.5/);
    expect(judged("vllm/vllm-openai:v0.9.0", ["NVIDIA GeForce RTX 5090"])).toHaveLength(1);
  });

  test("advises if only a fallback is too new", () => {
    const [advice] = judged("vllm/vllm-openai:v0.8.5", ["NVIDIA H200", "NVIDIA B200"]);
    expect(advice).toMatch(/^advisory: gpuTypeIds NVIDIA B200 must/);
  });
});
