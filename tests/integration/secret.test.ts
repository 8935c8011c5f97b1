import { type FaultScene, startFaultScene } from "../support/faults";

const ROUTE = "/v2/account/secrets";

let scene: FaultScene;
beforeAll(async () => {
  scene = await startFaultScene();
});
afterEach(() => scene.emulator.reset());
afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) =>
  (await scene.emulator.call(method, path, body)).body;

/** The value that a container gets. */
async function givenValue(name: string): Promise<string | undefined> {
  const pod = await call("POST", "/v2/pods", {
    name: "reader",
    image: "ubuntu:24.04",
    gpu: { id: "NVIDIA L4", count: 1 },
    env: { A: `{{ RUNPOD_SECRET_${name} }}` },
    cmd: ["bash", "-c", 'echo "is $A"; sleep infinity'],
  });
  const [line] = await scene.emulator.logs(pod.id, "source=container");
  await call("DELETE", `/v2/pods/${pod.id}`);
  return line?.line.slice(3);
}

test("a container gets the value, and the state, the output and the errors do not show it", async () => {
  const secret = scene.resource("Secret", "hf-token");
  const printed = scene.output().length;
  await secret.up({ value: "hf_canary_1" });
  const { name } = secret.outputs as { name: string };
  expect(name).toMatch(/^hf-token-[0-9a-f]{10}$/);
  expect(await givenValue(name)).toBe("hf_canary_1");
  await scene.emulator.fault("status:422:before", { method: "PATCH", path: ROUTE, times: 1 });
  const error = await secret.up({ value: "hf_canary_2" }).catch((one) => one);
  expect(`${error.message} ${scene.output().slice(printed)}`).not.toContain("hf_canary");
  const { inputs, outputs } = secret.state ?? {};
  for (const values of [inputs, outputs]) {
    expect(values).toMatchObject({ value: { value: "hf_canary_1" } });
    expect(JSON.stringify({ ...values, value: "" })).not.toContain("hf_canary");
  }
  expect(JSON.stringify(await scene.emulator.requests())).not.toContain("hf_canary");
  await secret.destroy();
});

test("a value that was changed elsewhere is written again by up --refresh, after a warning", async () => {
  const inputs = { name: "token", value: "mine", description: "d" };
  const secret = scene.resource("Secret", "it");
  await secret.up(inputs);
  await scene.emulator.advance(60);
  await call("PATCH", `${ROUTE}/${secret.id}`, { value: "theirs" });
  expect(await secret.up(inputs)).toBe("unchanged");
  await scene.pass(6);
  expect(await secret.refresh()).toBe(false);
  expect(await secret.up(inputs)).toBe("updated");
  expect(scene.output()).toMatch(
    /warning: secret 'token': its value was changed outside this program, at .*\. The program's value will be written again\./,
  );
  expect(await givenValue("token")).toBe("mine");
  await scene.pass(6);
  expect(await secret.refresh()).toBe(true);
  expect(await secret.up(inputs)).toBe("unchanged");
  await secret.destroy();
});

test("a description that was changed elsewhere does not write the value", async () => {
  const inputs = { name: "token", value: "mine", description: "d" };
  const secret = scene.resource("Secret", "it");
  await secret.up(inputs);
  await scene.emulator.advance(60);
  await call("PATCH", `${ROUTE}/${secret.id}`, { description: "theirs" });
  await scene.pass(6);
  await secret.refresh();
  await scene.emulator.clearRequests();
  expect(await secret.up(inputs)).toBe("updated");
  const patches = (await scene.emulator.requests()).filter(({ method }) => method === "PATCH");
  expect(patches.map(({ body }) => body)).toEqual([{ description: "d" }]);
  expect(await secret.up({ name: "token", value: "mine" })).toBe("updated");
  expect((await call("GET", `${ROUTE}/${secret.id}`)).description).toBeNull();
  await secret.destroy();
});

test("a name that someone takes at the last moment is refused, and theirs stays", async () => {
  const secret = scene.resource("Secret", "it");
  await call("POST", ROUTE, { name: "Token", value: "theirs" });
  await expect(secret.up({ name: "token", value: "mine" })).rejects.toThrow("409 Conflict");
  expect(secret.state).toBeUndefined();
  expect(await givenValue("Token")).toBe("theirs");
});

test("an adopted secret gets the program's value, also if that takes two runs", async () => {
  const secret = scene.resource("Secret", "it");
  const id = await secret.cutOff({ value: "old" });
  await scene.kill();
  await scene.emulator.fault("status:500:before", { method: "PATCH", path: ROUTE, times: 1 });
  await expect(secret.up({ value: "new" })).rejects.toThrow("not fully configured");
  expect(secret.id).toBe(id);
  expect(await secret.up({ value: "new" })).toBe("updated");
  expect(await givenValue(String(secret.outputs["name"]))).toBe("new");
  await secret.destroy();
});

test.each([
  [{ name: "runpod_x", value: "v" }, "must not begin with RUNPOD"],
  [{ name: "1x", value: "v" }, "must begin with a letter or _"],
  [{ name: "a b", value: "v" }, "must begin with a letter or _"],
  [{ value: "" }, "must not be empty"],
  [{ value: 5 }, "value must be a string"],
  [{}, "value is required"],
])("%j is refused at preview", async (inputs, message) => {
  const secret = scene.resource("Secret", "it");
  expect(await secret.up(inputs)).toBe("refused");
  expect(secret.failures.join()).toContain(message);
});

test("an automatic name that RunPod would refuse is refused at preview", async () => {
  const secret = scene.resource("Secret", "hf token");
  expect(await secret.up({ value: "v" })).toBe("refused");
  expect(secret.failures.join()).toContain("name");
});
