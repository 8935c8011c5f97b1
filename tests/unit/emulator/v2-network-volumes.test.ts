import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody, volumeBody } from "./bodies";

describe("/v2/network-volumes", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = (changes: Record<string, unknown> = {}) =>
    emulator.call("POST", "/v2/network-volumes", volumeBody(changes));
  const patch = (id: string, body: unknown) =>
    emulator.call("PATCH", `/v2/network-volumes/${id}`, body);

  test("a volume is created, renamed, grown and deleted", async () => {
    const created = await create();
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.body).toEqual({ ...volumeBody(), id, type: "STANDARD" });
    expect((await patch(id, { name: "models", size: 200 })).body).toMatchObject({
      name: "models",
      size: 200,
    });
    expect((await emulator.call("GET", "/v2/network-volumes")).body.networkVolumes).toHaveLength(1);
    expect((await emulator.call("DELETE", `/v2/network-volumes/${id}`)).status).toBe(204);
    expect((await emulator.call("GET", `/v2/network-volumes/${id}`)).status).toBe(404);
  });

  test("it never shrinks, and an empty change is refused", async () => {
    const { id } = (await create()).body;
    expect(await patch(id, { size: 50 })).toMatchObject({
      status: 400,
      body: {
        detail: "network volume size cannot be reduced (current 100 GB, requested 50 GB)",
      },
    });
    expect((await patch(id, {})).status).toBe(422);
    expect((await patch(id, { dataCenter: "US-KS-2" })).status).toBe(422);
    expect((await create({ size: 9 })).status).toBe(422);
    expect((await create({ size: 4097 })).status).toBe(422);
  });

  test("a data center without such volumes is refused with the names of those with them", async () => {
    expect((await create({ dataCenter: "CA-MTL-1" })).body.detail).toMatch(
      /^data center "CA-MTL-1" has no STANDARD network volumes; use one of EU-RO-1, US-IL-1, /,
    );
    const fast = { type: "HIGH_PERFORMANCE" };
    expect((await create({ ...fast, dataCenter: "US-IL-1" })).status).toBe(400);
    expect((await create({ ...fast, dataCenter: "US-KS-2" })).body.type).toBe("HIGH_PERFORMANCE");
  });

  test("it cannot be deleted while a pod, running or stopped, mounts it", async () => {
    const { id } = (await create()).body;
    const mounts = { network: [{ volumeId: id, path: "/cache" }] };
    const pod = (await emulator.call("POST", "/v2/pods", podBody({ mounts }))).body;
    await emulator.call("POST", `/v2/pods/${pod.id}/action`, { action: "stop" });
    expect(await emulator.call("DELETE", `/v2/network-volumes/${id}`)).toMatchObject({
      status: 400,
      body: { detail: `network volume "${id}" is in use by pod ${pod.id}` },
    });
    await emulator.call("DELETE", `/v2/pods/${pod.id}`);
    expect((await emulator.call("DELETE", `/v2/network-volumes/${id}`)).status).toBe(204);
  });

  test("one pod's downloads are available to the next", async () => {
    const { id } = (await create()).body;
    const mounts = { network: [{ volumeId: id, path: "/root/.cache/huggingface" }] };
    const downloads: number[] = [];
    for (const name of ["first", "second"]) {
      const pod = (await emulator.call("POST", "/v2/pods", podBody({ name, mounts }))).body;
      const lines = await emulator.logs(pod.id, "tail=5000&source=container");
      downloads.push(lines.filter(({ line }) => line.includes("downloading weights")).length);
      await emulator.call("DELETE", `/v2/pods/${pod.id}`);
    }
    expect(downloads).toEqual([1, 0]);
  });
});
