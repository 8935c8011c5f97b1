import {
  type Api,
  descriptionOf,
  faultsOf,
  graphqlDescription,
} from "../../../../policies/src/input/descriptions";

type Body = Readonly<Record<string, unknown>>;

/** The description of a body, as its API, kind and whether it is an answer. */
function described(body: Body, api?: Api): string {
  const { api: found, what, isAnswer } = descriptionOf(body, api);
  return `${found} ${what}${isAnswer ? " answer" : ""}`;
}

test.each<[body: Body, description: string]>([
  [{}, "v1 template"],
  [{ name: "a" }, "v1 template"],
  [{ imageName: "a" }, "v1 template"],
  [{ imageName: "a", cloudType: "SECURE" }, "v1 pod"],
  [{ imageName: "a", gpuTypeIds: ["NVIDIA L4"], gpuCount: 1 }, "v1 pod"],
  [{ imageName: "a", isServerless: true }, "v1 template"],
  [{ name: "a", size: 10, dataCenterId: "b" }, "v1 volume"],
  [{ templateId: "a", workersMin: 1 }, "v1 endpoint"],
  [{ image: "a", disk: 5 }, "v2 template"],
  [{ image: "a", disk: 5, cloud: "SECURE" }, "v2 pod"],
  [{ name: "a", size: 10, dataCenter: "b" }, "v2 volume"],
  [{ name: "a", type: "QUEUE", scaling: {}, workers: {} }, "v2 endpoint"],
  [{ imageName: "a", gpuTypeId: "b", dockerArgs: "c" }, "graphql pod"],
  [{ imageName: "a", dockerArgs: "c", advancedStart: true }, "graphql template"],
  [{ gpuIds: "ADA_24", templateId: "a", locations: "b" }, "graphql endpoint"],
  [{ id: "a", image: "b", desiredStatus: "RUNNING", machineId: "c" }, "v1 pod answer"],
  [{ id: "a", imageName: "b", earned: 0, isRunpod: false }, "v1 template answer"],
  [{ id: "a", size: 5, dataCenterId: "b" }, "v1 volume answer"],
  [{ id: "a", userId: "b", version: 1, workersMax: 3 }, "v1 endpoint answer"],
  [{ id: "a", image: "b", status: "RUNNING", cost: {} }, "v2 pod answer"],
  [{ id: "a", image: "b", requestUrls: {}, scaling: {} }, "v2 endpoint answer"],
  [{ desiredStatus: "RUNNING", machineId: "c", imageName: "b" }, "v1 pod"],
])("%j is recognized as %s", (body, description) => {
  expect(described(body)).toBe(description);
});

test("names for anchors or an editor do not count, and a wrong value counts less than a wrong name", () => {
  const aside = { "x-a": 1, "x-b": 1, "x-c": 1, $schema: "d" };
  expect(described({ ...aside, imageName: "a", cloudType: "SECURE" })).toBe("v1 pod");
  expect(described({ imageName: "a", cloudType: "moon" })).toBe("v1 pod");
  expect(described({ image_name: "a", gpu_type_ids: ["b"], gpu_count: 1 })).toBe("v1 pod");
  expect(described({ toString: 1, imageName: "a" })).toBe("v1 template");
});

test.each<[body: Body, description: string]>([
  [
    { imageName: "a", ports: "22/tcp", env: [{ key: "a", value: "b" }], cloudType: "ALL" },
    "graphql pod",
  ],
  [{ name: "a", allowedCudaVersions: ["12.8"] }, "v1 template"],
  [{ cmd: 1 }, "v1 template"],
  [{ image: "a", disk: 5, cmd: ["b"], interruptible: true }, "v1 pod"],
])("of several descriptions, the nearest is used: %j is a %s", (body, description) => {
  expect(described(body)).toBe(description);
});

test("only descriptions of the given API are used", () => {
  expect(described({ imageName: "a" }, "graphql")).toBe("graphql template");
  expect(described({ imageName: "a", gpuCount: 1 }, "graphql")).toBe("graphql pod");
  expect(described({ imageName: "a" }, "v2")).toBe("v2 template");
});

test.each([
  ["pod", "a pod"],
  ["template", "a template"],
  ["volume", "a network volume"],
  ["endpoint", "a serverless endpoint"],
] as const)("a description of a %s names it", (what, noun) => {
  const { within, ...rest } = graphqlDescription(what);
  expect(within).toBe(`${noun} in RunPod's GraphQL API`);
  expect(rest).toMatchObject({ api: "graphql", what, isAnswer: false });
});

test("a description names its API", () => {
  expect(descriptionOf({ imageName: "a" }, "v1").within).toBe("a template in RunPod's REST API v1");
  expect(descriptionOf({ image: "a" }, "v2").within).toBe("a template in RunPod's REST API v2");
});

describe("the faults of a body", () => {
  const faults = (body: Body, api?: Api) =>
    faultsOf(body, descriptionOf(body, api)).map(({ kind, path }) => `${kind} ${path}`);
  const POD = { imageName: "a", gpuTypeIds: ["b"], cloudType: "SECURE" };

  test("are none in an answer, whatever it is", () => {
    expect(faults({ id: "a", desiredStatus: 5, machineId: 5, image: 5, color: 5 })).toEqual([]);
  });

  test("do not include nulls, except in v2, nor names for others", () => {
    const aside = { "x-a": 5, $schema: 5, volumeInGb: null, ports: undefined };
    expect(faults({ ...POD, ...aside })).toEqual([]);
    expect(faults({ name: "a", image: "b", cloud: "SECURE", disk: null }, "v2")).toEqual([
      "value disk",
    ]);
    expect(faults({ ...POD, ax: 5, schema: 5 })).toEqual(["unknown ax", "unknown schema"]);
  });

  test("do not include the inputs of the provider's resources, with their forms", () => {
    const endpoint = { templateId: "a", workersMax: 3 };
    expect(faults({ ...endpoint, flashboot: "OFF", scalerValue: 0.5, policyWaivers: [] })).toEqual(
      [],
    );
    expect(faults({ ...endpoint, flashboot: true, scalerValue: 4 })).toEqual([]);
    expect(faults({ ...endpoint, flashboot: 5, scalerValue: 0.4 })).toEqual([
      "value flashboot",
      "value scalerValue",
    ]);
    expect(faults({ ...endpoint, scalerValue: "a" })).toEqual(["value scalerValue"]);
    expect(faults({ ...endpoint, env: ["A=b"], containerDiskInGb: "a" })).toEqual([
      "value env",
      "value containerDiskInGb",
    ]);
    expect(faults({ ...POD, policyWaivers: [], terminateAfter: "8h" })).toEqual([]);
    expect(faults({ name: "a", size: 5, dataCenterId: "b", policyWaivers: [] })).toEqual([]);
  });
});
