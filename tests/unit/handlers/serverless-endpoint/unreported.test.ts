import type { Endpoint } from "../../../../provider/src/api";
import { check } from "../../../../provider/src/handlers/serverless-endpoint/check";
import { serverlessEndpointHandler as handler } from "../../../../provider/src/handlers/serverless-endpoint/handler";
import {
  type Inputs,
  type ServerlessEndpointProperties,
  serverlessEndpointFields,
  type Values,
} from "../../../../provider/src/schema";
import { endpoint } from "../../api/fixtures";
import { fakeScene } from "../fake-context";

const program: Values = {
  name: "llm",
  imageName: "runpod/worker-v1-vllm:v2.7.0",
  gpuTypeIds: ["NVIDIA GeForce RTX 4090"],
  env: { A: "b" },
  dockerStartCmd: ["x"],
  ports: ["80/http"],
  dataCenterIds: ["EU-RO-1", "US-KS-2"],
  networkVolumeIds: ["vol1"],
  minCudaVersion: "12.8",
  containerRegistryAuthId: "reg1",
};
const live: Endpoint = {
  ...endpoint,
  cmd: ["x"],
  ports: ["80/http"],
  dataCenterIds: ["EU-RO-1", "US-KS-2"],
  networkVolumes: ["vol1"],
  registry: "reg1",
  gpu: { ...endpoint.gpu, allowedCudaVersions: [], minCudaVersion: "12.8" },
};

/** What a refresh finds of an endpoint of the program. */
async function refreshed(found: object) {
  const { context, runpod, said } = fakeScene();
  runpod.endpoints = [found as Endpoint];
  const inputs = check({}, program).inputs as Inputs<ServerlessEndpointProperties>;
  const live = {
    version: 1,
    createdAt: 0,
    account: runpod.account,
    gpuSelection: { pools: ["ADA_24"], excludedTypes: [] },
  };
  const stored = { ...inputs, __live: live };
  const read = await handler.read(context, "ep1", stored);
  if (read === undefined) {
    throw new Error("it was not found");
  }
  const { changed } = handler.diff(read.outputs, inputs);
  return { drifted: read.inputs["__drifted"] ?? [], changed, said };
}

const nothing = { drifted: [], changed: [], said: [] };

test("what is as the program has it is no drift", async () => {
  expect(await refreshed(live)).toEqual(nothing);
});

test.each(Object.keys(live).filter((field) => !["id", "name"].includes(field)))(
  "an absent or empty %s is no drift",
  async (field) => {
    const { [field as keyof Endpoint]: _, ...without } = live;
    expect(await refreshed(without)).toEqual(nothing);
    expect(await refreshed({ ...live, [field]: undefined })).toEqual(nothing);
    if (field !== "gpu") {
      expect(await refreshed({ ...live, [field]: null })).toEqual(nothing);
    }
  },
);

test.each<[string, Partial<Endpoint>]>([
  ["the end of the name that the console gives an endpoint with FlashBoot", { name: "llm -fb" }],
  ["a timeout of 0, which stands for one that was never set", { timeout: 0 }],
  ["fewer data centers because of a network volume", { dataCenterIds: ["EU-RO-1"] }],
  ["a field that nobody knows", { somethingNew: 1 } as Partial<Endpoint>],
  [
    "exclusions that RunPod leaves out",
    { gpu: { pools: ["ADA_24"], allowedCudaVersions: [], minCudaVersion: "12.8" } },
  ],
  ["an entry that RunPod adds", { env: { A: "b", RUNPOD_X: "1", PUBLIC_KEY: "k" } }],
])("%s is no drift", async (_, changes) => {
  expect(await refreshed({ ...live, ...changes })).toEqual(nothing);
});

test("every row that RunPod reports is compared", async () => {
  const other: Endpoint = {
    ...live,
    name: "x",
    image: "x",
    workers: { min: 1, max: 9, idleTimeout: 9 },
    scaling: { type: "QUEUE_DELAY", queueDelay: 9 },
    flashboot: "OFF",
    timeout: 1_000,
    dataCenterIds: ["EU-CZ-1"],
    networkVolumes: ["other"],
    disk: 1,
    env: { A: "x" },
    cmd: ["y"],
    ports: [],
    registry: "other",
    gpu: { ...live.gpu, count: 2, allowedCudaVersions: [], minCudaVersion: "12.9" },
  };
  const { drifted } = await refreshed(other);
  const settled = ["scalerType", "gpuTypeIds", "type"];
  const expected = Object.entries(serverlessEndpointFields)
    .filter(([field, row]) => row.observed && (field in program || "default" in row))
    .map(([field]) => field)
    .filter((field) => !settled.includes(field));
  expect(drifted).toEqual(expect.arrayContaining(expected));
});
