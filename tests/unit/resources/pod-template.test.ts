import { type GpuPodArgs, Pod } from "../../../provider/src/resources/pod";
import { Template, type TemplateArgs } from "../../../provider/src/resources/template";
import { type MockedEngine, mockEngine } from "./mocked-engine";

let engine: MockedEngine;

beforeEach(async () => {
  engine = await mockEngine();
});

/** The inputs of a pod that is made from a template. */
async function resolved(template: Partial<TemplateArgs>, own: Partial<GpuPodArgs> = {}) {
  const made = new Template("t", { imageName: "vllm", ...template });
  new Pod("p", { gpuTypeIds: ["NVIDIA L4"], ...own, template: made });
  return engine.inputsOf("p", "Pod");
}

test("a pod takes a template's settings if it has none, and names the template", async () => {
  const inputs = await resolved(
    { containerDiskInGb: 80, ports: ["8000/http"] },
    { ports: ["1/tcp"] },
  );
  expect(inputs).toMatchObject({
    imageName: "vllm",
    containerDiskInGb: 80,
    ports: ["1/tcp"],
    templateId: "t-id",
    __resolved: true,
    templateResolved: true,
  });
});

test("a setting without a value is taken from the template", async () => {
  const own = { ports: undefined, containerDiskInGb: undefined } as unknown as Partial<GpuPodArgs>;
  const inputs = await resolved({ containerDiskInGb: 80, ports: ["8000/http"] }, own);
  expect(inputs).toMatchObject({ containerDiskInGb: 80, ports: ["8000/http"] });
});

test("env is merged by name, and the pod's values take precedence", async () => {
  const { env } = await resolved({ env: { A: "1", B: "2" } }, { env: { B: "3", C: "4" } });
  expect(env).toEqual({ A: "1", B: "3", C: "4" });
});

test("there is no env if neither has any", async () => {
  expect(await resolved({})).not.toHaveProperty("env");
});

test("settings of the template alone are not passed to the pod", async () => {
  const inputs = await resolved({
    name: "theirs",
    category: "AMD",
    isPublic: true,
    isServerless: false,
    allowDuplicateName: true,
    policyWaivers: [{ rule: "image-pinned", reason: "a test", until: "2999-01-01" }],
  });
  const own = ["category", "isPublic", "isServerless", "allowDuplicateName", "policyWaivers"];
  for (const field of own) {
    expect(inputs).not.toHaveProperty(field);
  }
  expect(inputs["name"]).toBeUndefined();
});

test("a pod's network volume replaces the template's disk", async () => {
  const inputs = await resolved(
    { volumeInGb: 20, volumeMountPath: "/x" },
    { networkVolumeId: "v" },
  );
  expect(inputs).not.toHaveProperty("volumeInGb");
  expect(inputs).toMatchObject({ networkVolumeId: "v", volumeMountPath: "/x" });
});

test("a pod's minimum CUDA version replaces the template's list", async () => {
  const inputs = await resolved({ allowedCudaVersions: ["12.8"] }, { minCudaVersion: "12.4" });
  expect(inputs).not.toHaveProperty("allowedCudaVersions");
});
