import {
  serverlessPool,
  serverlessPools,
  serverlessPricePerHour,
  workerPrice,
} from "../../../models/src";

test("a GPU type is in one pool, however its id is spaced", () => {
  const types = serverlessPools().flatMap(({ gpuTypeIds }) => gpuTypeIds);
  expect(new Set(types).size).toBe(types.length);
  expect(serverlessPool("NVIDIA  RTX A4500")?.id).toBe("AMPERE_16");
  expect(serverlessPool("NVIDIA R900")).toBeUndefined();
});

test("the price of several pools is that of the most expensive one with a price", () => {
  expect(serverlessPricePerHour(["ADA_24", "HOPPER_141", "ADA_32_PRO"])).toBeCloseTo(5.58);
  expect(serverlessPricePerHour(["ADA_32_PRO", "RUBIN_288"])).toBeNull();
});

describe("The price of a worker", () => {
  test("is its pool's list price for each GPU, and its disk", () => {
    const price = workerPrice({
      gpuTypeIds: ["NVIDIA L40S"],
      gpuCount: 2,
      containerDiskInGb: 73,
    });
    expect(price).toMatchObject({ worstGpu: "NVIDIA L40S", date: "2026-11-09" });
    expect(price?.perHour).toBeCloseTo(3.826);
  });

  test("uses the most expensive GPU type whose price is known", () => {
    const gpuTypeIds = ["NVIDIA L4", "NVIDIA H200", "NVIDIA GeForce RTX 5090", "NVIDIA R900"];
    expect(workerPrice({ gpuTypeIds })).toMatchObject({ worstGpu: "NVIDIA H200", perHour: 5.58 });
  });

  test("is that of the first of equally expensive types, and never of a later cheaper one", () => {
    const gpuTypeIds = ["NVIDIA L40S", "NVIDIA RTX 6000 Ada Generation", "NVIDIA L4"];
    expect(workerPrice({ gpuTypeIds })?.worstGpu).toBe("NVIDIA L40S");
  });

  test("uses newer prices of workers, and the bundled one if there are only those of pods", () => {
    const rows = { "NVIDIA L4": { secure: 1, community: null, serverless: 3 } };
    const prices = (gpus: object) => ({ date: "2026-11-24", gpus: gpus as typeof rows });
    const gpuTypeIds = ["NVIDIA  L4"];
    expect(workerPrice({ gpuTypeIds }, prices(rows))).toMatchObject({
      perHour: 3,
      date: "2026-11-24",
    });
    const ofPods = prices({ "NVIDIA L4": { secure: 1, community: null } });
    expect(workerPrice({ gpuTypeIds }, ofPods)).toMatchObject({ date: "2026-11-09" });
    expect(workerPrice({ gpuTypeIds }, prices({ "NVIDIA L4": null }))?.date).toBe("2026-11-09");
  });

  test("is unknown without a known GPU", () => {
    expect(workerPrice({})).toBeNull();
    expect(workerPrice({ gpuTypeIds: ["NVIDIA GeForce RTX 5090"] })).toBeNull();
  });
});
