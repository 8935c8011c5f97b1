import { run } from "./run";

/** JavaScript cannot convert it to text or to a number. */
const ODD = { toString: {}, valueOf: [] };
const PLACES = [ODD, [ODD], { "": [ODD], toString: ODD }];

const POD = {
  name: "pod",
  imageName: "vllm/vllm-openai:v0.24.0",
  gpuTypeIds: ["NVIDIA L4"],
  gpuCount: 1,
  containerDiskInGb: 100,
  volumeInGb: 100,
  volumeMountPath: "/workspace",
  ports: ["8000/http"],
  cloudType: "SECURE",
  env: { HF_HOME: "/workspace/hf", VLLM_ENABLE_CUDA_COMPATIBILITY: "1" },
  dockerEntrypoint: ["vllm", "serve"],
  dockerStartCmd: ["Qwen/Qwen3-8B", "--port", "8000"],
  networkVolumeId: "v",
  dataCenterIds: ["EU-RO-1"],
  allowedCudaVersions: ["12.8"],
  policyWaivers: [{ policy: "image-tag", reason: "r", until: "2027-01-01" }],
};
const V2 = {
  name: "pod",
  image: "vllm/vllm-openai:v0.24.0",
  cmd: ["Qwen/Qwen3-8B"],
  disk: 100,
  gpu: { id: "NVIDIA L4", count: 1, allowedCudaVersions: ["12.8"] },
  mounts: { persistent: { size: 100, path: "/workspace" } },
  ports: ["8000/http"],
  env: { HF_HOME: "/workspace/hf" },
};
const RESOURCE = {
  urn: "urn:pulumi:dev::p::pulumi-nodejs:dynamic/runpod:Pod::pod",
  type: "pulumi-nodejs:dynamic/runpod:Pod",
  inputs: POD,
  propertyDependencies: { networkVolumeId: ["urn"] },
  sourcePosition: "project:///index.ts#1,2",
  stackTrace: [{ sourcePosition: "project:///index.ts#1,2" }],
};
const EVENTS = {
  sequence: 1,
  policyEvent: {
    policyName: "image-tag",
    enforcementLevel: "mandatory",
    resourceUrn: RESOURCE.urn,
    message: "m",
  },
  summaryEvent: { result: "succeeded" },
  diagnosticEvent: { severity: "error", message: "m" },
};
const GRAPHQL = {
  query:
    "mutation ($input: PodFindAndDeployOnDemandInput) { podFindAndDeployOnDemand(input: $input) { id } }",
  variables: {
    input: { name: "pod", imageName: "a", gpuTypeId: "NVIDIA L4", env: [{ key: "a", value: "b" }] },
  },
};

/** A document with a value in place of each of its parts, one at a time. */
function* variants(document: unknown, value: unknown): Generator<unknown> {
  yield value;
  if (Array.isArray(document)) {
    for (const [at, item] of document.entries()) {
      for (const variant of variants(item, value)) {
        yield document.with(at, variant);
      }
    }
  } else if (document !== null && typeof document === "object") {
    for (const [name, item] of Object.entries(document)) {
      for (const variant of variants(item, value)) {
        yield { ...document, [name]: variant };
      }
    }
  }
}

test.each([
  ["a body", ["check", "--json", "-"], POD],
  ["a body of v2", ["check", "--json", "-"], V2],
  ["a preview", ["check", "--json", "-"], { steps: [{ op: "create", newState: RESOURCE }] }],
  ["an exported stack", ["check", "--sarif", "-"], { deployment: { resources: [RESOURCE] } }],
  ["a request of GraphQL", ["check", "--json", "-"], GRAPHQL],
  ["events", ["report", "--json", "-"], EVENTS],
])("%s with objects that are no text anywhere is judged or refused", async (_, args, document) => {
  for (const value of PLACES) {
    for (const variant of variants(document, value)) {
      const text = JSON.stringify(variant);
      const { status, stderr } = await run(args, { input: text });
      expect({ text, stderr, ended: [0, 1, 2].includes(status) }).toEqual({
        text,
        stderr: expect.not.stringContaining("report this"),
        ended: true,
      });
    }
  }
});
