import { bodyItem, placesOf } from "../../../../policies/src/input/body";
import { graphqlDescription } from "../../../../policies/src/input/descriptions";
import { UNKNOWN } from "../../../../policies/src/known";
import type { ContainerSpec } from "../../../../policies/src/spec";

type Body = Readonly<Record<string, unknown>>;

const faultsOf = (body: Body, given?: Parameters<typeof bodyItem>[2]) =>
  bodyItem("f", body, given)?.spec.faults.map(
    ({ certainty, field, message, remedy }) => `${certainty} ${field}: ${message} ${remedy}`,
  );
const POD = { imageName: "a", gpuTypeIds: ["NVIDIA L4"], gpuCount: 1 };
const V2 = { name: "a", image: "a", gpu: { id: "NVIDIA L4", count: 1 } };

test.each([
  ...["imageName", "templateId", "gpuTypeIds", "gpuCount", "computeType", "cpuFlavorIds", "cpu"],
  ...["cloudType", "networkVolumeId", "minCudaVersion", "interruptible", "mounts"],
  ...["containerDiskInGb", "volumeInGb", "dockerStartCmd", "dockerEntrypoint"],
])("a body with %s is one of RunPod's", (name) => {
  expect(bodyItem("f", { [name]: "a" })).toBeDefined();
  expect(bodyItem("f", { [name]: null })).toBeUndefined();
});

test("other bodies are not, unless their description is known", () => {
  expect(bodyItem("f", {})).toBeUndefined();
  expect(bodyItem("f", { name: "a", env: {} })).toBeUndefined();
  expect(bodyItem("f", { size: 5 })).toBeUndefined();
  expect(bodyItem("f", { dataCenterId: "a" })).toBeUndefined();
  expect(bodyItem("f", { size: 5, dataCenterId: "a" })).toBeDefined();
  expect(bodyItem("f", {}, graphqlDescription("pod"))?.id).toBe("f: Pod");
});

test.each<[body: Body, id: string]>([
  [{ ...POD, name: "llm" }, "f: Pod llm"],
  [{ ...POD, name: 5 }, "f: Pod"],
  [{ imageName: "a" }, "f: Template"],
  [{ imageName: "a", isServerless: true }, "f: Serverless Template"],
  [{ imageName: "a", isServerless: "yes" }, "f: Template"],
  [{ size: 5, dataCenterId: "a" }, "f: Volume"],
  [{ templateId: "a", workersMin: 0, name: "e" }, "f: Endpoint e"],
])("%j is called %s", (body, id) => {
  const item = bodyItem("f", body);
  expect([item?.id, item?.dependencies]).toEqual([id, {}]);
});

test.each<[body: Body, spec: Partial<ContainerSpec>]>([
  [POD, { isAlone: true, takesOneGpuType: false }],
  [V2, { isAlone: true, takesOneGpuType: true }],
  [{ imageName: "a", isServerless: true }, { isAlone: false }],
  [
    { templateId: "a", workersMin: 0 },
    { isAlone: false, imageName: UNKNOWN },
  ],
  [{ ...V2, type: "QUEUE", scaling: {}, workers: {} }, { takesOneGpuType: false }],
  [{ ...POD, templateId: "a", imageName: undefined }, { imageName: UNKNOWN }],
  [
    { id: "a", imageName: "b", templateId: "c", machineId: "d", adjustedCostPerHr: 1 },
    { containerDiskInGb: undefined },
  ],
])("%j has a spec with %j", (body, spec) => {
  expect(bodyItem("f", body)?.spec).toMatchObject(spec);
});

describe("the faults of a body", () => {
  test("are none if it is right", () => {
    expect([faultsOf(POD), faultsOf(V2)]).toEqual([[], []]);
  });

  test.each(["gpuTypeId", "dockerArgs", "gpuTypeIdList"])(
    "include %s, which only GraphQL has",
    (field) => {
      const body = { [field]: "NVIDIA L4", imageName: "a", startSsh: true, minVcpuCount: 1 };
      const given = field === "gpuTypeIdList" ? { ...body, [field]: ["NVIDIA L4"] } : body;
      expect(faultsOf(given)).toEqual([
        `certain ${field}: ${field} is a field of RunPod's GraphQL API, and the REST API rejects it. For GraphQL, check the whole request, {"query": …, "variables": …}. For REST, write gpuTypeIds, dockerStartCmd and ports as lists, and env as a map.`,
      ]);
      expect(faultsOf(given, graphqlDescription("pod"))).toEqual([]);
    },
  );

  test.each<[body: Body, field: string]>([
    [{ gpuIds: "ADA_24", templateId: "a", locations: "b" }, "gpuIds"],
    [{ imageName: "a", minMemoryInGb: 5, minVcpuCount: 1 }, "minMemoryInGb"],
    [{ imageName: "a", minVcpuCount: 1, startSsh: true }, "minVcpuCount"],
    [{ imageName: "a", machineId: "m", minVcpuCount: 1 }, "machineId"],
    [{ imageName: "a", ports: "22/tcp", minVcpuCount: 1, startSsh: true }, "ports"],
  ])("of %j include %s, which only GraphQL has", (body, field) => {
    expect(faultsOf(body)?.[0]).toContain(
      `certain ${field}: ${field} is a field of RunPod's GraphQL`,
    );
  });

  test("are none for a GraphQL input that may belong to a request", () => {
    const body = { imageName: "a", minVcpuCount: 1, startSsh: true };
    expect(faultsOf(body, graphqlDescription("pod"))).toEqual([]);
  });

  test("are certain for a wrong value, also in GraphQL", () => {
    expect(faultsOf({ gpuCount: "a" }, graphqlDescription("pod"))).toEqual([
      'certain gpuCount: gpuCount "a" must be a whole number. Write a number.',
    ]);
  });

  test("do not name what another kind of body calls a field", () => {
    expect(faultsOf({ name: "a", size: 5, dataCenterId: "b", disk: 5 })?.[0]).toMatch(
      /Remove it\.$/,
    );
  });

  test("do not include missing fields in v1, which may belong to a pod", () => {
    expect(faultsOf({ imageName: "a" })).toEqual([]);
  });

  test("are doubtful for missing fields in v2, which an update may omit", () => {
    expect(faultsOf({ image: "a", cloud: "SECURE" })).toEqual([
      "doubtful name: name is required for a pod in RunPod's REST API v2. Add it.",
    ]);
  });

  test("name what the other API calls a field", () => {
    expect(faultsOf({ ...POD, disk: 5 })).toEqual([
      "certain disk: disk is not a field of a pod in RunPod's REST API v1, so it has no effect. Write containerDiskInGb.",
    ]);
    expect(faultsOf({ ...V2, cloud: "SECURE", disk: 5, volumeMountPath: "/a" })?.[0]).toContain(
      "Write mounts.persistent.path and mounts.network.0.path.",
    );
  });

  test("name at most three of several other names", () => {
    const gpu = {
      id: "NVIDIA L4",
      count: 1,
      minCudaVersion: "13.0",
      allowedCudaVersions: ["13.0"],
    };
    const body = { imageName: "a", cloudType: "SECURE", containerDiskInGb: 5, gpu };
    const [fault = ""] = faultsOf(body) ?? [];
    expect(fault).toContain("certain gpu: gpu is not a field of a pod in RunPod's REST API v1");
    expect(fault.match(/Write (.*)\.$/)?.[1]?.split(" and ")).toHaveLength(3);
  });

  test("are doubtful for an unknown name in GraphQL, but not for a misspelled one", () => {
    const description = graphqlDescription("pod");
    expect(faultsOf({ color: 5, image_name: "a" }, description)).toEqual([
      "doubtful color: color is not a field of a pod in RunPod's GraphQL API, so it has no effect. Remove it.",
      "certain image_name: image_name is not a field of a pod in RunPod's GraphQL API, so it has no effect. Write imageName.",
    ]);
    expect(faultsOf({ env: [{ key: "a", value: "b", color: 5 }] }, description)?.[0]).toMatch(
      /^certain env\[0\]\.color/,
    );
  });

  test("include placeholders and pools", () => {
    expect(faultsOf({ ...POD, imageName: "$IMAGE" })?.[0]).toContain("is an unfilled placeholder");
    const gpu = { pools: ["ada24"] };
    const endpoint = { name: "e", type: "QUEUE", scaling: {}, image: "a", gpu };
    expect(faultsOf(endpoint)?.[0]).toContain('gpu.pools "ada24" must be the id of a pool');
  });

  test("are at most twenty by shape", () => {
    const wrong = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`zz${n}`, 1]));
    expect(faultsOf({ ...POD, ...wrong, gpuCount: "a" })).toHaveLength(20);
  });
});

test.each<[field: string, body: Body, places: unknown[]]>([
  ["color", {}, [["color"], ["color"]]],
  ["a.b.0", {}, [["a.b.0"], ["a", "b", 0]]],
  [
    "imageName",
    { image_name: 1, "image-name": 2 },
    [["imageName"], ["image_name"], ["image-name"], ["image"], ["imageName"]],
  ],
  ["a1.10.1b", {}, [["a1.10.1b"], ["a1", 10, "1b"]]],
  ["toString", {}, [["toString"], ["toString"]]],
  ["flashboot", {}, [["flashboot"], ["flashboot"], ["flashBootType"], ["flashboot"]]],
])("%s may be at these places in %j", (field, body, places) => {
  expect(placesOf(field, body)).toEqual(places);
});
