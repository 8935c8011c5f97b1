import { rules, type Spec, specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, ofPod, ofTemplate, options } from "../scene";

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
    const rest =
      'must be 13.0 or more: vllm/vllm-openai:v0.20.0 requires a host driver with CUDA 13.0, and never starts on an older one. Set minCudaVersion to "13.0".';
    expect(judged({ minCudaVersion: undefined })).toEqual([`advisory: minCudaVersion ${rest}`]);
    expect(judged({ minCudaVersion: "12.8" })).toEqual([`advisory: minCudaVersion 12.8 ${rest}`]);
    expect(judged({ minCudaVersion: undefined, allowedCudaVersions: [] })).toHaveLength(1);
  });

  test("compares versions by number", () => {
    const changes = { imageName: "vllm/vllm-openai:v0.11.1" };
    expect(judged({ ...changes, minCudaVersion: "12.11" })).toEqual([]);
    expect(judged({ ...changes, minCudaVersion: "12.2" })).toHaveLength(1);
    expect(judged({ ...changes, minCudaVersion: "11.9" })).toHaveLength(1);
    expect(judged({ ...changes, minCudaVersion: "13" })).toEqual([]);
    expect(judged({ ...changes, minCudaVersion: "12" })).toHaveLength(1);
    expect(judged({ minCudaVersion: "13" })).toEqual([]);
  });

  test("advises against a list with hosts that are too old", () => {
    const changes = { minCudaVersion: undefined, allowedCudaVersions: ["12.8", "12.9", "13.0"] };
    expect(judged(changes)).toEqual([
      'advisory: allowedCudaVersions 12.8 and 12.9 must be 13.0 or more: vllm/vllm-openai:v0.20.0 requires a host driver with CUDA 13.0, and never starts on an older one. Remove 12.8 and 12.9, or replace the list with minCudaVersion: "13.0".',
    ]);
  });

  test("refuses a list with only such hosts, unless the image accepts them on data-center cards", () => {
    const changes = { minCudaVersion: undefined, allowedCudaVersions: ["12.4"] };
    expect(judged(changes)[0]).toMatch(/^advisory: /);
    expect(judged({ ...changes, gpuTypeIds: GEFORCE })[0]).toMatch(/^mandatory: /);
    const mixed = { ...changes, allowedCudaVersions: ["12.4", "13.0"], gpuTypeIds: GEFORCE };
    expect(judged(mixed)[0]).toMatch(/^advisory: /);
  });

  test.each([["NVIDIA H200"], ["NVIDIA X1000"], [UNKNOWN]])(
    "only advises if the pod may also get %p",
    (other) => {
      const gpuTypeIds = [...GEFORCE, other];
      const changes = { minCudaVersion: undefined, allowedCudaVersions: ["12.4"], gpuTypeIds };
      expect(judged(changes)).toEqual([expect.stringMatching(/^advisory: allowedCudaVersions/)]);
    },
  );

  test.each([
    { minCudaVersion: UNKNOWN },
    { minCudaVersion: UNKNOWN, allowedCudaVersions: ["12.4"] },
    { minCudaVersion: undefined, allowedCudaVersions: UNKNOWN },
    { minCudaVersion: undefined, allowedCudaVersions: [UNKNOWN] },
    { minCudaVersion: undefined, allowedCudaVersions: ["12.4", UNKNOWN] },
    { minCudaVersion: undefined, imageName: UNKNOWN },
    { minCudaVersion: undefined, gpuTypeIds: UNKNOWN },
  ])("says nothing about what is not known: %p", (changes) => {
    expect(judged(changes)).toEqual([]);
  });

  test("applies to a pod that may get an AMD or an NVIDIA card", () => {
    const gpuTypeIds = ["AMD Instinct MI300X OAM", "NVIDIA H200"];
    expect(judged({ minCudaVersion: undefined, gpuTypeIds })).toHaveLength(1);
    expect(judged({ minCudaVersion: undefined, gpuTypeIds: [UNKNOWN] })).toHaveLength(1);
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

describe("the remedy of cuda-floor", () => {
  const rule = rules.find(({ name }) => name === "cuda-floor");
  const remedy = (changes: Record<string, unknown>, kind: Spec["kind"] = "Pod") =>
    rule?.remedy?.(specOf(kind, { ...HAPPY_POD, ...changes }), {}, { models: {}, images: {} });

  test.each([
    { minCudaVersion: undefined },
    { minCudaVersion: "12.8" },
    { minCudaVersion: undefined, allowedCudaVersions: [] },
  ])("sets the minimum that the image needs: %j", (changes) => {
    expect(remedy(changes)).toEqual({ minCudaVersion: "13.0" });
  });

  test.each([
    { minCudaVersion: "13.0" },
    { minCudaVersion: UNKNOWN },
    { minCudaVersion: undefined, allowedCudaVersions: ["13.0"] },
    { minCudaVersion: undefined, allowedCudaVersions: UNKNOWN },
    { minCudaVersion: undefined, imageName: UNKNOWN },
    { minCudaVersion: undefined, imageName: "vllm/vllm-openai:latest" },
    { minCudaVersion: undefined, gpuTypeIds: undefined },
  ])("changes nothing that is right, not known, or decided by a list: %p", (changes) => {
    expect(remedy(changes)).toBeUndefined();
  });

  test("leaves templates alone", () => {
    expect(remedy({ minCudaVersion: undefined }, "Template")).toBeUndefined();
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
    expect(judged(image)).toEqual([
      "advisory: imageName vllm/vllm-openai:v0.16.0 must load the host's driver first: the image's CUDA compat libraries shadow it, and CUDA fails with Error 803 on a host with a newer driver. Start the server through bash -c with `export LD_LIBRARY_PATH=/lib/x86_64-linux-gnu:$LD_LIBRARY_PATH && exec …`, or use vllm/vllm-openai:v0.17.0 or newer.",
    ]);
    expect(ofTemplate("cuda-compat", { ...image, gpuTypeIds: GEFORCE })[0]).toMatch(/^advisory: /);
  });

  test("refuses this on GeForce cards, where CUDA always fails", () => {
    expect(judged({ ...image, gpuTypeIds: GEFORCE })[0]).toMatch(/^mandatory: /);
    const mixed = [...GEFORCE, "NVIDIA H200"];
    expect(judged({ ...image, gpuTypeIds: mixed })[0]).toMatch(/^advisory: /);
  });

  test.each([UNKNOWN, { LD_LIBRARY_PATH: UNKNOWN }, { VLLM_ENABLE_CUDA_COMPATIBILITY: UNKNOWN }])(
    "says nothing while env is %p",
    (env) => {
      expect(judged({ ...image, env })).toEqual([]);
    },
  );

  test("does not need to know other variables", () => {
    expect(judged({ ...image, env: { OTHER: UNKNOWN } })).toHaveLength(1);
    expect(judged({ imageName: UNKNOWN })).toEqual([]);
  });

  test("refuses forward compatibility on GeForce cards", () => {
    const env = { VLLM_ENABLE_CUDA_COMPATIBILITY: "1" };
    expect(judged({ env, gpuTypeIds: GEFORCE })).toEqual([
      "mandatory: env VLLM_ENABLE_CUDA_COMPATIBILITY must not be set on GeForce cards: CUDA forward compatibility works only on data-center and professional cards, and fails on GeForce with Error 803 or 804. Remove VLLM_ENABLE_CUDA_COMPATIBILITY, and set minCudaVersion to the image's CUDA version.",
    ]);
    const spelled = { VLLM_ENABLE_CUDA_COMPATIBILITY: "True" };
    expect(judged({ env: spelled, gpuTypeIds: GEFORCE })).toHaveLength(1);
    expect(judged({ env })).toEqual([]);
    expect(judged({ env, gpuTypeIds: [...GEFORCE, "NVIDIA H200"] })).toEqual([]);
    expect(judged({ env, gpuTypeIds: undefined })).toEqual([]);
    expect(judged({ env, gpuTypeIds: ["NVIDIA X1000"] })).toEqual([]);
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
    expect(judged("vllm/vllm-openai:v0.20.0", ["NVIDIA GeForce RTX 5090"])).toEqual([]);
  });

  test("refuses an image older than the GPU", () => {
    expect(judged("vllm/vllm-openai:v0.8.5", ["NVIDIA B200"])).toEqual([
      "mandatory: gpuTypeIds NVIDIA B200 must be types that vllm/vllm-openai:v0.8.5 is built for: the image has no code for their architecture, and exits at startup. Use a newer image, or remove these types.",
    ]);
    expect(judged("vllm/vllm-openai:v0.9.0", ["NVIDIA GeForce RTX 5090"])).toHaveLength(1);
  });

  test("advises if only a fallback is too new", () => {
    const [advice] = judged("vllm/vllm-openai:v0.8.5", ["NVIDIA H200", "NVIDIA B200"]);
    expect(advice).toMatch(/^advisory: gpuTypeIds NVIDIA B200 must/);
  });

  test("says nothing while a type or the image is not known", () => {
    expect(judged("vllm/vllm-openai:v0.8.5", ["NVIDIA B200", UNKNOWN])).toEqual([]);
    expect(ofPod("gpu-architecture", { imageName: UNKNOWN })).toEqual([]);
  });
});
