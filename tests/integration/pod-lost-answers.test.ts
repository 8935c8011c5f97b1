import { type FaultScene, startFaultScene } from "../support/faults";

const CREATE = { method: "POST", path: "^/v2/pods$", times: 1 };
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
    "by %s ends with one pod, which is in the state",
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

  test("is brought to its lock as well", async () => {
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

  test("leads to the next candidate once nothing shows up, with one request each", async () => {
    await scene.emulator.fault("capacity:500", CREATE);
    const pod = scene.resource("Pod", "full as 500");
    await pod.up(two);
    expect(pod.outputs).toMatchObject({ gpuTypeId: "NVIDIA L40S" });
    expect(await posts()).toEqual(two.gpuTypeIds);
    expect(await liveIds()).toEqual([pod.id]);
  });

  test("for every candidate is told as a lack of capacity", async () => {
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

test("a create without a clear answer twice says how to find what may be billed", async () => {
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
    `look for pod 'llm' with creation token ${token} with \`npx runpod-stack recover\``,
  );
});

describe("a pod that an earlier run left", () => {
  test("is adopted and brought to what the program says now", async () => {
    const killed = scene.resource("Pod", "killed");
    await killed.up(base);
    await scene.kill();
    const pod = scene.resource("Pod", "killed");
    await pod.up({ ...base, imageName: "python:3.13" });
    expect(pod.id).toBe(killed.id);
    expect(await liveIds()).toEqual([killed.id]);
    expect(await seen(pod.id)).toMatchObject({ image: "python:3.13", ports: ["8000/http"] });
    expect(await pod.up({ ...base, imageName: "python:3.13" })).toBe("unchanged");
  });

  test("keeps what a template gave that the program names by its id alone", async () => {
    const settings = { image: "python:3.12", ports: ["8000/http"], cmd: ["sleep", "1"] };
    const template = await scene.emulator.call("POST", "/v2/templates", { name: "t", ...settings });
    const given = { name: "llm", gpuTypeIds: ["NVIDIA L4"], templateId: template.body.id };
    const killed = scene.resource("Pod", "from template");
    await killed.up(given);
    await scene.kill();
    const pod = scene.resource("Pod", "from template");
    await pod.up(given);
    expect(pod.id).toBe(killed.id);
    expect(await seen(pod.id)).toMatchObject(settings);
  });

  test("is not adopted if a refresh of this process has named it", async () => {
    const first = scene.resource("Pod", "named");
    await first.up(base);
    await first.refresh();
    const second = scene.resource("Pod", "named");
    await second.up(base);
    expect(second.id).not.toBe(first.id);
    expect(await liveIds()).toHaveLength(2);
  });

  test("is not adopted by the same resource of another backend", async () => {
    const killed = scene.resource("Pod", "twin");
    await killed.up(base);
    await scene.kill();
    const twin = scene.resource("Pod", "twin", "fedcba9876543210");
    await twin.up(base);
    expect(twin.id).not.toBe(killed.id);
  });

  test("is not adopted where it runs on what the program no longer wants", async () => {
    const killed = scene.resource("Pod", "moved");
    await killed.up(base);
    await scene.kill();
    const pod = scene.resource("Pod", "moved");
    await pod.up({ ...base, gpuTypeIds: ["NVIDIA A40"] });
    expect(pod.id).not.toBe(killed.id);
  });
});

test("a create that is cut off before anything happened is sent again, once it is clear that nothing is there", async () => {
  await scene.emulator.fault("reset:before", CREATE);
  const pod = scene.resource("Pod", "nothing");
  await pod.up(base);
  expect(await liveIds()).toEqual([pod.id]);
});
