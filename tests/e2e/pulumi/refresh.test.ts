import {
  clone,
  heldBy,
  pod,
  printed,
  pulumiScene,
  SERVING,
  volume,
} from "../../support/pulumi-scene";
import { failure } from "../../support/stack";

jest.setTimeout(300_000);

const scene = pulumiScene();

/** Fields of an answer, each with a value that no description allows. */
const ODD = {
  Pod: {
    image: { name: "ubuntu", tag: "24.04" },
    disk: { size: 20 },
    ports: "8000/http",
    env: [{ key: "A", value: "1" }],
    mounts: { volumes: [{ size: 20 }], persistent: "see volumes" },
    cmd: "sleep 60",
    cloud: { type: "SECURE" },
    gpu: "NVIDIA L4",
    dataCenterId: { id: "EU-RO-1" },
    locked: "no",
    globalNetworking: "off",
    template: "none",
    cost: { perHr: 0.49 },
    createdAt: 1,
  },
  Volume: { size: { gb: 20 }, dataCenter: { region: "EU" }, type: 1 },
  Template: {
    image: ["ubuntu"],
    env: "A=1",
    ports: {},
    disk: "20",
    mounts: "none",
    cmd: {},
  },
} as const;

const FORMS = ["null", "absent", "odd"] as const;

/** Every kind, with every field in every form: as "Pod-mounts-null". */
const NAMES = Object.entries(ODD).flatMap(([kind, fields]) =>
  Object.keys(fields).flatMap((field) => FORMS.map((form) => `${kind}-${field}-${form}`)),
);

describe("A refresh whose answers lack a field, or have null or an unknown value in it", () => {
  test("changes nothing, whatever the field, and nothing is replaced, restarted or deleted", async () => {
    const oddities = new Map<string, string>();
    await scene.proxy({
      object(object) {
        const [kind = "", field = "", form] = (oddities.get(String(object["id"])) ?? "").split("-");
        if (form === "null") {
          object[field] = null;
        }
        if (form === "absent") {
          delete object[field];
        }
        if (form === "odd") {
          object[field] = Object(ODD)[kind][field];
        }
      },
    });
    const stack = await scene.stack(`
      const container = { imageName: "ubuntu:24.04", dockerStartCmd: ["sleep", "60"], ports: ["8000/http"], env: { A: "1" }, containerDiskInGb: 20 };
      const inputs = {
        Pod: { ...container, gpuTypeIds: ["NVIDIA L4"], cloudType: "SECURE", volumeInGb: 20, volumeMountPath: "/data", locked: false },
        Volume: { size: 20, dataCenterId: "EU-RO-1", type: "STANDARD" },
        Template: { ...container, volumeInGb: 20, volumeMountPath: "/data" },
      };
      const classes = { Pod, Volume, Template };
      for (const name of ${JSON.stringify(NAMES)}) {
        const kind = name.split("-")[0];
        new classes[kind](name, { ...inputs[kind], name });
      }`);
    await stack.up();
    for (const [resource, id] of await stack.held()) {
      oddities.set(id, String(resource.split(" ")[1]));
    }
    const live = await scene.live();
    await scene.emulator.clearRequests();

    expect((await stack.up("--refresh")).steps).toEqual([]);
    const writes = (await scene.emulator.requests()).filter(({ method }) => method !== "GET");
    expect(writes).toEqual([]);
    expect(await scene.live()).toEqual(live);
    expect(await heldBy(stack)).toEqual(live);
  });
});

describe("A stopped pod whose GPUs were given to someone else", () => {
  test("is kept by up --refresh, which fails and explains how to start it elsewhere", async () => {
    let isGone = false;
    await scene.proxy({
      object(object) {
        if (isGone) {
          Object.assign(object, { status: "EXITED", gpu: { id: "NVIDIA L4", count: 0 } });
        }
      },
      answer: ({ path }) =>
        isGone && path.endsWith("/action")
          ? [
              400,
              {
                title: "Bad Request",
                status: 400,
                detail: "There are not enough free GPUs on the host machine to start this pod.",
              },
            ]
          : undefined,
    });
    const stack = await scene.stack(pod("llm", "volumeInGb: 20"));
    await stack.up();
    const live = await scene.live();
    isGone = true;
    expect((await stack.preview("--refresh")).steps).not.toContainEqual(
      expect.stringMatching(/replace/),
    );
    const refused = await failure(stack.up("--refresh"));
    expect(printed(refused)).toMatch(/--replace/);
    expect(await scene.live()).toEqual(live);
    isGone = false;
    expect((await stack.up("--refresh")).steps).toEqual([]);
    expect(await scene.live()).toEqual(live);
  });
});

describe("A pod locked in RunPod's console", () => {
  test("is still locked after an update: a change that would wipe its container is refused, or the lock is restored", async () => {
    const program = (value: string) => pod("llm", `env: { E: "${value}" }, volumeInGb: 20`);
    const stack = await scene.stack(program("1"));
    await stack.up();
    const [id] = await scene.live();
    await scene.emulator.call("PATCH", `/v2/pods/${id}`, { locked: true });
    stack.write(program("2"));
    const run = await stack.up().catch((error) => error.run);
    if (run.code !== 0) {
      expect(printed(run)).toMatch(/lock/i);
    }
    expect((await scene.emulator.call("GET", `/v2/pods/${id}`)).body).toMatchObject({
      locked: true,
    });

    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("A pod that someone cloned in RunPod's console, environment and all", () => {
  test("is left alone by refresh, up and recover, and destroy names it", async () => {
    const stack = await scene.stack(pod("llm"));
    await stack.up();
    const [own] = await scene.live();
    const gpu = { id: "NVIDIA L40S", count: 1 };
    const clones = [await clone(scene, own), await clone(scene, own, { name: "experiment", gpu })];
    await stack.up("--refresh");
    stack.write(pod("llm", `env: { E: "2" }`));
    await stack.up();
    await stack.recover("--yes");
    expect(await scene.live()).toEqual([own, ...clones].sort());

    const destroyed = printed(await stack.destroy());
    for (const id of clones) {
      expect(destroyed).toContain(id);
    }
    expect(await scene.live()).toEqual(clones.sort());
  });
});

describe("A deletion that RunPod answers with 404 although the object exists", () => {
  test("is checked: the object is deleted, or stays in the state", async () => {
    const stack = await scene.stack(pod("llm") + volume("cache", `name: "weights"`));
    await stack.up();
    const { emulator } = scene;
    await emulator.fault("status:404:before", { method: "DELETE", times: 2 });
    stack.write("");
    await stack.up().catch(() => {});
    expect(await heldBy(stack)).toEqual(await scene.live());
    await emulator.clearFaults();
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("An endpoint added while RunPod does not show its new pod yet", () => {
  test("waits for it, and does not report the pod as deleted", async () => {
    const program = (endpoint = "") => `
      const pod = new Pod("llm", { gpuTypeIds: ["NVIDIA L4"], ${SERVING} });
      ${endpoint}`;
    const stack = await scene.stack(program(), { env: { RUNPOD_STACK_CLOCK_SPEED: "8" } });
    // 48 seconds for the plugin.
    await scene.emulator.fault("lag:6000:all", { method: "POST", path: "^/v2/pods$" });
    await stack.up();
    stack.write(program(`new PodEndpoint("llm", { pod, port: 8000, timeout: "5m" });`));
    expect((await stack.up()).steps).toEqual(["create PodEndpoint llm"]);
    expect(await heldBy(stack)).toEqual(await scene.live());
  });
});
