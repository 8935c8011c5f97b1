import {
  foreignResources,
  itemOf,
  pulumiResources,
} from "../../../../policies/src/input/pulumi-json";

const TYPE = "pulumi-nodejs:dynamic/runpod:Volume";
const [a, b] = [
  { urn: "a", type: TYPE },
  { urn: "b", type: TYPE },
];

test.each<[document: object, resources: object[] | undefined]>([
  [{ deployment: { resources: [a, b] } }, [a, b]],
  [{ checkpoint: { latest: { resources: [a] } } }, [a]],
  [{ checkpoint: { latest: 5 }, deployment: { resources: [a] } }, undefined],
  [{ checkpoint: 5, deployment: { resources: [a] } }, [a]],
  [{ deployment: {} }, []],
  [{ deployment: { resources: [5, null, a] } }, [a]],
  [
    {
      deployment: {
        resources: [
          { ...a, delete: true },
          { ...b, delete: "yes" },
        ],
      },
    },
    [{ ...b, delete: "yes" }],
  ],
  [{ deployment: [] }, undefined],
  [{ steps: [] }, []],
  [{ steps: {} }, undefined],
  [{ resources: [a] }, undefined],
  [
    {
      steps: [
        { op: "same", newState: a },
        { op: "create", newState: b },
        { op: "delete", newState: { urn: "c" } },
        { op: "delete-replaced", newState: { urn: "c" } },
        { op: "undelete", newState: 5 },
        { newState: { ...a, type: "x" } },
      ],
    },
    [{ ...a, type: "x" }, b],
  ],
])("the resources in %j", (document, resources) => {
  expect(pulumiResources({ ...document })).toEqual(resources);
});

describe("a resource", () => {
  const volume = { urn: "a", type: TYPE, inputs: { size: 10, dataCenterId: "EU-RO-1" } };

  test("is checked with what it depends on", () => {
    const propertyDependencies = { size: ["b"], other: "c" };
    expect(itemOf({ ...volume, propertyDependencies })).toEqual([
      {
        id: "a",
        spec: expect.objectContaining({ kind: "Volume", size: 10 }),
        dependencies: { size: ["b"] },
      },
    ]);
    expect(itemOf({ ...volume, propertyDependencies: ["b"] })[0]?.dependencies).toEqual({});
    expect(itemOf(volume)[0]?.dependencies).toEqual({});
  });

  test.each([
    [true, true],
    [false, false],
    ["true", false],
    [undefined, false],
  ])("is protected with %j: %s", (protect, isProtected) => {
    expect(itemOf({ ...volume, protect })).toMatchObject([{ spec: { isProtected } }]);
  });

  test.each([
    { urn: 5 },
    { type: 5 },
    { type: "aws:s3/bucket:Bucket" },
    { inputs: [] },
    { inputs: undefined },
  ])("is not checked with %j", (change) => {
    expect(itemOf({ ...volume, ...change })).toEqual([]);
  });
});

test("resources of another provider for RunPod are listed", () => {
  const type = "runpod:index/pod:Pod";
  const resources = [
    { urn: "a", type },
    { urn: 5, type },
    { urn: "b", type: 5 },
    { urn: "c", type: TYPE },
    { urn: "d", type: `x${type}` },
  ];
  expect(foreignResources(resources)).toEqual([{ urn: "a", type }]);
});
