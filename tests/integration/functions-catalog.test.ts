import { getCpuFlavors, getDataCenters, getGpuTypes } from "@runpod-stack/provider";
import { emulatedAccount } from "../support/emulated-account";

const account = emulatedAccount();

describe("getGpuTypes", () => {
  test("sorts by price, and keeps what satisfies every argument", async () => {
    const { ids, gpuTypes } = await getGpuTypes({ minMemoryInGb: 48, maxCostPerHr: 1 });
    expect(gpuTypes.length).toBeGreaterThan(2);
    expect(ids).toEqual(gpuTypes.map(({ id }) => id));
    const prices = gpuTypes.map(({ costPerHr }) => costPerHr);
    expect(prices).toEqual(prices.toSorted((a, b) => Number(a) - Number(b)));
    for (const { memoryInGb, costPerHr } of gpuTypes) {
      expect(memoryInGb).toBeGreaterThanOrEqual(48);
      expect(costPerHr).toBeLessThanOrEqual(1);
    }
  });

  test("counts the price and the limit of GPUs for the whole pod", async () => {
    const [one] = (await getGpuTypes({ gpuTypeIds: ["NVIDIA L4"] })).gpuTypes;
    const [two] = (await getGpuTypes({ gpuTypeIds: ["NVIDIA L4"], gpuCount: 2 })).gpuTypes;
    expect(two?.costPerHr).toBeCloseTo(Number(one?.costPerHr) * 2);
    expect((await getGpuTypes({ gpuCount: 999 })).ids).toEqual([]);
  });

  test("knows the stock of each data center", async () => {
    const sellOut = { gpuTypeId: "NVIDIA L4", dataCenterId: "EU-RO-1", available: 0 };
    expect(
      (await account.emulator.call("POST", "/_emulator/capacity", sellOut)).status,
    ).toBeLessThan(300);
    const inRomania = await getGpuTypes({ dataCenterIds: ["eu-ro-1"] });
    expect(inRomania.ids).not.toContain("NVIDIA L4");
    expect(inRomania.ids.length).toBeGreaterThan(0);
    const anywhere = await getGpuTypes({ gpuTypeIds: ["NVIDIA L4"], inStock: true });
    expect(anywhere.gpuTypes[0]?.dataCenterIds).not.toContain("EU-RO-1");
    await account.emulator.call("POST", "/_emulator/capacity", {
      gpuTypeId: "NVIDIA L4",
      available: 0,
    });
    expect((await getGpuTypes({ gpuTypeIds: ["NVIDIA L4"], inStock: true })).ids).toEqual([]);
    // What is sold out today is still a GPU type to list in a program.
    expect((await getGpuTypes({ gpuTypeIds: ["NVIDIA L4"] })).gpuTypes).toMatchObject([
      { id: "NVIDIA L4", stock: "NONE" },
    ]);
  });

  test("does not offer a type in a cloud that lacks it", async () => {
    const secure = await getGpuTypes({ cloudType: "SECURE" });
    const community = await getGpuTypes({ cloudType: "COMMUNITY" });
    expect(secure.ids.sort()).not.toEqual(community.ids.sort());
    for (const { costPerHr } of community.gpuTypes) {
      expect(costPerHr).toBeGreaterThan(0);
    }
  });
});

test("getCpuFlavors gives memory and price for the asked size", async () => {
  const { cpuFlavors } = await getCpuFlavors({ vcpuCount: 8, minMemoryInGb: 32 });
  expect(cpuFlavors.length).toBeGreaterThan(0);
  for (const { memoryInGb, costPerHr } of cpuFlavors) {
    expect(memoryInGb).toBeGreaterThanOrEqual(32);
    expect(costPerHr).toBeGreaterThan(0);
  }
  expect((await getCpuFlavors({ vcpuCount: 1024 })).ids).toEqual([]);
});

test("getDataCenters filters by region, storage and stock", async () => {
  const { ids, dataCenters } = await getDataCenters({
    regions: ["EUROPE"],
    volumeType: "STANDARD",
    gpuTypeIds: ["NVIDIA L4"],
  });
  expect(ids).toContain("EU-RO-1");
  for (const { region, volumeTypes, gpuTypeIds } of dataCenters) {
    expect([region, volumeTypes, gpuTypeIds]).toEqual([
      "EUROPE",
      expect.arrayContaining(["STANDARD"]),
      expect.arrayContaining(["NVIDIA L4"]),
    ]);
  }
  const all = await getDataCenters();
  expect(all.ids.length).toBeGreaterThan(ids.length);
  expect((await getDataCenters({ compliance: ["NOBODY_HAS_IT"] })).ids).toEqual([]);
});
