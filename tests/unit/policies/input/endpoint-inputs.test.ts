import { serverlessPools } from "@runpod-stack/models";
import { UNKNOWN } from "@runpod-stack/provider/schema";
import { endpointInputs } from "../../../../policies/src/input/endpoint-inputs";

type Body = Readonly<Record<string, unknown>>;

const ofInputs = (inputs: Body) => endpointInputs(inputs, {}).inputs;
const ofGpu = (gpu: unknown) => endpointInputs({}, { gpu });
const typesOf = (body: Body) => endpointInputs({}, body).inputs["gpuTypeIds"];

test.each([
  ["QB", "QUEUE"],
  ["LB", "LOAD_BALANCER"],
  ["QUEUE", "QUEUE"],
  [5, 5],
  [undefined, undefined],
])("the type %j is %j", (type, meant) => {
  expect(ofInputs({ type })["type"]).toBe(meant);
});

test.each([
  [true, "FLASHBOOT"],
  [false, "OFF"],
  ["PRIORITY_FLASHBOOT", "PRIORITY_FLASHBOOT"],
  [undefined, undefined],
])("flashboot %j is %j", (flashboot, meant) => {
  expect(ofInputs({ flashboot })["flashboot"]).toBe(meant);
});

test.each<[inputs: Body, ids: unknown]>([
  [{ networkVolumeId: "a" }, ["a"]],
  [{ networkVolumeId: "a", networkVolumeIds: ["b"] }, ["b"]],
  [{ networkVolumeId: null }, undefined],
  [{}, undefined],
])("the volumes of %j are %j", (inputs, ids) => {
  expect(ofInputs(inputs)["networkVolumeIds"]).toEqual(ids);
});

test.each<[given: unknown, id: unknown]>([
  [["g", "h"], "g"],
  ["g", "g"],
  [[], undefined],
])("of the global volumes %j, %j counts", (globalVolumeId, id) => {
  expect(ofInputs({ globalVolumeId })["globalVolumeId"]).toBe(id);
});

test("inputs without pools stay as they are", () => {
  expect(
    endpointInputs({ gpuTypeIds: ["NVIDIA L4"], other: 5 }, { gpu: { pools: "ADA_24" } }),
  ).toEqual({
    inputs: { gpuTypeIds: ["NVIDIA L4"], other: 5 },
    faults: [],
  });
});

test.each<[body: Body, types: unknown[]]>([
  [{ gpu: { pools: ["ADA_24"] } }, ["NVIDIA GeForce RTX 4090"]],
  [{ gpu: { pools: [] } }, []],
  [{ gpu: { pools: ["NVIDIA L4"] } }, ["NVIDIA L4"]],
  [{ gpu: { pools: ["NEW_24", 5] } }, [UNKNOWN, UNKNOWN]],
  [{ gpu: { pools: ["ADA_24", "NEW"], excludedTypes: ["NVIDIA  GeForce RTX 4090"] } }, [UNKNOWN]],
  [{ gpu: { pools: ["NEW", UNKNOWN], excludedTypes: [UNKNOWN] } }, [UNKNOWN, UNKNOWN]],
  [{ gpu: { pools: ["ADA_24"], excludedTypes: "all" } }, ["NVIDIA GeForce RTX 4090"]],
  [{ gpuIds: "ADA_24" }, ["NVIDIA GeForce RTX 4090"]],
  [
    { gpuIds: " ADA_24 , ,AMPERE_48, -NVIDIA A40" },
    ["NVIDIA GeForce RTX 4090", "NVIDIA RTX A6000"],
  ],
  [{ gpuIds: "" }, []],
])("%j has the GPU types %j", (body, types) => {
  expect(typesOf(body)).toEqual(types);
});

test("GPU ids that are no text are no pools", () => {
  expect(typesOf({ gpuIds: ["ADA_24"] })).toBeUndefined();
});

test.each([
  ["ADA_24", []],
  [5, []],
  [
    "NVIDIA L4",
    ['certain gpuTypeIds: gpu.pools "NVIDIA L4" must be the id of a pool. Write "AMPERE_24".'],
  ],
  ["ada24", ['certain gpuTypeIds: gpu.pools "ada24" must be the id of a pool. Write "ADA_24".']],
  [
    "RUBIN_288",
    [
      `doubtful gpuTypeIds: gpu.pools "RUBIN_288" is not a pool that this release knows, so its GPU types are not checked. Check the id: the known pools are ${serverlessPools()
        .map(({ id }) => id)
        .join(", ")}.`,
    ],
  ],
])("the pool %j has these faults: %j", (pool, faults) => {
  const found = ofGpu({ pools: [pool] }).faults.map(
    ({ certainty, field, message, remedy }) => `${certainty} ${field}: ${message} ${remedy}`,
  );
  expect(found).toEqual(faults);
});

test("a long pool is shown in part, and every pool is checked", () => {
  const [fault, ...others] = ofGpu({ pools: ["x".repeat(300), "ADA_24", "L5"] }).faults;
  expect(fault?.message).toContain(`"${"x".repeat(200)}" is not`);
  expect(others).toHaveLength(1);
});
