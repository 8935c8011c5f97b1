import { Contract, type Exchange, type Violation } from "../support/contract";
import { type ContractScene, startContractScene } from "./scene";

/** As a well-known guide to RunPod prints it. */
const GUIDE_BODY = `{
  "name": "model-deployment",
  "imageName": "vllm/vllm-openai:latest",
  "gpuTypeIds": ["NVIDIA B200"],
  "gpuCount": 1,
  "containerDiskInGb": 100,
  "volumeInGb": 100,
  "volumeMountPath": "/root/.cache/huggingface",
  "ports": ["8000/http", "22/tcp"],
  "cloudType": "SECURE"
}`;

const contract = new Contract();
let scene: ContractScene;
let call: ContractScene["call"];

beforeAll(async () => {
  scene = await startContractScene({ restV1: true });
  call = scene.call;
});

afterEach(async () => {
  const exchanges = await scene.proxy.take();
  expect(exchanges.flatMap(faults)).toEqual([]);
});

afterAll(() => scene.close());

test("the guide's request creates the guide's pod", async () => {
  const { status, body } = await call("POST", "/v1/pods", GUIDE_BODY);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    name: "model-deployment",
    image: "vllm/vllm-openai:latest",
    gpu: { id: "NVIDIA B200", count: 1 },
    containerDiskInGb: 100,
    volumeInGb: 100,
    volumeMountPath: "/root/.cache/huggingface",
    ports: ["8000/http", "22/tcp"],
  });
  const listed = await call("GET", "/v1/pods?name=model-deployment&desiredStatus=RUNNING");
  expect(listed.body.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  expect((await call("DELETE", `/v1/pods/${body.id}`)).status).toBe(204);
});

test("a pod is read, changed, stopped, started, restarted, reset and deleted", async () => {
  const { body } = await call("POST", "/v1/pods", { gpuTypeIds: ["NVIDIA L4"], imageName: "a:1" });
  const pod = `/v1/pods/${body.id}`;
  for (const path of ["/v1/pods", "/v1/pods?computeType=GPU&gpuTypeId=NVIDIA%20L4", pod]) {
    expect((await call("GET", path)).status).toBe(200);
  }
  const changes = { name: "q", env: { A: "1" }, volumeInGb: 30, ports: ["8000/http"] };
  expect((await call("PATCH", pod, changes)).body).toMatchObject(changes);
  expect((await call("POST", `${pod}/update`, { locked: false })).status).toBe(200);
  for (const action of ["stop", "start", "restart", "reset"]) {
    expect([action, (await call("POST", `${pod}/${action}`)).status]).toEqual([action, 200]);
  }
  expect((await call("DELETE", pod)).status).toBe(204);
});

test("a CPU pod, a template and a network volume are created and deleted", async () => {
  const place = { name: "v", size: 10, dataCenterId: "EU-RO-1" };
  const volume = (await call("POST", "/v1/networkvolumes", place)).body;
  const base = { name: "t", imageName: "python:3.12", dockerStartCmd: ["sleep", "60"] };
  const template = (await call("POST", "/v1/templates", base)).body;
  for (const [route, object, changes] of [
    ["networkvolumes", volume, { size: 20 }],
    ["templates", template, { imageName: "python:3.13", isPublic: true }],
  ]) {
    expect((await call("GET", `/v1/${route}`)).body).toEqual([object]);
    expect((await call("GET", `/v1/${route}/${object.id}`)).body).toEqual(object);
    expect((await call("PATCH", `/v1/${route}/${object.id}`, changes)).body).toMatchObject(changes);
    expect((await call("POST", `/v1/${route}/${object.id}/update`, changes)).status).toBe(200);
  }
  const pod = (
    await call("POST", "/v1/pods", {
      computeType: "CPU",
      cpuFlavorIds: ["cpu3c"],
      vcpuCount: 4,
      templateId: template.id,
      networkVolumeId: volume.id,
    })
  ).body;
  expect((await call("GET", `/v1/pods/${pod.id}`)).body).toMatchObject({ cpuFlavorId: "cpu3c" });
  for (const path of [
    `pods/${pod.id}`,
    `templates/${template.id}`,
    `networkvolumes/${volume.id}`,
  ]) {
    expect((await call("DELETE", `/v1/${path}`)).status).toBe(204);
  }
});

test.each<[number, string, string, unknown]>([
  [400, "POST", "/v1/pods", "{"],
  [400, "POST", "/v1/pods", { imageName: "a:1", gpuCount: "one" }],
  [400, "POST", "/v1/templates", { name: "t" }],
  [400, "POST", "/v1/networkvolumes", { name: "v", size: 10 }],
  [404, "PATCH", "/v1/pods/none", { name: "q" }],
])("%i in v1's form for %s %s with an invalid body", async (status, method, path, body) => {
  const answer = await call(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error: expect.any(String), status });
});

test("401 in v1's form for an unknown key", async () => {
  const authorization = "Bearer rpa_stranger";
  const answer = await call("GET", "/v1/pods", undefined, { authorization });
  expect([answer.status, typeof answer.body.error]).toEqual([401, "string"]);
});

/** Violations of an answer, and of its request unless the emulator has refused it. */
function faults(exchange: Exchange): Violation[] {
  return (
    contract
      .violations(exchange)
      .filter(({ part }) => exchange.status < 400 || part.startsWith("answer"))
      // RunPod answers it, and describes it nowhere.
      .filter(({ pointer }) => !pointer.endsWith("/createdAt"))
  );
}
