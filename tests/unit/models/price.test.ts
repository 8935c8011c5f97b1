import { hourlyPrice, stoppedDiskPricePerHour, volumePricePerHour } from "../../../models/src";

describe("The price of a pod", () => {
  test("includes its GPUs and disks, with the day the price was read", () => {
    expect(
      hourlyPrice({
        gpuTypeIds: ["NVIDIA H200"],
        gpuCount: 2,
        containerDiskInGb: 365,
        volumeInGb: 730,
      }),
    ).toEqual({ perHour: 4.59 * 2 + 0.05 + 0.1, worstGpu: "NVIDIA H200", date: "2026-10-07" });
  });

  test("uses the most expensive GPU type whose price is known", () => {
    expect(
      hourlyPrice({ gpuTypeIds: ["NVIDIA L4", "NVIDIA B200", "NVIDIA R900", "NVIDIA L40S"] }),
    ).toMatchObject({ worstGpu: "NVIDIA B200", perHour: 6.79 });
  });

  test("depends on the cloud", () => {
    const gpuTypeIds = ["NVIDIA H200"];
    expect(hourlyPrice({ gpuTypeIds, cloudType: "COMMUNITY" })?.perHour).toBe(3.59);
    expect(hourlyPrice({ gpuTypeIds: ["NVIDIA B200"], cloudType: "COMMUNITY" })).toBeNull();
  });

  test("uses newer prices if they include the type", () => {
    const prices = {
      date: "2026-11-24",
      gpus: {
        "NVIDIA  H200": { secure: 5.5, community: null },
        "NVIDIA R900": { secure: 9, community: 8 },
      },
    };
    const perHour = (gpu: string, cloudType = "SECURE") =>
      hourlyPrice({ gpuTypeIds: [gpu], cloudType }, prices);
    expect(perHour("NVIDIA H200")).toEqual({
      perHour: 5.5,
      worstGpu: "NVIDIA  H200",
      date: "2026-11-24",
    });
    expect(perHour("NVIDIA R900", "COMMUNITY")?.perHour).toBe(8);
    expect(perHour("NVIDIA H200", "COMMUNITY")).toBeNull();
    const odd = { date: "2026-11-24", gpus: { "NVIDIA H200": null } } as unknown as typeof prices;
    for (const cloudType of ["SECURE", "COMMUNITY"]) {
      expect(hourlyPrice({ gpuTypeIds: ["NVIDIA H200"], cloudType }, odd)).toBeNull();
    }
    expect(perHour("NVIDIA B200")).toMatchObject({ perHour: 6.79, date: "2026-10-07" });
  });

  test("is that of the first of equally expensive types", () => {
    const gpuTypeIds = ["NVIDIA A100 80GB PCIe", "NVIDIA A100-SXM4-80GB"];
    expect(hourlyPrice({ gpuTypeIds })?.worstGpu).toBe("NVIDIA A100 80GB PCIe");
  });

  test("may be zero in newer prices", () => {
    const prices = { date: "2026-11-24", gpus: { "NVIDIA R900": { secure: 0, community: null } } };
    expect(hourlyPrice({ gpuTypeIds: ["NVIDIA R900"] }, prices)?.perHour).toBe(0);
  });

  test("is unknown without a known GPU", () => {
    expect(hourlyPrice({})).toBeNull();
    expect(hourlyPrice({ gpuTypeIds: ["NVIDIA R900"] })).toBeNull();
  });
});

test("a network volume is cheaper beyond its first terabyte", () => {
  expect(volumePricePerHour(100) * 730).toBeCloseTo(7);
  expect(volumePricePerHour(2000) * 730).toBeCloseTo(120);
  expect(volumePricePerHour(0)).toBe(0);
});

test("the disk of a stopped pod costs twice as much as in use", () => {
  expect(stoppedDiskPricePerHour(73)).toBeCloseTo((73 * 0.2) / 730);
  expect(stoppedDiskPricePerHour(0)).toBe(0);
});
