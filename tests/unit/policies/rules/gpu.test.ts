import { specOf } from "@runpod-stack/policies";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { HAPPY_POD, ofEndpoint, ofPod, ofTemplate, options, said } from "../scene";

describe("gpu-fallbacks", () => {
  const judged = (gpuTypeIds: unknown, config = {}) =>
    ofPod("gpu-fallbacks", { gpuTypeIds }, config);

  test("accepts two types, and a CPU pod", () => {
    expect(judged(["NVIDIA B200", "NVIDIA H200"])).toEqual([]);
    expect(judged(undefined)).toEqual([]);
  });

  test("advises against a single type", () => {
    expect(judged(["NVIDIA B200"])).toEqual([
      "advisory: gpuTypeIds must list 2 types or more (it has NVIDIA B200): without a fallback, the deployment fails whenever there is no capacity. Add other types that fit the model, in order of preference; `npx -p @runpod-stack/policies runpod-policies size <model>` lists them.",
    ]);
    expect(ofEndpoint("gpu-fallbacks", { gpuTypeIds: ["NVIDIA B200"] })).toEqual([
      "advisory: gpuTypeIds must list 2 types or more (it has NVIDIA B200): without a fallback, no worker starts whenever there is no capacity. Add other types that fit the model; `npx -p @runpod-stack/policies runpod-policies size <model>` lists them.",
    ]);
  });

  test("counts a type that is not known yet, which may be a pool on an endpoint", () => {
    expect(judged([UNKNOWN])[0]).toContain("(it has none known yet)");
    expect(judged([UNKNOWN, UNKNOWN])).toEqual([]);
    expect(judged(UNKNOWN)).toEqual([]);
    expect(ofEndpoint("gpu-fallbacks", { gpuTypeIds: [UNKNOWN] })).toEqual([]);
  });

  test("accepts one type where a body can have no more", () => {
    const inputs = { ...HAPPY_POD, gpuTypeIds: ["NVIDIA B200"] };
    const spec = specOf("Pod", inputs, { takesOneGpuType: true });
    expect(said("gpu-fallbacks", [{ id: "pod", spec, dependencies: {} }])).toEqual([]);
  });

  test("accepts another minimum", () => {
    expect(judged(["NVIDIA B200"], options("gpu-fallbacks", { min: 1 }))).toEqual([]);
    expect(
      judged(["NVIDIA B200", "NVIDIA H200"], options("gpu-fallbacks", { min: 3 })),
    ).toHaveLength(1);
  });
});

describe("allowed-gpus", () => {
  const allowed = options("allowed-gpus", { allowed: ["NVIDIA A30", "NVIDIA L40S"] });

  test("accepts every type if none is configured", () => {
    expect(ofPod("allowed-gpus")).toEqual([]);
    expect(ofPod("allowed-gpus", { gpuTypeIds: undefined }, allowed)).toEqual([]);
    expect(ofTemplate("allowed-gpus", { gpuTypeIds: ["NVIDIA B200"] }, allowed)).toEqual([]);
  });

  test("refuses each type that is not in the list", () => {
    const violation = (id: string) =>
      `mandatory: gpuTypeIds ${id} must be NVIDIA A30 or NVIDIA L40S: allowed-gpus allows no other type. Use one of these types, or add ${id} to allowed-gpus.`;
    expect(ofPod("allowed-gpus", {}, allowed)).toEqual([
      violation("NVIDIA B200"),
      violation("NVIDIA H200"),
    ]);
    expect(ofPod("allowed-gpus", { gpuTypeIds: ["NVIDIA L40S", "NVIDIA B200"] }, allowed)).toEqual([
      violation("NVIDIA B200"),
    ]);
  });

  test("treats the doubled spaces in RunPod's catalog as one", () => {
    expect(ofPod("allowed-gpus", { gpuTypeIds: ["NVIDIA  A30"] }, allowed)).toEqual([]);
  });
});
