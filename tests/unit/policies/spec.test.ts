import { type Finding, specOf } from "@runpod-stack/policies";
import { UNKNOWN as UNKNOWN_INPUT } from "@runpod-stack/provider/schema";
import { UNKNOWN } from "../../../policies/src/known";
import {
  type ContainerSpec,
  isContainer,
  isDeployment,
  type Spec,
} from "../../../policies/src/spec";
import { HAPPY_ENDPOINT } from "./scene";

type Inputs = Readonly<Record<string, unknown>>;
const podOf = (inputs: Inputs, circumstances = {}) =>
  specOf("Pod", inputs, circumstances) as ContainerSpec;

const COMMON = { unjudged: {}, faults: [], policyWaivers: undefined };
const STRINGS = ["imageName", "volumeMountPath", "networkVolumeId", "cloudType", "minCudaVersion"];
const NUMBERS = ["containerDiskInGb", "volumeInGb", "gpuCount"];
const LISTS = ["dockerEntrypoint", "dockerStartCmd", "dataCenterIds", "allowedCudaVersions"];

test.each<[Spec["kind"], boolean, boolean]>([
  ["Pod", true, true],
  ["Template", true, false],
  ["ServerlessEndpoint", true, true],
  ["Volume", false, false],
  ["PodEndpoint", false, false],
])("a %s describes a container: %p, and rents hardware: %p", (kind, container, deployment) => {
  const spec = specOf(kind, {});
  expect([isContainer(spec), isDeployment(spec)]).toEqual([container, deployment]);
});

test("a volume has a size, a data center and Pulumi's protection", () => {
  const inputs = { size: 100, dataCenterId: "EU-RO-1" };
  expect(specOf("Volume", inputs)).toEqual({ ...COMMON, kind: "Volume", ...inputs });
  expect(specOf("Volume", inputs, { isProtected: true })).toMatchObject({ isProtected: true });
});

test("a PodEndpoint has a port and a path", () => {
  const inputs = { port: 8000, path: "/health" };
  expect(specOf("PodEndpoint", inputs)).toEqual({ ...COMMON, kind: "PodEndpoint", ...inputs });
});

describe("a pod", () => {
  test.each([...STRINGS, "terminateAfter", "stopAfter"])("has %s, a string", (name) => {
    expect(podOf({ [name]: "x" })).toMatchObject({ [name]: "x" });
    expect(podOf({ [name]: 1 })).toMatchObject({ [name]: UNKNOWN });
  });

  test.each(NUMBERS)("has %s, a number", (name) => {
    expect(podOf({ [name]: 7 })).toMatchObject({ [name]: 7 });
    expect(podOf({ [name]: "7" })).toMatchObject({ [name]: UNKNOWN });
  });

  test.each([...LISTS, "ports", "gpuTypeIds"])("has %s, a list of strings", (name) => {
    const list = ["8000/http", UNKNOWN_INPUT];
    expect(podOf({ [name]: list })).toMatchObject({ [name]: ["8000/http", UNKNOWN] });
    expect(podOf({ [name]: "8000/http" })).toMatchObject({ [name]: UNKNOWN });
  });

  test("has what is set alone, and nothing inherited", () => {
    const { env, kind, unjudged, faults, ...rest } = podOf(Object.create({ imageName: "a" }));
    expect({ env, kind, unjudged, faults }).toEqual({
      env: { entries: {}, isWhole: true },
      kind: "Pod",
      unjudged: {},
      faults: [],
    });
    const flags = [rest.isServerless, rest.isAlone, rest.takesOneGpuType];
    expect(flags).toEqual([false, false, false]);
    expect(Object.values(rest).filter((value) => value !== undefined)).toEqual(flags);
  });

  test("has no volume of 0 GB, as REST v1 says for none", () => {
    expect(podOf({ volumeInGb: 0 }).volumeInGb).toBeUndefined();
  });

  test("keeps the circumstances in which it is checked", () => {
    const circumstances = { isAlone: true, takesOneGpuType: true };
    expect(podOf({}, circumstances)).toMatchObject(circumstances);
  });

  test("has the waivers of the program as given", () => {
    const policyWaivers = [{ rule: "a", until: "2999-01-01" }];
    for (const kind of ["Pod", "Volume", "PodEndpoint"] as const) {
      expect(specOf(kind, { policyWaivers })).toMatchObject({ policyWaivers });
    }
  });
});

describe("a pod from a template outside of the program", () => {
  const spec = podOf({}, { templateMaySet: true }) as unknown as Record<string, unknown>;

  test.each([
    ...["imageName", "ports", "dockerEntrypoint", "dockerStartCmd", "containerDiskInGb"],
    ...["volumeInGb", "volumeMountPath", "allowedCudaVersions"],
  ])("may get %s from it", (name) => {
    expect(spec[name]).toBe(UNKNOWN);
    const given = LISTS.includes(name) || name === "ports" ? ["80/http"] : undefined;
    if (given) {
      expect(podOf({ [name]: given }, { templateMaySet: true })).toMatchObject({ [name]: given });
    }
  });

  test.each([
    ...["gpuTypeIds", "gpuCount", "cloudType", "dataCenterIds", "minCudaVersion"],
    ...["networkVolumeId", "terminateAfter", "stopAfter"],
  ])("does not get %s from it", (name) => {
    expect(spec[name]).toBeUndefined();
  });

  test("may get more variables", () => {
    const { env } = podOf({ env: { A: "b" } }, { templateMaySet: true });
    expect(env).toEqual({ entries: { A: "b" }, isWhole: false });
  });
});

describe("an input beyond the limits", () => {
  test("is unknown, and reported", () => {
    expect(podOf({ imageName: "x".repeat(4_097) })).toMatchObject({
      imageName: UNKNOWN,
      unjudged: { imageName: "it has more than 4096 characters" },
    });
    const volume = specOf("Volume", { dataCenterId: "x".repeat(4_097) });
    expect(Object.keys(volume.unjudged)).toEqual(["dataCenterId"]);
    const endpoint = specOf("PodEndpoint", { path: "x".repeat(4_097) });
    expect(Object.keys(endpoint.unjudged)).toEqual(["path"]);
  });
});

describe("serverless workers", () => {
  test("mount network volumes at /runpod-volume, and have no other volume", () => {
    const mounts = { volumeInGb: undefined, volumeMountPath: "/runpod-volume" };
    const template = { isServerless: true, volumeInGb: 10, volumeMountPath: "/x" };
    expect(specOf("Template", template)).toMatchObject({
      ...mounts,
      isServerless: true,
      networkVolumeId: UNKNOWN,
    });
    expect(specOf("ServerlessEndpoint", HAPPY_ENDPOINT)).toMatchObject({
      ...mounts,
      isServerless: true,
      networkVolumeId: "volume",
      workersMax: 3,
    });
    expect(specOf("Template", { isServerless: "true" })).toMatchObject({ isServerless: false });
  });

  test("may have a global volume", () => {
    expect(specOf("ServerlessEndpoint", { globalVolumeId: "g" })).toMatchObject({
      networkVolumeId: "g",
    });
    expect(specOf("ServerlessEndpoint", {})).toMatchObject({ networkVolumeId: undefined });
  });
});

describe("the faults of inputs", () => {
  const fieldsOf = ({ faults }: Spec) => faults.map(({ field }) => field);

  test("are those of the input itself, of formats and of GPU names, in this order", () => {
    const faults = [{ field: "name" } as Finding];
    const inputs = { imageName: "a b", ports: ["x"], gpuTypeIds: ["4090", "4090", "NVIDIA X1"] };
    const spec = podOf(inputs, { faults });
    expect(fieldsOf(spec)).toEqual(["name", "imageName", "ports", "gpuTypeIds", "gpuTypeIds"]);
    expect(specOf("Volume", {}, { faults }).faults).toEqual(faults);
    expect(specOf("PodEndpoint", {}, { faults }).faults).toEqual(faults);
  });

  test("do not hide which GPU is meant", () => {
    const gpuTypeIds = ["4090", UNKNOWN_INPUT, "NVIDIA X1", "H100", "NVIDIA L4"];
    expect(podOf({ gpuTypeIds }).gpuTypeIds).toEqual([
      "NVIDIA GeForce RTX 4090",
      UNKNOWN,
      "NVIDIA X1",
      "H100",
      "NVIDIA L4",
    ]);
    expect(podOf({ gpuTypeIds: UNKNOWN_INPUT }).faults).toEqual([]);
  });
});
