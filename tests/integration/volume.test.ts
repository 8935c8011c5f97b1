import type { Values } from "@runpod-stack/provider/schema";
import { type FaultScene, startFaultScene } from "../support/faults";

const base: Values = { size: 20, dataCenterId: "EU-RO-1" };
const CREATE = { method: "POST", path: "^/v2/network-volumes$", times: 1 };

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
const seen = (id: string) => call("GET", `/v2/network-volumes/${id}`);
const liveNamed = async (name: string) =>
  (await scene.live("Volume")).filter((volume) => volume.name.startsWith(name));

test("a volume is created, grown in place, read and deleted", async () => {
  const volume = scene.resource("Volume", "plain");
  await volume.up({ size: 20, dataCenterId: "eu-ro-1" });
  expect(scene.output()).toContain(
    'note: data center "eu-ro-1" must be in upper case; using EU-RO-1',
  );
  const { id } = volume;
  expect(await seen(id)).toMatchObject({
    name: expect.stringMatching(/^plain-[0-9a-f]{10}$/),
    dataCenter: "EU-RO-1",
  });
  expect(await volume.up({ ...base, size: 40 })).toBe("updated");
  expect(await seen(id)).toMatchObject({ size: 40 });
  expect(await volume.refresh()).toBe(true);
  await volume.destroy();
  expect(await liveNamed("plain")).toEqual([]);
});

describe("a volume that would be smaller is refused", () => {
  test("with a message for a program that lowered it", async () => {
    const volume = scene.resource("Volume", "lowered");
    await volume.up({ ...base, size: 40 });
    expect(await volume.up(base)).toBe("refused");
    expect(volume.failures).toEqual([
      "size 20 must be at least 40: the volume has 40 GB, and volumes cannot shrink. Set size to 40 or more. For a smaller volume, create a second one and copy the content.",
    ]);
  });

  test("with a message for a volume that was grown elsewhere", async () => {
    const volume = scene.resource("Volume", "grown");
    await volume.up(base);
    await call("PATCH", `/v2/network-volumes/${volume.id}`, { size: 60 });
    await scene.pass(6);
    expect(await volume.refresh()).toBe(false);
    expect(await volume.up(base)).toBe("refused");
    expect(volume.failures).toEqual([
      "size 20 must be at least 60: the volume was enlarged to 60 GB outside this program, and volumes cannot shrink. Set size to 60.",
    ]);
    expect(await volume.up({ ...base, size: 60 })).toBe("unchanged");
  });
});

describe("a volume elsewhere", () => {
  const moved = { ...base, dataCenterId: "US-KS-2" };

  test("is refused, because the contents would be lost", async () => {
    const volume = scene.resource("Volume", "kept");
    await volume.up(base);
    expect(await volume.up(moved)).toBe("refused");
    expect(volume.failures[0]).toContain("set allowReplace: true");
    expect(await liveNamed("kept")).toMatchObject([{ id: volume.id }]);
  });

  test("is recreated if the program allows it, after a warning", async () => {
    const volume = scene.resource("Volume", "moved");
    await volume.up(base);
    expect(await volume.up({ ...moved, allowReplace: true })).toBe("replaced");
    expect(scene.output()).toMatch(
      /warning: volume 'moved-\w+' will be deleted with its content and recreated because of dataCenterId\./,
    );
    expect(await liveNamed("moved")).toMatchObject([{ id: volume.id }]);
  });
});

describe("deleting a volume that is mounted", () => {
  const podOn = (networkVolumeId: string) => ({
    name: "holder",
    imageName: "python:3.12",
    gpuTypeIds: ["NVIDIA L4"],
    networkVolumeId,
  });

  test("is refused while a pod that is in no state mounts it, and the pod is named", async () => {
    const volume = scene.resource("Volume", "held");
    await volume.up(base);
    const pod = scene.resource("Pod", "holder");
    await pod.up(podOn(volume.id));
    const { message } = await volume.destroy().catch((error) => error);
    expect(message).toMatch(
      /^Deleting volume 'held-\w+' \(\w+\) failed: 400 Bad Request: network volume "\w+" is in use/,
    );
    expect(message).toContain(
      `It still exists and is billed at 0.00192 $/h or more for its 20 GB. It is mounted by 'holder' (${pod.id}), which this run does not delete`,
    );
    expect(await liveNamed("held")).toHaveLength(1);
    await pod.destroy();
    await volume.destroy();
    expect(await liveNamed("held")).toEqual([]);
  });

  test("waits for a pod that this run deletes", async () => {
    const volume = scene.resource("Volume", "detaching");
    await volume.up(base);
    const pod = scene.resource("Pod", "leaving");
    await pod.up(podOn(volume.id));
    await scene.emulator.fault("delete-lag:400", {
      method: "DELETE",
      path: "^/v2/pods/",
      times: 1,
    });
    await Promise.all([pod.destroy(), scene.pass(1).then(() => volume.destroy())]);
    expect(await liveNamed("detaching")).toEqual([]);
  });
});

describe("a name that the program chose", () => {
  test("is refused if the account has it already, and nothing is billed twice", async () => {
    const theirs = { name: "taken", size: 10, dataCenter: "EU-RO-1" };
    const { id } = await call("POST", "/v2/network-volumes", theirs);
    await scene.kill();
    const volume = scene.resource("Volume", "mine");
    await expect(volume.up({ ...base, name: "taken" })).rejects.toThrow(
      `Creating volume 'taken': the account already has one with that name (${id})`,
    );
    expect(await liveNamed("taken")).toHaveLength(1);
    await volume.up({ ...base, name: "taken", allowDuplicateName: true });
    expect(await liveNamed("taken")).toHaveLength(2);
  });
});

describe("a create whose answer is lost", () => {
  test.each(["reset:after", "status:500:after", "truncate:30"])(
    "by %s results in one volume, which is in the state",
    async (fault) => {
      const name = `lost by ${fault}`;
      await scene.emulator.fault(fault, CREATE);
      const volume = scene.resource("Volume", name);
      await volume.up({ ...base, name });
      expect(await liveNamed(name)).toMatchObject([{ id: volume.id }]);
      expect(await volume.up({ ...base, name })).toBe("unchanged");
    },
  );

  test("next to another one of that name results in the new one", async () => {
    const { id } = await call("POST", "/v2/network-volumes", {
      name: "double",
      size: 20,
      dataCenter: "EU-RO-1",
    });
    await scene.kill();
    await scene.emulator.fault("reset:after", CREATE);
    const volume = scene.resource("Volume", "second");
    await volume.up({ ...base, name: "double", allowDuplicateName: true });
    expect(volume.id).not.toBe(id);
    expect(await liveNamed("double")).toHaveLength(2);
  });
});
