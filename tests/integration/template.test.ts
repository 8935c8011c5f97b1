import type { Values } from "@runpod-stack/provider/schema";
import { type FaultScene, startFaultScene } from "../support/faults";

const base: Values = { imageName: "python:3.12", ports: ["8000/http"], env: { A: "1" } };
const CREATE = { method: "POST", path: "^/v2/templates$", times: 1 };

let scene: FaultScene;

beforeAll(async () => {
  scene = await startFaultScene();
});

afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await scene.emulator.call(method, path, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
};
const liveNamed = async (name: string | RegExp) =>
  (await scene.live("Template")).filter((template) =>
    typeof name === "string" ? template.name === name : name.test(template.name),
  );

test("a template is created, changed in place, read and deleted", async () => {
  const template = scene.resource("Template", "plain");
  await template.up(base);
  expect(await call("GET", `/v2/templates/${template.id}`)).toMatchObject({
    name: expect.stringMatching(/^plain-[0-9a-f]{10}$/),
    image: "python:3.12",
    disk: 50,
    startSsh: true,
    category: "NVIDIA",
  });
  const { id } = template;
  expect(await template.up({ ...base, imageName: "python:3.13", env: {} })).toBe("updated");
  expect(template.id).toBe(id);
  expect(await call("GET", `/v2/templates/${id}`)).toMatchObject({ image: "python:3.13", env: {} });
  expect(await template.refresh()).toBe(true);
  await template.destroy();
  expect(await liveNamed(/^plain-/)).toEqual([]);
});

test("a change made elsewhere is recorded by a refresh and reverted by the next up, defaults too", async () => {
  const template = scene.resource("Template", "drifted");
  await template.up(base);
  await call("PATCH", `/v2/templates/${template.id}`, { startSsh: false, disk: 70, ports: [] });
  await scene.pass(6);
  expect(await template.refresh()).toBe(false);
  expect(template.state?.inputs).toMatchObject({ startSsh: false, containerDiskInGb: 70 });
  expect(await template.up(base)).toBe("updated");
  expect(await call("GET", `/v2/templates/${template.id}`)).toMatchObject({
    startSsh: true,
    disk: 50,
    ports: ["8000/http"],
  });
});

test("a removed volume disk replaces the template, because RunPod cannot remove it", async () => {
  const template = scene.resource("Template", "disk");
  await template.up({ ...base, volumeInGb: 20 });
  expect(await template.up(base)).toBe("replaced");
  expect(await call("GET", `/v2/templates/${template.id}`)).toMatchObject({ mounts: {} });
});

test("a template that a pod was created from is not deleted, and the pod is named", async () => {
  const template = scene.resource("Template", "used");
  await template.up(base);
  const pod = { name: "p", gpu: { id: "NVIDIA L4", count: 1 }, templateId: template.id };
  const { id } = await call("POST", "/v2/pods", pod);
  await expect(template.destroy()).rejects.toThrow(id);
  expect(template.state).toBeDefined();
});

describe("a name that the program chose", () => {
  test("is refused if the account has it already, and nothing is created", async () => {
    const { id } = await call("POST", "/v2/templates", { name: "taken", image: "python:3.12" });
    await scene.kill();
    const template = scene.resource("Template", "mine");
    await expect(template.up({ ...base, name: "taken" })).rejects.toThrow(
      `Creating template 'taken': the account already has one with that name (${id}), which is not in this stack. Choose another name, remove the name, or set allowDuplicateName: true to create a second one.`,
    );
    expect(await liveNamed("taken")).toHaveLength(1);
    await template.up({ ...base, name: "taken", allowDuplicateName: true });
    expect(await liveNamed("taken")).toHaveLength(2);
    expect(template.id).not.toBe(id);
  });

  test("stays the template's in a replacement", async () => {
    const template = scene.resource("Template", "renewed");
    await template.up({ ...base, name: "renewed", volumeInGb: 20 });
    await scene.kill();
    expect(await template.up({ ...base, name: "renewed" })).toBe("replaced");
    expect(await liveNamed("renewed")).toMatchObject([{ id: template.id }]);
  });
});

describe("a create whose answer is lost", () => {
  test.each(["reset:after", "status:500:after", "truncate:30"])(
    "by %s results in one template, which is in the state",
    async (fault) => {
      const name = `lost by ${fault}`;
      await scene.emulator.fault(fault, CREATE);
      const template = scene.resource("Template", name);
      await template.up({ ...base, name });
      expect(await liveNamed(name)).toMatchObject([{ id: template.id }]);
      expect(await template.up({ ...base, name })).toBe("unchanged");
    },
  );
});

describe("a template whose create was interrupted", () => {
  test("is adopted by its name, and gets the next run's name", async () => {
    const template = scene.resource("Template", "killed");
    const id = await template.cutOff(base);
    const [before] = await liveNamed(/^killed-/);
    await scene.kill();
    await template.up({ ...base, imageName: "python:3.13" });
    expect(template.id).toBe(id);
    const after = await liveNamed(/^killed-/);
    expect(after).toMatchObject([{ id, name: template.outputs["name"] }]);
    expect(after[0]?.name).not.toBe(before?.name);
    expect(await call("GET", `/v2/templates/${id}`)).toMatchObject({ image: "python:3.13" });
    expect(await template.refresh()).toBe(true);
  });

  test("is refused and named if the program chose its name, because it may be anyone's", async () => {
    const template = scene.resource("Template", "cut off");
    const id = await template.cutOff({ ...base, name: "cut off" });
    await scene.kill();
    await expect(template.up({ ...base, name: "cut off" })).rejects.toThrow(`(${id})`);
    expect(await liveNamed("cut off")).toHaveLength(1);
  });
});
