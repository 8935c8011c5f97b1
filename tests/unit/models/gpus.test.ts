import { deviceGb, gpuType, gpuTypes, oneSpaced, similarGpuIds } from "../../../models/src";
import { type GpuType, gpuPrice } from "../../../models/src/gpus";

describe("GPU types", () => {
  test("are found by their ids, whatever the spaces", () => {
    expect(gpuType("NVIDIA  RTX A4500")?.memoryGb).toBe(20);
    expect(gpuType(" NVIDIA B200 ")?.id).toBe("NVIDIA B200");
    expect(gpuType("ADA_24")).toBeUndefined();
    expect(gpuTypes().length).toBeGreaterThan(40);
  });

  test.each([
    // CUDA's totals in public logs of vLLM and PyTorch, in GiB.
    ["NVIDIA H200", 139.8],
    ["NVIDIA H100 80GB HBM3", 79.19],
    ["NVIDIA A100-SXM4-40GB", 39.39],
    ["NVIDIA L40S", 44.4],
    ["NVIDIA L4", 22.03],
    ["NVIDIA GeForce RTX 4090", 23.52],
    ["NVIDIA GeForce RTX 5090", 31.36],
    ["NVIDIA RTX A6000", 47.5],
    ["NVIDIA RTX PRO 6000 Blackwell Server Edition", 94.97],
  ])("%s have the memory that CUDA reports", (id, gib) => {
    const type = gpuType(id);
    const device = type ? deviceGb(type) : 0;
    expect(Math.abs((device * 1e9) / 1024 ** 3 / gib - 1)).toBeLessThan(0.01);
  });

  test("have at most their nominal memory if the driver's figure is not known", () => {
    for (const type of gpuTypes()) {
      expect(deviceGb(type)).toBeLessThan(type.memoryGb * 1.074);
      expect(deviceGb(type)).toBeGreaterThan(type.memoryGb * 0.85);
    }
  });

  test.each([
    ["H100", ["NVIDIA H100 80GB HBM3", "NVIDIA H100 NVL", "NVIDIA H100 PCIe"]],
    ["rtx/a6000 ", ["NVIDIA RTX A6000"]],
    ["4090 GeForce", ["NVIDIA GeForce RTX 4090"]],
    [
      "RTX",
      ["NVIDIA RTX PRO 6000 Blackwell Server Edition", expect.any(String), expect.any(String)],
    ],
    ["H100 AMD", []],
    ["H10", []],
    [" - ", []],
  ])("whose ids have all words of %p are at most three", (name, ids) => {
    expect(similarGpuIds(name)).toEqual(ids);
  });

  test.each([
    ["NVIDIA H200", undefined, 3.59],
    ["NVIDIA H200", "SECURE", 4.59],
    ["NVIDIA H200", "COMMUNITY", 3.59],
    ["NVIDIA B200", undefined, 6.79],
    ["NVIDIA B200", "COMMUNITY", null],
    ["NVIDIA A30", undefined, 0.22],
    ["NVIDIA A30", "SECURE", null],
    ["NVIDIA RTX PRO 4500 Blackwell Server Edition", undefined, null],
  ] as const)("%s in the cloud %s costs %p an hour", (id, cloud, price) => {
    expect(gpuPrice(gpuType(id) as GpuType, cloud)).toBe(price);
  });

  test("have ids that compare with single spaces", () => {
    expect(oneSpaced("  NVIDIA \t RTX  A4500 ")).toBe("NVIDIA RTX A4500");
  });
});
