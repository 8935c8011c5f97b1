import { TIMER } from "../../provider/src/handlers/pod/timer-script";
import { type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig, type Scene, startScene } from "../support/scene";

const pod = {
  imageName: "python:3.12",
  gpuTypeIds: ["NVIDIA L4"],
  dockerEntrypoint: ["sleep"],
  dockerStartCmd: ["infinity"],
};
const HOUR = 3_600;

let scene: Scene;
let plugins: Plugin[] = [];

// Each moves its emulator's clock.
beforeEach(async () => {
  scene = await startScene();
});

afterEach(async () => {
  await Promise.all(plugins.map((plugin) => plugin.close()));
  plugins = [];
  await scene.close();
});

/** The plugin process of another run. */
async function anotherPlugin(env: Record<string, string> = {}): Promise<Plugin> {
  const plugin = await startPlugin(pluginConfig(scene.emulator), env);
  plugins.push(plugin);
  return plugin;
}

/** The resource in another run, which must read it from RunPod. */
async function rerun({ state }: TestResource): Promise<TestResource> {
  const resource = new TestResource(await anotherPlugin(), "Pod", "again");
  resource.state = state;
  return resource;
}

describe("a pod's time limit", () => {
  test("terminates it, and a restart of its container does not reset the time", async () => {
    const resource = scene.resource("Pod", "ends");
    await resource.up({ ...pod, terminateAfter: "2h" });
    await scene.emulator.advance(1.5 * HOUR);
    await scene.emulator.call("POST", `/v2/pods/${resource.id}/action`, { action: "restart" });
    expect(await endedAt(resource.id)).toBeNull();
    await scene.emulator.advance(0.6 * HOUR);
    expect(await endedAt(resource.id)).not.toBeNull();
  });

  test.each([
    ["slow", -2],
    ["fast", 2],
  ])("counts correctly from its creation if this machine's clock is %s", async (_, skew) => {
    const shifted = await startScene({ time: () => Date.now() - skew * HOUR * 1_000 });
    try {
      const resource = shifted.resource("Pod", "ends");
      await resource.up({ ...pod, terminateAfter: "1h" });
      const ended = async () => (await shifted.emulator.ledger()).pods[0]?.endedAt;
      await shifted.emulator.advance(0.9 * HOUR);
      expect(await ended()).toBeNull();
      expect(await resource.refresh()).toBe(true);
      await shifted.emulator.advance(0.2 * HOUR);
      expect(await ended()).not.toBeNull();
    } finally {
      await shifted.close();
    }
  });

  test("counts from RunPod's creation time if it is added later", async () => {
    const shifted = await startScene({ time: () => Date.now() + 2 * HOUR * 1_000 });
    try {
      const resource = shifted.resource("Pod", "later");
      await resource.up(pod);
      await shifted.emulator.advance(HOUR);
      await resource.up({ ...pod, terminateAfter: "3h" });
      const { env, createdAt } = (await shifted.emulator.call("GET", `/v2/pods/${resource.id}`))
        .body;
      const born = Date.parse(createdAt) / 1_000;
      expect(Number(env.RUNPOD_STACK_TERMINATE_AFTER)).toBe(Math.ceil(born + 3 * HOUR));
      expect(await resource.refresh()).toBe(true);
      await resource.destroy();
    } finally {
      await shifted.close();
    }
  });

  test("costs at most one read, in a process that has seen no answer yet", async () => {
    const calls = async () =>
      (await scene.emulator.requests()).map(({ method, path: to }) => `${method} ${to}`);
    const plugin = await anotherPlugin();
    await scene.emulator.clearRequests();
    const ends = ["a", "b", "c"].map((name) => new TestResource(plugin, "Pod", name));
    await Promise.all(ends.map((one) => one.up({ ...pod, terminateAfter: "1h" })));
    expect((await calls()).filter((call) => call === "GET /v2/pods")).toHaveLength(1);
    expect(await calls()).toHaveLength(4);
  });

  test("counts by RunPod's clock in a process whose clock is accelerated", async () => {
    const plugin = await anotherPlugin({ RUNPOD_STACK_CLOCK_SPEED: "15" });
    const resource = new TestResource(plugin, "Pod", "fast");
    await resource.up({ ...pod, terminateAfter: "2h" });
    await scene.emulator.advance(1.5 * HOUR);
    expect(await endedAt(resource.id)).toBeNull();
    await scene.emulator.advance(HOUR);
    expect(await endedAt(resource.id)).not.toBeNull();
  });

  test("stops it, and a refresh then reports no drift of its command", async () => {
    const resource = scene.resource("Pod", "stops");
    await resource.up({ ...pod, stopAfter: "1h" });
    expect(await resource.refresh()).toBe(true);
    await scene.emulator.advance(1.1 * HOUR);
    const { body } = await scene.emulator.call("GET", `/v2/pods/${resource.id}`);
    expect(body.status).toBe("EXITED");
    await resource.destroy();
  });

  test("stops it after each start, whoever starts it", async () => {
    let resource = scene.resource("Pod", "nightly");
    const given = { ...pod, stopAfter: "1h" };
    const runsFor = async (hours: number) => {
      await scene.emulator.advance(hours * HOUR);
      return (await scene.emulator.call("GET", `/v2/pods/${resource.id}`)).body.status;
    };
    await resource.up(given);
    expect(await runsFor(5)).toBe("EXITED");
    resource = await rerun(resource);
    await resource.refresh();
    expect(await resource.up(given)).toBe("updated");
    expect([await runsFor(0.9), await runsFor(0.2)]).toEqual(["RUNNING", "EXITED"]);
    await scene.emulator.call("POST", `/v2/pods/${resource.id}/action`, { action: "start" });
    expect([await runsFor(0.9), await runsFor(0.2)]).toEqual(["RUNNING", "EXITED"]);
    await resource.destroy();
  });

  test("is not delayed by a command that crashes repeatedly", async () => {
    const resource = scene.resource("Pod", "crashes");
    const crashing = { ...pod, dockerEntrypoint: ["sh", "-c"], dockerStartCmd: ["exit 1"] };
    await resource.up({ ...crashing, stopAfter: "1h" });
    for (const [minutes, status] of [
      [30, "RUNNING"],
      [25, "RUNNING"],
      [10, "EXITED"],
    ] as const) {
      await scene.emulator.advance(minutes * 60);
      const { body } = await scene.emulator.call("GET", `/v2/pods/${resource.id}`);
      expect([minutes, body.status]).toEqual([minutes, status]);
    }
    await resource.destroy();
  });

  test("that is changed elsewhere is drift", async () => {
    let resource = scene.resource("Pod", "edited");
    const given = { ...pod, stopAfter: "1h" };
    await resource.up(given);
    const { env } = (await scene.emulator.call("GET", `/v2/pods/${resource.id}`)).body;
    await scene.emulator.call("PATCH", `/v2/pods/${resource.id}`, {
      env: { ...env, RUNPOD_STACK_STOP_AFTER: "9000" },
    });
    resource = await rerun(resource);
    expect(await resource.refresh()).toBe(false);
    expect(resource.outputs["stopAfter"]).toBe("2h30m");
    expect(await resource.up(given)).toBe("updated");
    resource = await rerun(resource);
    expect(await resource.refresh()).toBe(true);
    await resource.destroy();
  });

  test("is refused if the full command is not known", async () => {
    const resource = scene.resource("Pod", "unknown");
    const given = { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"], terminateAfter: "1h" };
    expect(await resource.up(given)).toBe("refused");
    expect(resource.failures).toEqual([
      expect.stringContaining("Set dockerEntrypoint and dockerStartCmd in full"),
    ]);
  });

  test("needs no ENTRYPOINT if the image's is known", async () => {
    const resource = scene.resource("Pod", "vllm");
    await resource.up({
      imageName: "vllm/vllm-openai:v0.20.0",
      gpuTypeIds: ["NVIDIA L4"],
      dockerStartCmd: ["Qwen/Qwen3-0.6B"],
      terminateAfter: "1h",
    });
    const { body } = await scene.emulator.call("GET", `/v2/pods/${resource.id}`);
    expect(body.entrypoint.slice(3)).toEqual([
      "runpod-stack-timer",
      "vllm",
      "serve",
      "Qwen/Qwen3-0.6B",
    ]);
    await resource.destroy();
  });

  test("counts from the pod's creation when it is changed later", async () => {
    const resource = scene.resource("Pod", "longer");
    await resource.up({ ...pod, terminateAfter: "2h" });
    const deadline = async () =>
      Number(
        (await scene.emulator.call("GET", `/v2/pods/${resource.id}`)).body.env
          .RUNPOD_STACK_TERMINATE_AFTER,
      );
    const before = await deadline();
    await resource.up({ ...pod, terminateAfter: "5h" });
    expect((await deadline()) - before).toBe(3 * HOUR);
    await resource.destroy();
  });
});

describe("a pod with a time limit that an older release created", () => {
  const given = { ...pod, stopAfter: "3h", terminateAfter: "9h" };
  let resource: TestResource;

  const found = async () => (await scene.emulator.call("GET", `/v2/pods/${resource.id}`)).body;
  const isChanged = async () =>
    (await scene.emulator.requests()).some(({ method }) => method === "PATCH");

  /** Its times counted from the creation, by a machine whose clock was an hour slow. */
  beforeEach(async () => {
    resource = scene.resource("Pod", "older");
    await resource.up(given);
    const { env, entrypoint } = await found();
    const createdAt = Date.now() - HOUR * 1_000;
    const at = (hours: number) => String(Math.ceil(createdAt / 1_000 + hours * HOUR));
    const older = {
      ...env,
      RUNPOD_STACK_STOP_AFTER: at(3),
      RUNPOD_STACK_TERMINATE_AFTER: at(9),
    };
    const body = {
      env: older,
      entrypoint: ["sh", "-c", "an older script", ...entrypoint.slice(3)],
    };
    const { id } = resource;
    await scene.emulator.call("PATCH", `/v2/pods/${id}`, body);
    resource.becomeUnpacked((outputs) => {
      const { lifetimeFrom: _, ...live } = outputs["__live"] as Record<string, unknown>;
      return { ...outputs, __live: { ...live, createdAt } };
    });
    resource = await rerun(resource);
    await scene.emulator.clearRequests();
  });

  test("is not changed", async () => {
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up(given)).toBe("unchanged");
    expect(await isChanged()).toBe(false);
  });

  test("gets today's timer with the next change that restarts it", async () => {
    await resource.refresh();
    await resource.up({ ...given, containerDiskInGb: 60 });
    const { env, entrypoint } = await found();
    expect(entrypoint[2]).toBe(TIMER);
    expect(env.RUNPOD_STACK_STOP_AFTER).toBe("10800");
    resource = await rerun(resource);
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up({ ...given, containerDiskInGb: 60 })).toBe("unchanged");
  });

  test("gets it when it is started again as well, so that it does not stop immediately", async () => {
    await scene.emulator.call("POST", `/v2/pods/${resource.id}/action`, { action: "stop" });
    await scene.emulator.advance(4 * HOUR);
    await resource.refresh();
    await resource.up(given);
    await scene.emulator.advance(2.9 * HOUR);
    expect((await found()).status).toBe("RUNNING");
    resource = await rerun(resource);
    expect(await resource.refresh()).toBe(true);
  });
});

async function endedAt(id: string): Promise<string | null | undefined> {
  return (await scene.emulator.ledger()).pods.find((entry) => entry.id === id)?.endedAt;
}
