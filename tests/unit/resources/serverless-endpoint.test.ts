import * as pulumi from "@pulumi/pulumi";
import {
  type GpuServerlessEndpointArgs,
  ServerlessEndpoint,
} from "../../../provider/src/resources/serverless-endpoint";
import { Template, type TemplateArgs } from "../../../provider/src/resources/template";
import { Volume } from "../../../provider/src/resources/volume";
import { type MockedEngine, mockEngine } from "./mocked-engine";

let engine: MockedEngine;

beforeEach(async () => {
  engine = await mockEngine();
});

function inputsOf(args: Partial<GpuServerlessEndpointArgs>) {
  new ServerlessEndpoint("e", { imageName: "a", gpuTypeIds: ["NVIDIA L4"], ...args });
  return engine.inputsOf("e", "ServerlessEndpoint");
}

const volume = (name: string, dataCenterId: string) => new Volume(name, { size: 10, dataCenterId });

test("the data centers of this program's volumes are known at preview", async () => {
  const [one, other] = [volume("one", "EU-RO-1"), volume("other", "US-KS-2")];
  const inputs = await inputsOf({ networkVolumeIds: [one.volumeId, "vol9", other.id] });
  expect(inputs).toMatchObject({
    networkVolumeIds: ["one-id", "vol9", "other-id"],
    __volumePlaces: ["EU-RO-1", null, "US-KS-2"],
  });
});

test.each<[string, pulumi.Input<pulumi.Input<string>[]> | undefined]>([
  ["no volumes", undefined],
  ["ids alone", ["vol1"]],
  ["a list that is an output", pulumi.output(["vol1"])],
])("nothing is known of %s", async (_, networkVolumeIds) => {
  expect(await inputsOf({ networkVolumeIds } as object)).not.toHaveProperty("__volumePlaces");
});

describe("a template", () => {
  const made = (settings: Partial<TemplateArgs>) =>
    new Template("t", { imageName: "worker", ...settings });

  test("gives its settings, without those for pods", async () => {
    const template = made({
      isServerless: true,
      env: { A: "1", B: "2" },
      containerDiskInGb: 20,
      volumeInGb: 20,
      volumeMountPath: "/data",
      startSsh: true,
      startJupyter: true,
    });
    const inputs = await inputsOf({ template, imageName: undefined as never, env: { B: "3" } });
    expect(inputs).toMatchObject({
      imageName: "worker",
      containerDiskInGb: 20,
      env: { A: "1", B: "3" },
      templateId: "t-id",
      __resolved: true,
      __serverlessTemplate: true,
    });
    for (const field of ["volumeInGb", "volumeMountPath", "startSsh", "startJupyter"]) {
      expect(inputs).not.toHaveProperty(field);
    }
  });

  test("for pods is reported to the handlers", async () => {
    expect(await inputsOf({ template: made({}) })).toMatchObject({ __serverlessTemplate: false });
  });
});

test("an endpoint is known by its type", () => {
  const endpoint = new ServerlessEndpoint("e", { imageName: "a", cpuFlavorIds: ["cpu3c"] });
  expect(ServerlessEndpoint.isInstance(endpoint)).toBe(true);
  expect(ServerlessEndpoint.isInstance(volume("v", "EU-RO-1"))).toBe(false);
  expect(() => ServerlessEndpoint.get("e", "id")).toThrow("pass its id as endpointId");
});
