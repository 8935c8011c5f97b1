import { ofPod, options } from "../scene";

describe("gpu-fallbacks", () => {
  const judged = (gpuTypeIds: unknown, config = {}) =>
    ofPod("gpu-fallbacks", { gpuTypeIds }, config);

  test("accepts two types, and a CPU pod", () => {
    expect(judged(["NVIDIA B200", "NVIDIA H200"])).toEqual([]);
    expect(judged(undefined)).toEqual([]);
  });

  test("advises against a single type", () => {
    expect(judged(["NVIDIA B200"])[0]).toMatch(/^advisory: gpuTypeIds must list 2 types or more/);
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
  });

  test("refuses each type that is not in the list", () => {
    const violations = ofPod("allowed-gpus", {}, allowed);
    expect(violations).toHaveLength(2);
    expect(violations[0]).toMatch(/^mandatory: gpuTypeIds NVIDIA B200 must be NVIDIA A30 or/);
  });

  test("treats the doubled spaces in RunPod's catalog as one", () => {
    expect(ofPod("allowed-gpus", { gpuTypeIds: ["NVIDIA  A30"] }, allowed)).toEqual([]);
  });
});
