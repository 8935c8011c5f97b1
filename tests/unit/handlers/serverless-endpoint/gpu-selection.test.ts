import type { GpuType } from "../../../../provider/src/api";
import {
  isSameSelection,
  selectionOf,
  typesIn,
} from "../../../../provider/src/handlers/serverless-endpoint/gpu-selection";

const catalog = [
  type("NVIDIA L4", "AMPERE_24"),
  type("NVIDIA  RTX A5000", "AMPERE_24"),
  type("NVIDIA L40S", "ADA_48_PRO"),
  type("NVIDIA L40", "ADA_48_PRO"),
  type("NVIDIA A30", null),
];

test("types are their pools, without the pools' other types", () => {
  expect(selectionOf(catalog, ["NVIDIA L40S", "NVIDIA L4"], "Endpoint 'e'")).toEqual({
    pools: ["ADA_48_PRO", "AMPERE_24"],
    excludedTypes: ["NVIDIA  RTX A5000", "NVIDIA L40"],
  });
});

test("both directions agree, also for ids with double spaces", () => {
  const wanted = ["NVIDIA RTX A5000", "NVIDIA L40", "NVIDIA L40S"];
  const selection = selectionOf(catalog, wanted, "Endpoint 'e'");
  expect(selection).toEqual({ pools: ["ADA_48_PRO", "AMPERE_24"], excludedTypes: ["NVIDIA L4"] });
  expect(typesIn(catalog, selection)).toEqual(["NVIDIA  RTX A5000", "NVIDIA L40S", "NVIDIA L40"]);
});

test.each([
  ["NVIDIA A30", "is available to pods only, not to serverless endpoints"],
  ["NVIDIA X", "is not in RunPod's GPU catalog"],
])("%s cannot be selected", (id, rule) => {
  expect(() => selectionOf(catalog, [id], "Endpoint 'e'")).toThrow(
    `Endpoint 'e': gpuTypeIds "${id}" ${rule}. Nothing was changed. Choose another GPU type.`,
  );
});

test("the order of a selection does not matter", () => {
  const one = { pools: ["A", "B"], excludedTypes: ["x", "y"] };
  expect(isSameSelection(one, { pools: ["B", "A"], excludedTypes: ["y", "x"] })).toBe(true);
  expect(isSameSelection(one, { pools: ["A", "B"], excludedTypes: ["x"] })).toBe(false);
});

function type(id: string, pool: string | null): GpuType {
  return { id, name: id, pool } as GpuType;
}
