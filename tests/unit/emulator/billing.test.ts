import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody, volumeBody } from "./bodies";

const HOUR = 3600;
const MONTH_HOURS = 730;

describe("The bill", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = async (changes: Record<string, unknown> = {}) =>
    (await emulator.call("POST", "/v2/pods", podBody(changes))).body;
  const act = (id: string, action: string) =>
    emulator.call("POST", `/v2/pods/${id}/action`, { action });
  const podEntry = async () => (await emulator.ledger()).pods[0];

  test("a pod costs its GPUs and its disks, from the create on", async () => {
    const mounts = { persistent: { size: 100, path: "/data" } };
    const pod = await create({ mounts, disk: 50, gpu: { id: "NVIDIA A40", count: 2 } });
    expect(pod.cost).toBe(0.88);
    const perHr = 0.88 + (50 * 0.1 + 100 * 0.1) / MONTH_HOURS;
    await emulator.advance(2 * HOUR);
    const entry = await podEntry();
    expect(entry?.costPerHr).toBeCloseTo(perHr, 5);
    expect(entry?.spent).toBeCloseTo(2 * perHr, 2);
  });

  test("a stopped pod costs its volume disk at twice the price, and a deleted one nothing", async () => {
    const mounts = { persistent: { size: 100, path: "/data" } };
    const { id } = await create({ mounts });
    await act(id, "stop");
    expect((await podEntry())?.costPerHr).toBeCloseTo((100 * 0.2) / MONTH_HOURS, 5);
    await act(id, "start");
    expect((await podEntry())?.costPerHr).toBeGreaterThan(3.99);
    await emulator.call("DELETE", `/v2/pods/${id}`);
    const ended = await podEntry();
    expect(ended?.costPerHr).toBe(0);
    await emulator.advance(HOUR);
    expect((await podEntry())?.spent).toBe(ended?.spent);
  });

  test("a change of the disk changes the rate", async () => {
    const { id } = await create({ disk: 50 });
    const before = (await podEntry())?.costPerHr ?? 0;
    await emulator.call("PATCH", `/v2/pods/${id}`, { disk: 123 });
    expect((await podEntry())?.costPerHr).toBeCloseTo(before + (73 * 0.1) / MONTH_HOURS, 5);
  });

  test("a network volume costs less beyond its first terabyte", async () => {
    const { id } = (await emulator.call("POST", "/v2/network-volumes", volumeBody({ size: 1000 })))
      .body;
    const rate = async () => (await emulator.ledger()).networkVolumes[0]?.costPerHr;
    expect(await rate()).toBeCloseTo(70 / MONTH_HOURS, 5);
    await emulator.call("PATCH", `/v2/network-volumes/${id}`, { size: 2000 });
    expect(await rate()).toBeCloseTo(120 / MONTH_HOURS, 5);
  });

  test("a network volume pays the hour that it has begun when it ends", async () => {
    const { id } = (await emulator.call("POST", "/v2/network-volumes", volumeBody({ size: 730 })))
      .body;
    const spent = async () => (await emulator.ledger()).networkVolumes[0]?.spent;
    await emulator.advance(1.5 * HOUR);
    expect(await spent()).toBeCloseTo(0.105, 3);
    await emulator.call("PATCH", `/v2/network-volumes/${id}`, { size: 1000 });
    await emulator.call("DELETE", `/v2/network-volumes/${id}`);
    const all = 0.105 + (0.5 * 70) / MONTH_HOURS;
    expect(await spent()).toBeCloseTo(all, 3);
    await emulator.advance(HOUR);
    expect(await spent()).toBeCloseTo(all, 3);
    const query = "query { myself { clientBalance } }";
    const { body } = await emulator.call("POST", "/graphql", { query });
    expect(body.data.myself.clientBalance).toBeCloseTo(10_000 - all, 3);
  });

  test("an empty account stops pods on network volumes and terminates the others, in time", async () => {
    const volume = (await emulator.call("POST", "/v2/network-volumes", volumeBody())).body.id;
    const onVolume = await create({ mounts: { network: [{ volumeId: volume, path: "/cache" }] } });
    const alone = await create();
    await emulator.call("POST", "/_emulator/accounts/1", { balance: 8 });
    await emulator.advance(5 * HOUR);
    const { pods } = await emulator.ledger();
    expect(pods.find(({ id }) => id === alone.id)?.endedAt).not.toBeNull();
    expect(pods.find(({ id }) => id === onVolume.id)).toMatchObject({
      endedAt: null,
      costPerHr: 0,
    });
    expect(pods.map(({ spent }) => Math.round(spent))).toEqual([4, 4]);
    expect((await emulator.call("GET", `/v2/pods/${onVolume.id}`)).body.status).toBe("EXITED");
    expect((await emulator.call("GET", `/v2/pods/${alone.id}`)).status).toBe(404);
    expect((await act(onVolume.id, "start")).status).toBe(402);
  });

  describe("The spend limit", () => {
    const h200s = { gpu: { id: "NVIDIA H200", count: 8 } };
    const REFUSAL = {
      status: 400,
      body: {
        detail:
          "this pod would exceed the account's spend limit of $80 per hour. Stop other pods, or contact support to increase the limit.",
      },
    };
    let limited: TestEmulator;
    let ids: string[];
    const post = (path: string, body: unknown) => limited.call("POST", path, body);
    beforeAll(async () => {
      limited = await startTestEmulator({ spendLimit: 80, apiKeys: ["rpa_one", "rpa_two"] });
    });
    beforeEach(async () => {
      await limited.reset();
      const created = [
        await post("/v2/pods", podBody(h200s)),
        await post("/v2/pods", podBody(h200s)),
      ];
      ids = created.map(({ body }) => body.id);
    });
    afterAll(() => limited.close());

    test("refuses a create beyond it, and a cheaper pod still fits", async () => {
      expect(await post("/v2/pods", podBody(h200s))).toMatchObject(REFUSAL);
      expect((await post("/v2/pods", podBody())).status).toBe(201);
      expect((await limited.ledger()).pods).toHaveLength(3);
    });

    test("counts running pods only, and is checked again at a start", async () => {
      await post(`/v2/pods/${ids[0]}/action`, { action: "stop" });
      expect((await post("/v2/pods", podBody(h200s))).status).toBe(201);
      expect(await post(`/v2/pods/${ids[0]}/action`, { action: "start" })).toMatchObject(REFUSAL);
      await limited.call("DELETE", `/v2/pods/${ids[1]}`);
      const started = await post(`/v2/pods/${ids[0]}/action`, { action: "start" });
      expect(started.status).toBe(200);
    });

    test("is each account's own", async () => {
      const other = { authorization: "Bearer rpa_two" };
      const { status } = await limited.call("POST", "/v2/pods", podBody(h200s), other);
      expect(status).toBe(201);
    });
  });
});
