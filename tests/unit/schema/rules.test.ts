import {
  checkInputs,
  type FieldTable,
  podEndpointFields,
  podEndpointRules,
  podFields,
  podRules,
  type Rule,
  type Stored,
  templateFields,
  templateRules,
  UNKNOWN,
  type Values,
  volumeFields,
  volumeRules,
} from "../../../provider/src/schema";

/** What each rule accepts. The refusals and their messages are in ../handlers/bad-input.test.ts. */
type Case = readonly [what: string, given: Values, old?: Values];

const pod = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };
const cpu = { imageName: "a", cpuFlavorIds: ["cpu3c"] };
const env = Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`V${at}`, "x"]));

const podCases: readonly Case[] = [
  ["an image that only the template names", { templateId: "t", gpuTypeIds: ["NVIDIA L4"] }],
  ["an image that is not known yet", { ...pod, imageName: UNKNOWN }],
  ["a processor that is not known yet", { imageName: "a", gpuTypeIds: UNKNOWN }],
  ["virtual CPUs on a CPU pod", { ...cpu, vcpuCount: 8 }],
  ["a network volume on a CPU pod", { ...cpu, networkVolumeId: "v" }],
  ["an exact list of CUDA versions", { ...pod, allowedCudaVersions: ["12.8"] }],
  [
    "a CUDA floor beside an empty list",
    { ...pod, allowedCudaVersions: [], minCudaVersion: "12.8" },
  ],
  [
    "a CUDA floor beside a list not known yet",
    { ...pod, allowedCudaVersions: UNKNOWN, minCudaVersion: "12.8" },
  ],
  ["a network volume in the secure cloud", { ...pod, networkVolumeId: "v", cloudType: "SECURE" }],
  [
    "a network volume where the cloud is not known yet",
    { ...pod, networkVolumeId: "v", cloudType: UNKNOWN },
  ],
  [
    "a mount path for a network volume",
    { ...pod, networkVolumeId: UNKNOWN, volumeMountPath: "/x" },
  ],
  [
    "a mount path for what a template may mount",
    { ...pod, templateId: "t", volumeMountPath: "/x" },
  ],
  ["49 entries of env", { ...pod, env }],
  ["a disk that grows", { ...pod, volumeInGb: 30 }, { volumeInGb: 20 }],
  ["a disk whose new size is not known yet", { ...pod, volumeInGb: UNKNOWN }, { volumeInGb: 20 }],
  ["a disk whose old size was not known", { ...pod, volumeInGb: 20 }, { volumeInGb: UNKNOWN }],
  ["a disk that is taken away", pod, { volumeInGb: 20 }],
];

const here = { size: 100, dataCenterId: "EU-RO-1" };
const volumeCases: readonly Case[] = [
  ["a volume that grows", { ...here, size: 101 }, here],
  ["a volume whose new size is not known yet", { ...here, size: UNKNOWN }, here],
  ["a data center that is not known yet", { ...here, dataCenterId: UNKNOWN }, here],
  [
    "a move that the program allows",
    { ...here, dataCenterId: "US-KS-2", allowReplace: true },
    here,
  ],
  ["a smaller volume elsewhere", { size: 10, dataCenterId: "US-KS-2", allowReplace: true }, here],
  ["a type where none was named", { ...here, type: "STANDARD" }, here],
  ["a type that is no longer named", here, { ...here, type: "STANDARD" }],
];

const templateCases: readonly Case[] = [
  ["a mount path for its disk", { imageName: "a", volumeInGb: 20, volumeMountPath: "/x" }],
  [
    "a mount path for a disk not known yet",
    { imageName: "a", volumeInGb: UNKNOWN, volumeMountPath: "/x" },
  ],
  ["49 entries of env", { imageName: "a", env }],
];

const endpoint = { podId: "p", port: 8000 };
const endpointCases: readonly Case[] = [
  ["a port of which nobody knows whether it is exposed", endpoint],
  ["a port that the pod exposes", { ...endpoint, __podPorts: ["22/tcp", "8000/http"] }],
  ["a port beside one not known yet", { ...endpoint, __podPorts: ["22/tcp", UNKNOWN] }],
  ["a model under the path that lists models", { ...endpoint, expectModel: "m" }],
  [
    "a model under another route of models",
    { ...endpoint, path: "/api/models?all=1", expectModel: "m" },
  ],
  ["a model under a path not known yet", { ...endpoint, path: UNKNOWN, expectModel: "m" }],
  ["a text that only looks like a pattern at one end", { ...endpoint, expectBody: "/(" }],
];

const kinds = [
  kind("Pod", podFields, podRules, podCases),
  kind("Volume", volumeFields, volumeRules, volumeCases),
  kind("Template", templateFields, templateRules, templateCases),
  kind("PodEndpoint", podEndpointFields, podEndpointRules, endpointCases),
] as const;

function kind<T>(
  name: string,
  table: FieldTable<T>,
  rules: readonly Rule<T>[],
  cases: readonly Case[],
) {
  const check = (old: object, given: Values) => checkInputs(table, rules, old as Stored<T>, given);
  return [name, check, cases] as const;
}

describe.each(kinds)("the rules of a %s accept", (_, check, cases) => {
  for (const [what, given, old = {}] of cases) {
    test(what, () => {
      const { problems } = check(old, given);
      expect(problems.map(({ message }) => message)).toEqual([]);
    });
  }
});

test("all rules of a kind report together", () => {
  const given = {
    gpuTypeIds: ["NVIDIA L4"],
    cpuFlavorIds: ["cpu3c"],
    vcpuCount: 4,
    minCudaVersion: "12.8",
    allowedCudaVersions: ["12.8"],
    networkVolumeId: "v",
    volumeInGb: 20,
    cloudType: "COMMUNITY",
    env: { ...env, ONE_TOO_MANY: "x" },
  };
  const { problems } = checkInputs(podFields, podRules, { volumeInGb: 30 }, given);
  expect(problems.map(({ field }) => field)).toEqual([
    "imageName",
    "cpuFlavorIds",
    "minCudaVersion",
    "volumeInGb",
    "cloudType",
    "env",
    "volumeInGb",
  ]);
});
