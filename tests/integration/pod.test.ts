import type { Failure } from "../support/plugin";
import { type Scene, startScene } from "../support/scene";

const base = {
  name: "llm",
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA L4"],
};
const PATCH = { method: "PATCH", path: "^/v2/pods/" };
const ACTION = { method: "POST", path: "/action$" };

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});

beforeEach(async () => {
  await scene.emulator.reset();
});

afterAll(() => scene.close());

const seen = async (id: string) => (await scene.emulator.call("GET", `/v2/pods/${id}`)).body;
const livePods = async () =>
  (await scene.emulator.ledger()).pods.filter(({ endedAt }) => endedAt === null);

/** The requests that change something, as "PATCH {…}". */
async function writes(): Promise<string[]> {
  return (await scene.emulator.requests())
    .filter(({ method }) => method !== "GET")
    .map(({ method, body }) => (body === undefined ? method : `${method} ${JSON.stringify(body)}`));
}

describe("a new pod", () => {
  test("is billed from its create on, and has the obtained values as outputs", async () => {
    const pod = scene.resource("Pod", "llm");
    await pod.up({ ...base, ports: ["8000/http", "22/tcp"], env: { TOKEN: "secret value" } });
    expect(await livePods()).toMatchObject([{ id: pod.id, name: "llm" }]);
    const url = `${scene.emulator.url}/proxy/${pod.id}-8000`;
    expect(pod.outputs).toMatchObject({
      gpuTypeId: "NVIDIA L4",
      dataCenterId: expect.stringMatching(/^[A-Z]/),
      costPerHr: expect.any(Number),
      endpointUrls: { "8000": url },
      sshCommand: expect.stringMatching(/^ssh /),
      revision: 1,
      createdAt: expect.any(String),
    });
    await pod.destroy();
    expect(await livePods()).toEqual([]);
  });

  test("needs one list and one create, and no lookup afterwards", async () => {
    await scene.resource("Pod", "frugal").up({ ...base, name: "frugal" });
    const requests = (await scene.emulator.requests()).map(({ method }) => method);
    expect(requests.filter((method) => method === "POST")).toHaveLength(1);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  test("gets an automatic name if the program has none", async () => {
    const { name, ...rest } = base;
    const pod = scene.resource("Pod", "unnamed");
    await pod.up(rest);
    expect(await seen(pod.id)).toMatchObject({
      name: expect.stringMatching(/^unnamed-[0-9a-f]{10}$/),
    });
    expect(await pod.up(rest)).toBe("unchanged");
  });

  test("is locked and stopped once it exists, if the program says so", async () => {
    const pod = scene.resource("Pod", "quiet");
    const given = { ...base, locked: true, desiredStatus: "EXITED" };
    await pod.up(given);
    expect(await seen(pod.id)).toMatchObject({ locked: true, status: "EXITED" });
    expect(await pod.up(given)).toBe("unchanged");
    expect(await pod.refresh()).toBe(true);
  });

  test("whose lock fails stays in the state, and the next up locks it", async () => {
    await scene.emulator.fault("status:500:before", { ...PATCH, times: 1 });
    const pod = scene.resource("Pod", "half");
    const failure: Failure = await pod.up({ ...base, locked: true }).catch((error) => error);
    expect(failure.id).toBe(pod.id);
    expect(failure.reasons?.[0]).toMatch(
      /^Pod 'llm' \(\w+\) exists but is not fully configured: .*500.* It is billed at [\d.]+ \$\/h\. Run `pulumi destroy` to delete it\.$/,
    );
    expect((await livePods()).map(({ id }) => id)).toEqual([pod.id]);
    expect(await pod.up({ ...base, locked: true })).toBe("updated");
    expect(await seen(pod.id)).toMatchObject({ locked: true });
    expect(await livePods()).toHaveLength(1);
  });
});

describe("a locked pod", () => {
  test("is unlocked for a change that restarts it, and locked again", async () => {
    const pod = scene.resource("Pod", "guarded");
    await pod.up({ ...base, locked: true });
    await scene.emulator.clearRequests();
    await pod.up({ ...base, locked: true, imageName: "python:3.13" });
    expect(await writes()).toEqual([
      'PATCH {"locked":false}',
      'PATCH {"image":"python:3.13"}',
      'PATCH {"locked":true}',
    ]);
  });

  test("is unlocked before it is deleted", async () => {
    const pod = scene.resource("Pod", "guarded-end");
    await pod.up({ ...base, locked: true });
    await pod.destroy();
    expect(await livePods()).toEqual([]);
  });

  test("that is gone already is deleted", async () => {
    const pod = scene.resource("Pod", "guarded-gone");
    await pod.up({ ...base, locked: true });
    await scene.emulator.call("PATCH", `/v2/pods/${pod.id}`, { locked: false });
    await scene.emulator.call("DELETE", `/v2/pods/${pod.id}`);
    // The pod must be old: a 404 for a young one would be retried.
    pod.becomeUnpacked((outputs) => ({
      ...outputs,
      __live: { ...Object(outputs["__live"]), createdAt: Date.now() - 120_000 },
    }));
    await pod.destroy();
    expect(pod.state).toBeUndefined();
  });
});

test("a pod that was locked in the console is kept, and the error names its price and the remedy", async () => {
  const pod = scene.resource("Pod", "locked elsewhere");
  await pod.up(base);
  await scene.emulator.call("PATCH", `/v2/pods/${pod.id}`, { locked: true });
  const { message } = await pod.destroy().catch((error) => error);
  expect(message).toMatch(/^Deleting pod 'llm' \(\w+\) failed: 4\d\d [\w ]+: .*lock/);
  expect(message).toMatch(/It still exists and is billed at [\d.]+ \$\/h\. Unlock it in RunPod's/);
  expect(await livePods()).toHaveLength(1);
});

test("a disk cannot be added to a pod, which is replaced for it, and grows in place", async () => {
  const pod = scene.resource("Pod", "disk");
  await pod.up(base);
  expect(await pod.up({ ...base, volumeInGb: 20 })).toBe("replaced");
  expect(await pod.up({ ...base, volumeInGb: 30 })).toBe("updated");
  expect(await seen(pod.id)).toMatchObject({ mounts: { persistent: { size: 30 } } });
});

describe("env", () => {
  test("is sent as a whole, with RunPod's entries and the token", async () => {
    await scene.emulator.call("PUT", "/v2/account/ssh-keys", { keys: ["ssh-ed25519 AAAA me"] });
    const pod = scene.resource("Pod", "env");
    await pod.up({ ...base, startSsh: true, env: { A: "1", B: "2" } });
    const before = (await seen(pod.id)).env;
    await pod.up({ ...base, startSsh: true, env: { A: "1", C: "3" } });
    const { B, ...kept } = before;
    expect((await seen(pod.id)).env).toEqual({ ...kept, C: "3" });
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(["RUNPOD_POD_ID", "RUNPOD_STACK_TOKEN"]),
    );
    expect(pod.outputs["env"]).not.toHaveProperty("RUNPOD_STACK_TOKEN");
  });

  test("is cleared if the program no longer has any", async () => {
    const pod = scene.resource("Pod", "no-env");
    await pod.up({ ...base, env: { A: "1" } });
    expect(await pod.up(base)).toBe("updated");
    expect((await seen(pod.id)).env).not.toHaveProperty("A");
    expect(await pod.up(base)).toBe("unchanged");
  });
});

describe("a stopped pod", () => {
  test("is started by the next up, and its endpoint waits again", async () => {
    const pod = scene.resource("Pod", "sleeper");
    await pod.up({ ...base, desiredStatus: "EXITED" });
    await scene.emulator.clearRequests();
    expect(await pod.up(base)).toBe("updated");
    expect(await writes()).toEqual(['POST {"action":"start"}']);
    expect(pod.outputs).toMatchObject({ revision: 2 });
  });

  test("whose machine is gone stays in the state, and the error names the remedy", async () => {
    const pod = scene.resource("Pod", "stranded");
    await pod.up({ ...base, desiredStatus: "EXITED" });
    await scene.emulator.call("POST", `/_emulator/pods/${pod.id}`, { event: "break-machine" });
    const failure: Failure = await pod.up(base).catch((error) => error);
    expect(failure.reasons?.[0]).toBe(
      "Pod 'llm' (" +
        pod.id +
        ") exists but is not fully configured: it could not be started (There are not enough free GPUs on the host machine to start this pod.). If someone else is using its GPU now, run `pulumi up --replace <urn>`, which creates a new pod elsewhere and loses every disk of the pod.",
    );
    expect(pod.id).toBe(failure.id);
  });

  test("that fails to start is started by the next up", async () => {
    const pod = scene.resource("Pod", "retry");
    await pod.up({ ...base, desiredStatus: "EXITED" });
    await scene.emulator.fault("status:500:before", { ...ACTION, times: 1 });
    await expect(pod.up(base)).rejects.toThrow("could not be started");
    expect(await pod.up(base)).toBe("updated");
    expect(await seen(pod.id)).toMatchObject({ status: "RUNNING" });
  });
});

describe("a warning", () => {
  const warningsOf = async (operation: () => Promise<unknown>) => {
    const before = scene.plugin.output().length;
    await operation();
    return [
      ...scene.plugin
        .output()
        .slice(before)
        .matchAll(/^warning: (.*)$/gm),
    ].map(([, text]) => text);
  };

  test("shows before a restart what it wipes", async () => {
    const pod = scene.resource("Pod", "warned");
    await pod.up({ ...base, volumeInGb: 20 });
    const restart = () => pod.up({ ...base, volumeInGb: 20, imageName: "python:3.13" });
    expect(await warningsOf(restart)).toEqual([
      "pod 'llm' will be restarted in place because of imageName: everything outside its mount /workspace will be wiped.",
    ]);
  });

  test("names the persistent disk that is deleted, not a new one", async () => {
    const pod = scene.resource("Pod", "warned-of-disk");
    await pod.up(base);
    const [added] = await warningsOf(() => pod.up({ ...base, volumeInGb: 20 }));
    expect(added).toContain("because of volumeInGb: its container disk will be lost.");
    const [removed] = await warningsOf(() => pod.up(base));
    expect(removed).toContain("its container disk and its persistent disk will be lost.");
  });

  test("shows before a replacement what is lost", async () => {
    const pod = scene.resource("Pod", "warned-more");
    await pod.up({ ...base, volumeInGb: 20 });
    const replace = () => pod.up({ ...base, volumeInGb: 20, gpuTypeIds: ["NVIDIA A40"] });
    expect(await warningsOf(replace)).toEqual([
      "pod 'llm' will be deleted and recreated because of gpuTypeIds: its container disk and its persistent disk will be lost. Its id and URLs change, and its GPU may not be available again.",
    ]);
    expect(await livePods()).toHaveLength(1);
  });
});
