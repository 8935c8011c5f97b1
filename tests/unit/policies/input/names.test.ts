import { at, OTHER_PATHS, otherNames } from "../../../../policies/src/input/names";

test.each<[value: unknown, path: string[], found: unknown]>([
  [{ a: { b: 1 } }, ["a", "b"], 1],
  [{ a: 1 }, [], { a: 1 }],
  [{ a: [5, 6] }, ["a", "1"], 6],
  [{ a: null }, ["a"], null],
  [{ a: null }, ["a", "b"], undefined],
  [{ a: "text" }, ["a", "length"], undefined],
  [{ a: 1 }, ["toString"], undefined],
  [undefined, ["a"], undefined],
])("in %j, %j leads to %j", (value, path, found) => {
  expect(at(value, path)).toEqual(found);
});

test.each<[field: string, body: object, names: string[]]>([
  ["containerDiskInGb", {}, ["disk"]],
  ["volumeInGb", {}, ["mounts.persistent.size"]],
  ["disk", { disk: 5 }, ["containerDiskInGb"]],
  ["disk", {}, []],
  ["mounts", { mounts: { persistent: { size: 5 } } }, ["volumeInGb"]],
  ["networkVolume", { networkVolume: { id: "a" } }, ["networkVolumeId"]],
  ["networkVolume", { networkVolume: {} }, []],
  ["color", { color: "red" }, []],
])("the API's other names of %s in %j are %j", (field, body, names) => {
  expect(otherNames(field, { ...body })).toEqual(names);
});

test.each(Object.entries(OTHER_PATHS))("%s has a name in another API", (name, paths) => {
  const others = paths.map((path) => path.join("."));
  expect(otherNames(name, {})).toEqual(expect.arrayContaining(others));
});

test("what RunPod's other APIs call an input", () => {
  expect(OTHER_PATHS).toEqual({
    gpuTypeIds: [["gpuTypeIdList"], ["gpuTypeId"], ["gpuIds"]],
    dockerStartCmd: [["dockerArgs"]],
    networkVolumeId: [
      ["networkVolume", "id"],
      ["networkVolumeIds", "0"],
      ["networkVolumes", "0"],
    ],
    allowedCudaVersions: [["cudaVersion"]],
    executionTimeout: [["executionTimeoutMs"]],
    flashboot: [["flashBootType"]],
  });
});
