import { type FaultScene, startFaultScene } from "../support/faults";
import { OWNER } from "../support/resource";

const CREATE = { method: "POST", path: "^/v2/pods$", times: 1 };
const OTHER = "fedcba9876543210";
const base = {
  name: "llm",
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA L4"],
  ports: ["8000/http"],
};

let scene: FaultScene;

beforeAll(async () => {
  scene = await startFaultScene();
});

afterEach(async () => {
  for (const { id } of await scene.live("Pod")) {
    await scene.emulator.call("PATCH", `/v2/pods/${id}`, { locked: false });
    await scene.emulator.call("DELETE", `/v2/pods/${id}`);
  }
});

afterAll(() => scene.close());

const liveIds = async () => (await scene.live("Pod")).map(({ id }) => id);
const seen = async (id: string) => (await scene.emulator.call("GET", `/v2/pods/${id}`)).body;

describe("a create whose answer is lost", () => {
  test.each(["reset:after", "status:500:after", "status:504:after", "truncate:0", "truncate:40"])(
    "by %s results in one pod, which is in the state",
    async (fault) => {
      await scene.emulator.fault(fault, CREATE);
      const pod = scene.resource("Pod", `lost ${fault}`);
      await pod.up(base);
      expect(await liveIds()).toEqual([pod.id]);
      expect(pod.outputs).toMatchObject({ gpuTypeId: "NVIDIA L4", revision: 1 });
      expect(await pod.refresh()).toBe(true);
      expect(await pod.up(base)).toBe("unchanged");
    },
  );

  test("is found although lists lag", async () => {
    await scene.emulator.fault("lag:1500:list", CREATE);
    await scene.emulator.fault("reset:after", CREATE);
    const pod = scene.resource("Pod", "lagging");
    await pod.up(base);
    expect(await liveIds()).toEqual([pod.id]);
  });

  test.each([0, 1])(
    "is found although each page of a list has at most %d objects",
    async (most) => {
      const others = ["first", "second"].map((name) => scene.resource("Pod", `${name} ${most}`));
      for (const other of others) {
        await other.up({ ...base, name: "other" });
      }
      const list = { method: "GET", path: "^/v2/pods$" };
      await scene.emulator.fault(`page:${most}`, { ...list, times: 3 });
      await scene.emulator.fault("reset:after", CREATE);
      const pod = scene.resource("Pod", `paged ${most}`);
      await pod.up(base);
      expect((await liveIds()).sort()).toEqual([...others, pod].map(({ id }) => id).sort());
      await scene.emulator.clearFaults();
      await scene.emulator.fault(`page:${most}`, { ...list, times: 2 });
      await scene.pass(6);
      expect(await others[0]?.refresh()).toBe(true);
      await scene.emulator.clearFaults();
    },
  );

  test("gets its lock as well", async () => {
    await scene.emulator.fault("reset:after", CREATE);
    const pod = scene.resource("Pod", "lost and locked");
    await pod.up({ ...base, locked: true });
    expect(await seen(pod.id)).toMatchObject({ locked: true });
  });
});

describe("a lack of capacity that comes as a server error", () => {
  const two = { ...base, gpuTypeIds: ["NVIDIA L4", "NVIDIA L40S"] };
  const posts = async () =>
    (await scene.emulator.requests())
      .filter(({ method, path }) => method === "POST" && path === "/v2/pods")
      .map(({ body }) => (body as { gpu: { id: string } }).gpu.id);

  beforeEach(() => scene.emulator.clearRequests());

  test("leads to the next candidate once nothing is listed, with one request each", async () => {
    await scene.emulator.fault("capacity:500", CREATE);
    const pod = scene.resource("Pod", "full as 500");
    await pod.up(two);
    expect(pod.outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S" });
    expect(await posts()).toEqual(two.gpuTypeIds);
    expect(await liveIds()).toEqual([pod.id]);
  });

  test("for every candidate is reported as a lack of capacity", async () => {
    await scene.emulator.fault("capacity:500", { ...CREATE, times: 2 });
    const pod = scene.resource("Pod", "full everywhere");
    const text = await pod.up(two).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(text).toContain("none of the requested GPU types is available.");
    expect(text).toContain("  NVIDIA L4: no capacity\n  NVIDIA L40S: no capacity");
    expect(await posts()).toEqual(two.gpuTypeIds);
  });
});

test("a create with two unclear answers explains how to find what may be billed", async () => {
  await scene.emulator.clearRequests();
  await scene.emulator.fault("status:500:before", { ...CREATE, times: 2 });
  const pod = scene.resource("Pod", "never answered");
  const text = await pod.up(base).then(
    () => "",
    (error: Error) => error.message,
  );
  const sent = (await scene.emulator.requests()).find(({ method }) => method === "POST")?.body;
  const { RUNPOD_STACK_TOKEN: token } = (sent as { env: Record<string, string> }).env;
  expect(text).toContain(
    `Look for pod 'llm' with creation token ${token} with \`npx -p @runpod-stack/provider runpod-stack recover\``,
  );
});

describe("a pod whose create was interrupted", () => {
  const { name: _, ...unnamed } = base;

  test("is adopted by the next run, and updated to the current program", async () => {
    const pod = scene.resource("Pod", "killed");
    const id = await pod.cutOff(unnamed);
    const before = await seen(id);
    await scene.kill();
    await pod.up({ ...unnamed, imageName: "python:3.13" });
    expect(pod.id).toBe(id);
    expect(await liveIds()).toEqual([id]);
    const after = await seen(id);
    expect(after).toMatchObject({ image: "python:3.13", ports: ["8000/http"] });
    // With its new name, no later run treats it as lost.
    expect(after.name).not.toBe(before.name);
    expect(after.env.RUNPOD_STACK_TOKEN).toBe(before.env.RUNPOD_STACK_TOKEN);
    expect(pod.outputs["__token"]).toBe(before.env.RUNPOD_STACK_TOKEN);
    await scene.kill();
    expect(await pod.refresh()).toBe(true);
    expect(await pod.up({ ...unnamed, imageName: "python:3.13" })).toBe("unchanged");
  });

  test("gets a new token if the program chose its name", async () => {
    const pod = scene.resource("Pod", "named");
    const id = await pod.cutOff({ ...base, locked: true });
    const before = await seen(id);
    await scene.kill();
    await pod.up({ ...base, locked: true });
    expect(pod.id).toBe(id);
    const after = await seen(id);
    expect(after).toMatchObject({ name: "llm", locked: true });
    expect(after.env.RUNPOD_STACK_TOKEN).not.toBe(before.env.RUNPOD_STACK_TOKEN);
    expect(pod.outputs["__token"]).toBe(after.env.RUNPOD_STACK_TOKEN);
  });

  test("is never adopted a second time, once its resource was removed", async () => {
    for (const given of [base, unnamed]) {
      const pod = scene.resource("Pod", `let go ${given === base}`);
      await pod.cutOff(given);
      await scene.kill();
      await pod.up(given);
      const kept = pod.id;
      // As `pulumi state delete` does it; the pending create is still there.
      pod.state = undefined;
      await scene.endRun();
      await pod.up(given);
      expect(pod.id).not.toBe(kept);
      expect(await liveIds()).toContain(kept);
    }
  });

  test("is adopted even if only this machine's log shows it, because the engine outlived its plugin", async () => {
    const pod = scene.resource("Pod", "plugin killed");
    await scene.emulator.fault("slow:2000", CREATE);
    const killed = pod.up(unnamed).catch(() => {});
    while ((await liveIds()).length === 0) {
      await new Promise((done) => setTimeout(done, 20));
    }
    const [id] = await liveIds();
    await scene.kill();
    await killed;
    expect(pod.state).toBeUndefined();
    scene.state.clearPending();
    await scene.emulator.clearFaults();
    await pod.up(unnamed);
    expect(pod.id).toBe(id);
    expect(await liveIds()).toEqual([id]);
  });

  test("keeps the settings of a template that the program names only by its id", async () => {
    const settings = { image: "python:3.12", ports: ["8000/http"], cmd: ["sleep", "1"] };
    const template = await scene.emulator.call("POST", "/v2/templates", { name: "t", ...settings });
    const given = { name: "llm", gpuTypeIds: ["NVIDIA L4"], templateId: template.body.id };
    const pod = scene.resource("Pod", "from template");
    const id = await pod.cutOff(given);
    await scene.kill();
    await pod.up(given);
    expect(pod.id).toBe(id);
    expect(await seen(id)).toMatchObject(settings);
  });

  test("does not belong to a renamed resource: it is reported, and kept", async () => {
    const id = await scene.resource("Pod", "old name").cutOff(unnamed);
    await scene.kill();
    const renamed = scene.resource("Pod", "new name");
    await renamed.up(unnamed);
    expect(new Set(await liveIds())).toEqual(new Set([id, renamed.id]));
    expect(scene.output()).toMatch(
      new RegExp(`\\(${id}\\), .* was also created by an interrupted run, for 'old name'`),
    );
  });

  test("is adopted from the log of this machine although the resource's provider changed meanwhile", async () => {
    const other = scene.resource("Pod", "other provider", OTHER);
    await other.up(base);
    const id = await scene.resource("Pod", "provider changed").cutOff(unnamed);
    await scene.kill();
    scene.state.clearPending();
    const pod = scene.resource("Pod", "provider changed", OTHER);
    await pod.up(unnamed);
    expect(pod.id).toBe(id);
    expect(new Set(await liveIds())).toEqual(new Set([other.id, id]));
  });

  test("is not adopted by the same resource of another backend", async () => {
    const id = await scene.resource("Pod", "shared").cutOff(base);
    await scene.kill();
    scene.state.forget(OWNER);
    const other = scene.resource("Pod", "shared", OTHER);
    await other.up(base);
    expect(other.id).not.toBe(id);
    expect(await liveIds()).toContain(id);
  });

  test("is terminated if it no longer satisfies the program", async () => {
    const pod = scene.resource("Pod", "moved");
    await pod.cutOff(base);
    await scene.kill();
    await pod.up({ ...base, gpuTypeIds: ["NVIDIA A40"] });
    expect(await liveIds()).toEqual([pod.id]);
  });
});

describe("a pod of this stack without a pending create that proves it", () => {
  test("is kept, because it was retained, moved or copied, and the resource gets a new one", async () => {
    const kept = scene.resource("Pod", "kept");
    await kept.up(base);
    const { id } = kept;
    kept.state = undefined;
    await scene.kill();
    await kept.up(base);
    expect(new Set(await liveIds())).toEqual(new Set([id, kept.id]));
  });

  test("stops a create while the state cannot be read", async () => {
    const owner = "00112233445566778899aabbccddeeff";
    const kept = scene.resource("Pod", "unreadable", owner);
    await kept.up(base);
    const { id } = kept;
    await scene.kill();
    scene.state.break();
    await expect(scene.resource("Pod", "another", owner).up(base)).rejects.toThrow(
      `  pod ${id} 'llm'`,
    );
  });
});

test("a create that is cut off before anything happened is sent again, once it is clear that nothing exists", async () => {
  await scene.emulator.fault("reset:before", CREATE);
  const pod = scene.resource("Pod", "nothing");
  await pod.up(base);
  expect(await liveIds()).toEqual([pod.id]);
});
