import { type FaultScene, startFaultScene } from "../support/faults";

let scene: FaultScene;
beforeAll(async () => {
  scene = await startFaultScene();
});
afterAll(() => scene.close());

const credentials = { username: "me", password: "canary-1" };
const podWith = (containerRegistryAuthId: string) => ({
  imageName: "acme-private/worker:1",
  gpuTypeIds: ["NVIDIA L4"],
  dockerStartCmd: ["sleep", "infinity"],
  containerRegistryAuthId,
});
const pulled = async (id: string) =>
  (await scene.emulator.logs(id, "source=system")).some(({ line }) => /Pull complete/.test(line));

test("a pod pulls a private image with them, and nothing shows the password", async () => {
  const printed = scene.output().length;
  const auth = scene.resource("RegistryAuth", "ghcr");
  await auth.up(credentials);
  const pod = scene.resource("Pod", "worker");
  await pod.up(podWith(auth.id));
  expect(await pulled(pod.id)).toBe(true);
  const { password, ...outputs } = auth.state?.outputs ?? {};
  expect(password).toMatchObject({ value: "canary-1" });
  expect(JSON.stringify([outputs, scene.output().slice(printed)])).not.toContain("canary");
  await pod.destroy();
  await auth.destroy();
});

test("a new password makes new credentials, which the pod uses before the old ones are deleted", async () => {
  const auth = scene.resource("RegistryAuth", "ghcr");
  await auth.up(credentials);
  const old = auth.id;
  const pod = scene.resource("Pod", "worker");
  await pod.up(podWith(old));
  const before = { ...auth.state };
  // The engine creates the replacement, updates what depends on it, and deletes the old one last.
  await scene.emulator.clearRequests();
  const renewed = scene.resource("RegistryAuth", "ghcr-renewed");
  await renewed.up({ ...credentials, password: "canary-2" });
  await pod.up(podWith(renewed.id));
  auth.state = before as typeof auth.state;
  await auth.destroy();
  const calls = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
  expect(calls.map(({ method, path }) => `${method} ${path.split("/")[2]}`)).toEqual([
    "POST registries",
    "PATCH pods",
    "DELETE registries",
  ]);
  await pod.destroy();
  await renewed.destroy();
});

test("a change is announced as a replacement that restarts pods", async () => {
  const auth = scene.resource("RegistryAuth", "quay");
  await auth.up(credentials);
  expect(await auth.up({ ...credentials, username: "you" })).toBe("replaced");
  expect(scene.output()).toMatch(
    /warning: registry credentials 'quay-\w+' will be recreated because of username\. Pods that use them get the new ones, which restarts them/,
  );
  await auth.destroy();
});

test("they stay while a pod that this run does not delete uses them, and the pod is named", async () => {
  const auth = scene.resource("RegistryAuth", "held");
  await auth.up(credentials);
  const pod = scene.resource("Pod", "holder");
  await pod.up(podWith(auth.id));
  const { message } = await auth.destroy().catch((error) => error);
  expect(message).toContain("It still exists and is not billed. They are used by pod 'holder-");
  expect(message).toContain(pod.id);
  expect(await scene.live("RegistryAuth")).toHaveLength(1);
  await pod.destroy();
  await auth.destroy();
});

test("imported ones are never replaced by a program that differs: RunPod does not show what they are", async () => {
  const { body } = await scene.emulator.call("POST", "/v2/registries", {
    name: "by hand",
    username: "u",
    password: "p",
  });
  const auth = scene.resource("RegistryAuth", "it");
  const imported = { name: "by hand", username: "u", password: "p" };
  auth.state = { id: body.id, inputs: imported, outputs: imported, unfinished: false };
  const error = await auth.up({ ...imported, password: "canary" }).catch((one) => one);
  expect(error.message).toContain("password is not reported by RunPod, and the program changes it");
  expect(error.message).toContain("pulumi up --replace <urn>");
  expect(error.message).not.toContain("canary");
  await auth.destroy();
});
