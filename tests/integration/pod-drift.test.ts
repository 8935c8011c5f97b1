import { unpack, type Values } from "@runpod-stack/provider/schema";
import { type FaultScene, startFaultScene } from "../support/faults";
import { unsealed } from "../support/plugin";
import type { TestResource } from "../support/resource";

const base: Values = {
  name: "llm",
  imageName: "python:3.12",
  dockerStartCmd: ["sleep", "infinity"],
  gpuTypeIds: ["NVIDIA L4"],
  containerDiskInGb: 20,
  volumeInGb: 20,
  ports: ["8000/http", "22/tcp"],
  env: { A: "1" },
  locked: false,
};

const WITHOUT_GPU =
  /exists but is not fully configured: it runs without a GPU, .* `pulumi up --replace <urn>`, which creates a new pod and loses every disk of the pod\. It is billed at 0\.\d+ \$\/h/;

/** A refresh uses a list that is at most this old. */
const LIST_AGE_S = 6;

let scene: FaultScene;
let pod: TestResource;
let pods = 0;

beforeAll(async () => {
  scene = await startFaultScene();
});

beforeEach(() => {
  pods += 1;
  pod = scene.resource("Pod", `llm-${pods}`);
});

afterAll(() => scene.close());

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await scene.emulator.call(method, path, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
};
/** Changes the pod as in RunPod's console. */
const elsewhere = (change: object) => call("PATCH", `/v2/pods/${pod.id}`, change);
const tell = (action: string) => call("POST", `/v2/pods/${pod.id}/action`, { action });
const zeroGpus = () => call("POST", `/_emulator/pods/${pod.id}`, { event: "zero-gpus" });
const refresh = async () => {
  await scene.pass(LIST_AGE_S);
  return pod.refresh();
};
/** The pod's settings, without RunPod's entries of env. */
const settings = async () => {
  const { name, image, disk, mounts, ports, env, cmd, locked } = await seen();
  const own = { A: env.A, B: env.B, token: env.RUNPOD_STACK_TOKEN };
  return { name, image, disk, mounts, ports, own, cmd, locked };
};
const seen = () => call("GET", `/v2/pods/${pod.id}`);

/** Makes the stored pod old enough that its absence is not lag. */
function age(resource: TestResource) {
  resource.becomeUnpacked((outputs) => ({
    ...outputs,
    __live: { ...Object(outputs["__live"]), createdAt: 0 },
  }));
}

/** A change made elsewhere, and the inputs that a refresh then records. */
const drifts: readonly (readonly [string, object, Values])[] = [
  ["name", { name: "theirs" }, { name: "theirs" }],
  ["imageName", { image: "python:3.13" }, { imageName: "python:3.13" }],
  ["containerDiskInGb", { disk: 40 }, { containerDiskInGb: 40 }],
  [
    "volumeMountPath",
    { mounts: { persistent: { size: 20, path: "/x" } } },
    { volumeMountPath: "/x" },
  ],
  ["ports", { ports: ["22/tcp"] }, { ports: ["22/tcp"] }],
  ["env", { env: { A: "2", B: "3" } }, { env: { A: "2", B: "3" } }],
  ["dockerStartCmd", { cmd: ["sleep", "1"] }, { dockerStartCmd: ["sleep", "1"] }],
  ["locked", { locked: true }, { locked: true }],
];

describe("a refresh records a change made elsewhere, and the next up reverts it", () => {
  test.each(drifts)("of %s", async (field, change, recorded) => {
    await pod.up(base);
    const before = await settings();
    await elsewhere(change);
    expect(await refresh()).toBe(false);
    const inputs = unpack(unsealed(pod.state?.inputs ?? {}));
    expect(inputs).toMatchObject({ ...recorded, __drifted: [field] });
    expect(await pod.up(base)).toBe("updated");
    expect(await settings()).toEqual(before);
    expect(await refresh()).toBe(true);
    expect(await pod.up(base)).toBe("unchanged");
  });

  test("of desiredStatus: a pod that was stopped elsewhere is started", async () => {
    await pod.up(base);
    await tell("stop");
    expect(await refresh()).toBe(false);
    expect(await pod.up(base)).toBe("updated");
    expect(await seen()).toMatchObject({ status: "RUNNING" });
  });

  test("of desiredStatus: a parked pod that was started elsewhere is stopped", async () => {
    const resting = { ...base, desiredStatus: "EXITED" };
    await pod.up(resting);
    await tell("start");
    expect(await refresh()).toBe(false);
    expect(await pod.up(resting)).toBe("updated");
    expect(await seen()).toMatchObject({ status: "EXITED" });
  });

  test("of desiredStatus: a start that gives no GPU fails, and says how to continue", async () => {
    await pod.up(base);
    await zeroGpus();
    await refresh();
    await expect(pod.up(base)).rejects.toThrow(WITHOUT_GPU);
    expect(await seen()).toMatchObject({ status: "RUNNING", gpu: { count: 0 } });
  });

  test("of a parked pod that was started elsewhere without a GPU: it is stopped", async () => {
    const resting = { ...base, desiredStatus: "EXITED" };
    await pod.up(resting);
    await zeroGpus();
    await tell("start");
    expect(await refresh()).toBe(false);
    expect(await pod.up(resting)).toBe("updated");
    expect(await seen()).toMatchObject({ status: "EXITED" });
  });

  test("of volumeInGb, which cannot shrink: the preview reports that it was grown elsewhere", async () => {
    await pod.up(base);
    await elsewhere({ mounts: { persistent: { size: 40, path: "/workspace" } } });
    await refresh();
    expect(await pod.up(base)).toBe("refused");
    expect(pod.failures).toEqual([
      "volumeInGb 20 must be at least 40: the disk was enlarged to 40 GB outside this program, and disks cannot shrink. Set volumeInGb to 40.",
    ]);
    expect(await pod.up({ ...base, volumeInGb: 40 })).toBe("unchanged");
  });
});

describe("no drift", () => {
  test("is what RunPod adds to env, the order of ports, or what the program does not set", async () => {
    await pod.up({ ...base, startSsh: true });
    await elsewhere({ ports: ["22/tcp", "8000/http"], registry: null });
    expect(await refresh()).toBe(true);
    expect(await pod.up({ ...base, startSsh: true })).toBe("unchanged");
  });

  test("is a secret reference that RunPod shows resolved", async () => {
    const given = { ...base, env: { TOKEN: "{{ RUNPOD_SECRET_hf }}" } };
    await pod.up(given);
    expect(await refresh()).toBe(true);
    const { env } = await seen();
    await elsewhere({ env: { ...env, TOKEN: "hf_resolved" } });
    expect(await refresh()).toBe(true);
    expect(await pod.up(given)).toBe("unchanged");
  });

  test("is a setting of a template that the program names only by its id", async () => {
    const settings = {
      image: "python:3.12",
      ports: ["8000/http"],
      env: { T: "t" },
      disk: 30,
      cmd: ["sleep", "1"],
    };
    const { id } = await call("POST", "/v2/templates", { name: "theirs", ...settings });
    const given = { name: "llm", gpuTypeIds: ["NVIDIA L4"], templateId: id, env: { A: "1" } };
    await pod.up(given);
    expect(await seen()).toMatchObject({ disk: 30, cmd: ["sleep", "1"], env: { A: "1", T: "t" } });
    expect(await refresh()).toBe(true);
    expect(await pod.up(given)).toBe("unchanged");
  });
});

describe("a pod that is gone", () => {
  test("is removed from the state by a refresh, and recreated by the next up", async () => {
    await pod.up(base);
    const { id } = pod;
    await call("DELETE", `/v2/pods/${id}`);
    age(pod);
    await scene.kill();
    await scene.emulator.clearRequests();
    expect(await pod.refresh()).toBe(false);
    expect(pod.state).toBeUndefined();
    const asked = (await scene.emulator.requests()).map(({ path }) => path);
    expect(asked.at(-1)).toBe(`/v2/pods/${id}`);
    expect(await pod.up(base)).toBe("created");
    expect(pod.id).not.toBe(id);
  });

  test("still exists if only the list lacks it", async () => {
    await scene.emulator.fault("lag:60000:list", { method: "POST", path: "^/v2/pods$", times: 1 });
    await pod.up(base);
    age(pod);
    await scene.kill();
    expect(await pod.refresh()).toBe(true);
  });

  test("makes an update report what to do", async () => {
    await pod.up(base);
    await call("DELETE", `/v2/pods/${pod.id}`);
    await expect(pod.up({ ...base, name: "other" })).rejects.toThrow(
      "does not exist, so it cannot be updated. Run `pulumi refresh`",
    );
  });

  test("needs no deletion", async () => {
    await pod.up(base);
    await call("DELETE", `/v2/pods/${pod.id}`);
    await pod.destroy();
  });
});
