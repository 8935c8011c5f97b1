import { gpuTypes } from "../../../../models/src";
import type { GpuType } from "../../../../provider/src/api";
import { comparePrices, priceTable } from "../../../../provider/src/cli/prices/compare";

const NOW = Date.UTC(2026, 10, 24, 23, 59);
const H200 = { secure: 4.59, community: 3.59 };

/** A GPU type as the catalog has it. */
function listed(id: string, prices: { secure: number; community: number }): GpuType {
  return {
    id,
    name: id,
    pool: null,
    manufacturer: "NVIDIA",
    memory: 141,
    secure: true,
    community: true,
    price: prices,
    maxCount: { secure: 8, community: 8 },
  };
}

const catalog = (...changed: GpuType[]): GpuType[] => {
  const ids = changed.map(({ id }) => id);
  const others = gpuTypes().filter(({ id }) => !ids.includes(id));
  return [
    ...changed,
    ...others.map(({ id, securePrice, communityPrice }) =>
      listed(id, { secure: securePrice ?? 0, community: communityPrice ?? 0 }),
    ),
  ];
};

const changes = (gpus: readonly GpuType[]) =>
  comparePrices(gpus)
    .filter(({ change }) => change !== null)
    .map(({ id, secure, community, shipped, change }) => ({
      [id]: [change, secure, community, shipped?.secure, shipped?.community],
    }));

test("the policies get the prices of serverless workers, where RunPod has them", () => {
  const listing = listed("NVIDIA H200", H200);
  const worker = { ...listing, price: { ...H200, serverless: 5.58 } };
  expect(priceTable([worker], NOW).gpus).toEqual({ "NVIDIA H200": { ...H200, serverless: 5.58 } });
  expect(priceTable([listing], NOW).gpus).toEqual({ "NVIDIA H200": H200 });
});

describe("the catalog's prices compared with the bundled ones", () => {
  test("are the same if nothing has changed", () => {
    expect(changes(catalog())).toEqual([]);
    expect(comparePrices(catalog())).toHaveLength(gpuTypes().length);
  });

  test("are compared for each cloud", () => {
    const dearer = listed("NVIDIA H200", { ...H200, secure: 4.99 });
    expect(changes(catalog(dearer))).toEqual([
      { "NVIDIA H200": ["price", 4.99, 3.59, 4.59, 3.59] },
    ]);
  });

  test("are unknown where RunPod leaves them out", () => {
    const { price: _, maxCount: __, ...rest } = listed("NVIDIA H200", H200);
    expect(changes(catalog(rest as GpuType))).toEqual([
      { "NVIDIA H200": ["price", null, null, 4.59, 3.59] },
    ]);
  });

  test("are ignored if a cloud does not offer the type", () => {
    const withdrawn = { ...listed("NVIDIA H200", H200), community: false };
    expect(changes(catalog(withdrawn))).toEqual([
      { "NVIDIA H200": ["price", 4.59, null, 4.59, 3.59] },
    ]);
    const none = { ...listed("NVIDIA H200", H200), maxCount: { secure: 0, community: 8 } };
    expect(changes(catalog(none))).toEqual([{ "NVIDIA H200": ["price", null, 3.59, 4.59, 3.59] }]);
  });

  test("include new and removed types", () => {
    const fresh = listed("NVIDIA R900", { secure: 9.5, community: 0 });
    const without = catalog(fresh).filter(({ id }) => id !== "NVIDIA H200");
    expect(changes(without)).toEqual([
      { "NVIDIA H200": ["gone", null, null, 4.59, 3.59] },
      { "NVIDIA R900": ["new", 9.5, null, undefined, undefined] },
    ]);
  });

  test("are found even if the catalog doubles a space in an id", () => {
    expect(changes(catalog(listed("NVIDIA H200", H200)))).toEqual([]);
    const spaced = catalog().map((gpu) => ({ ...gpu, id: gpu.id.replace(" ", "  ") }));
    expect(changes(spaced)).toEqual([]);
  });
});

test("a price table is dated, and in an order that makes its changes easy to read", () => {
  const gpus = [listed("NVIDIA R900", { secure: 9.5, community: 0 }), listed("NVIDIA H200", H200)];
  const table = priceTable(gpus, NOW);
  expect(table).toEqual({
    date: "2026-11-24",
    gpus: { "NVIDIA H200": H200, "NVIDIA R900": { secure: 9.5, community: null } },
  });
  expect(Object.keys(table.gpus)).toEqual(["NVIDIA H200", "NVIDIA R900"]);
});
