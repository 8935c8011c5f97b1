import { safe } from "@runpod-stack/kit";
import { GRAPHQL_INPUTS, MUTATIONS } from "../../../../policies/src/input/graphql-inputs";
import { misfits } from "../../../../policies/src/input/shape";

const faults = (what: keyof typeof GRAPHQL_INPUTS, input: object) =>
  misfits(input, GRAPHQL_INPUTS[what], safe`an input`).map(({ path, finding }) =>
    finding.message.replace(`${path} `, `${path}: `),
  );

const CONTAINER = {
  "a string": [
    "containerRegistryAuthId",
    "dockerArgs",
    "imageName",
    "name",
    "ports",
    "startScript",
  ],
  "a whole number": ["containerDiskInGb", "volumeInGb"],
  "true or false": ["startJupyter", "startSsh"],
  "a list of {key, value}": ["env"],
};
const KINDS: Record<keyof typeof GRAPHQL_INPUTS, Record<string, string[]>> = {
  pod: {
    "a string": [
      ...[...CONTAINER["a string"], "volumeMountPath", "aiApiId", "clusterId", "clusterIp"],
      ...["computeType", "countryCode", "cudaVersion", "dataCenterId", "gpuTypeId", "instanceId"],
      ...["machineId", "minCudaVersion", "networkVolumeId", "podId", "stopAfter", "templateId"],
      ...["terminateAfter", "volumeKey"],
    ],
    "a whole number": [
      ...[...CONTAINER["a whole number"], "gpuCount", "minMemoryInGb", "minVcpuCount", "port"],
      "vcpuCount",
    ],
    "a number": ["bidPerGpu", "deployCost", "minDisk", "minDownload", "minUpload"],
    "true or false": [
      ...[...CONTAINER["true or false"], "globalNetwork", "globalNetworking", "supportPublicIp"],
    ],
    "a list of strings": ["allowedCudaVersions", "dataCenterIds", "gpuTypeIdList", "instanceIds"],
    "a list of {key, value}": ["env"],
    "ALL, SECURE or COMMUNITY": ["cloudType"],
    anything: ["savingsPlan"],
  },
  template: {
    "a string": [
      ...[...CONTAINER["a string"], "volumeMountPath", "boundEndpointId", "category", "id"],
      "readme",
    ],
    "a whole number": CONTAINER["a whole number"],
    "true or false": [
      ...[...CONTAINER["true or false"], "advancedStart", "isPublic", "isServerless"],
    ],
    "a list of {key, value}": ["env"],
    anything: ["config"],
  },
  endpoint: {
    "a string": [
      ...["flashBootType", "gpuIds", "id", "locations", "minCudaVersion", "modelName", "name"],
      ...["networkVolumeId", "scalerType", "templateId", "type"],
    ],
    "a whole number": [
      ...["executionTimeoutMs", "gpuCount", "idleTimeout", "scalerValue", "workersMax"],
      "workersMin",
    ],
    "a list of strings": ["instanceIds", "modelReferences"],
    "a string or a list": ["allowedCudaVersions", "dataCenterIds"],
    "a map": ["template"],
    anything: ["networkVolumeIds"],
  },
  volume: { "a string": ["dataCenterId", "name"], "a whole number": ["size"] },
};

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])("the input of a %s", (what) => {
  const given = Object.entries(KINDS[what]).flatMap(([kind, names]) =>
    names.map((name) => [name, kind] as const),
  );
  const required = what === "volume" ? { size: 1, dataCenterId: "EU-RO-1" } : {};

  test("has these fields", () => {
    const names = given.map(([name]) => name).sort();
    expect(Object.keys(GRAPHQL_INPUTS[what].fields ?? {}).sort()).toEqual(names);
  });

  test.each(given.filter(([, kind]) => kind !== "anything"))(
    "has %s, which is %s",
    (name, kind) => {
      const wrong = kind === "a map" ? 0.5 : { wrong: true };
      const [message = ""] = faults(what, { ...required, [name]: wrong });
      expect(message.replace(/: 0\.5/, ":")).toBe(`${name}: must be ${kind}.`);
      if (kind !== "a map") {
        expect(faults(what, { ...required, [name]: null })).toEqual([]);
      }
    },
  );

  test("must be a map", () => {
    expect(misfits([], GRAPHQL_INPUTS[what], safe`an input`)).toHaveLength(1);
  });
});

test("the fields of other kinds accept anything", () => {
  expect(faults("pod", { savingsPlan: { any: 1 } })).toEqual([]);
  expect(faults("template", { config: [5] })).toEqual([]);
  expect(faults("endpoint", { networkVolumeIds: "a" })).toEqual([]);
});

test("a variable has a key and a value, which are strings", () => {
  expect(faults("pod", { env: [{ key: "A", value: "b" }] })).toEqual([]);
  expect(faults("pod", { env: ["A=b"] })).toEqual(["env[0]: must be a map."]);
  expect(faults("pod", { env: [{ key: 5, value: 5 }] })).toEqual([
    "env[0].key: must be a string.",
    "env[0].value: must be a string.",
  ]);
  expect(faults("pod", { env: [{}] })).toEqual([
    "env[0].key: is required for an input.",
    "env[0].value: is required for an input.",
  ]);
});

test("items of a list are strings, and the template of an endpoint is a template", () => {
  expect(faults("pod", { dataCenterIds: [5] })).toEqual(["dataCenterIds[0]: 5 must be a string."]);
  expect(faults("endpoint", { template: { readme: 5 } })).toEqual([
    "template.readme: 5 must be a string.",
  ]);
  expect(faults("endpoint", { allowedCudaVersions: ["12.8"], dataCenterIds: "a" })).toEqual([]);
});

test("a volume has a size and a data center", () => {
  expect(faults("volume", {})).toEqual([
    "size: is required for an input.",
    "dataCenterId: is required for an input.",
  ]);
});

test("these mutations are checked", () => {
  expect(MUTATIONS).toEqual({
    createNetworkVolume: "volume",
    deployCpuPod: "pod",
    podEditJob: "pod",
    podFindAndDeployOnDemand: "pod",
    podRentInterruptable: "pod",
    saveEndpoint: "endpoint",
    saveTemplate: "template",
  });
});
