import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { CAPACITY_TEXT, podBody, volumeBody } from "./bodies";

describe("/v2/pods", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const post = (path: string, body: unknown) => emulator.call("POST", path, body);
  const get = (path: string) => emulator.call("GET", path);
  const patch = (id: string, body: unknown) => emulator.call("PATCH", `/v2/pods/${id}`, body);
  const create = async (changes: Record<string, unknown> = {}) => {
    const { status, body } = await post("/v2/pods", podBody(changes));
    expect({ status, detail: body.detail, errors: body.errors }).toEqual({ status: 201 });
    return body;
  };
  const refusal = async (changes: Record<string, unknown>) => {
    const { status, body } = await post("/v2/pods", podBody(changes));
    return { status, detail: body.detail };
  };

  describe("life", () => {
    test("a pod is created, runs, serves, and is gone once deleted", async () => {
      const created = await create();
      expect(created).toMatchObject({
        name: "serve",
        status: "PROVISIONING",
        actions: ["stop", "terminate"],
        cost: 3.99,
        runtime: {},
        template: null,
        startedAt: null,
      });

      const { id } = created;
      const running = await get(`/v2/pods/${id}`);
      expect(running.body).toMatchObject({
        id,
        status: "RUNNING",
        actions: ["stop", "restart", "terminate"],
        runtime: { uptime: expect.any(Number), gpus: [{ memoryUtil: expect.any(Number) }] },
      });
      expect(running.body.ssh.direct).toMatchObject({ username: "root" });

      const models = await get(`/proxy/${id}-8000/v1/models`);
      expect(models.body.data[0].id).toBe("Qwen/Qwen2.5-7B-Instruct");

      const deleted = await emulator.call("DELETE", `/v2/pods/${id}`);
      expect([deleted.status, deleted.body]).toEqual([204, ""]);
      expect((await get(`/v2/pods/${id}`)).status).toBe(404);
      expect((await emulator.call("DELETE", `/v2/pods/${id}`)).status).toBe(404);
      expect((await emulator.ledger()).pods).toEqual([
        expect.objectContaining({ id, endedAt: expect.any(String), costPerHr: 0 }),
      ]);
    });

    test("stop frees the GPUs and start takes them again", async () => {
      const { id } = await create();
      const stopped = await post(`/v2/pods/${id}/action`, { action: "stop" });
      expect(stopped.body).toMatchObject({
        status: "EXITED",
        actions: ["start", "terminate"],
        cost: 0,
        runtime: null,
      });
      expect((await get(`/proxy/${id}-8000/v1/models`)).status).toBe(502);

      const started = await post(`/v2/pods/${id}/action`, { action: "start" });
      expect(started.body).toMatchObject({ status: "PROVISIONING", cost: 3.99 });
      expect((await get(`/v2/pods/${id}`)).body.status).toBe("RUNNING");
    });

    test("an action that the status does not allow is a conflict", async () => {
      const { id } = await create();
      await get(`/v2/pods/${id}`);
      const started = await post(`/v2/pods/${id}/action`, { action: "start" });
      expect(started).toMatchObject({
        status: 409,
        body: { detail: 'action "start" is not valid for a pod with status RUNNING' },
      });
      await post(`/v2/pods/${id}/action`, { action: "stop" });
      expect((await post(`/v2/pods/${id}/action`, { action: "restart" })).status).toBe(409);
      expect((await post(`/v2/pods/${id}/action`, { action: "fly" })).status).toBe(422);
    });

    test("terminate answers without a body", async () => {
      const { id } = await create();
      const answer = await post(`/v2/pods/${id}/action`, { action: "terminate" });
      expect([answer.status, answer.body]).toEqual([204, ""]);
      expect((await get(`/v2/pods/${id}`)).status).toBe(404);
    });

    test("a start is refused when the GPUs of the machine are taken", async () => {
      const { id, dataCenterId } = await create();
      await post(`/v2/pods/${id}/action`, { action: "stop" });
      const gpuTypeId = "NVIDIA H100 80GB HBM3";
      await post("/_emulator/capacity", { gpuTypeId, dataCenterId, available: 0 });
      expect(await post(`/v2/pods/${id}/action`, { action: "start" })).toMatchObject({
        status: 400,
        body: { detail: "There are not enough free GPUs on the host machine to start this pod." },
      });
      expect((await get(`/v2/pods/${id}`)).body.status).toBe("EXITED");
    });

    test("a locked pod can be neither stopped nor restarted nor terminated until it is unlocked", async () => {
      const { id } = await create();
      await get(`/v2/pods/${id}`);
      expect((await patch(id, { locked: true })).body.locked).toBe(true);
      for (const action of ["stop", "restart", "terminate"]) {
        expect((await post(`/v2/pods/${id}/action`, { action })).status).toBe(400);
      }
      expect((await emulator.call("DELETE", `/v2/pods/${id}`)).status).toBe(400);
      expect((await patch(id, { env: { A: "1" } })).status).toBe(400);
      expect((await patch(id, { name: "other" })).status).toBe(200);
      await patch(id, { locked: false });
      expect((await emulator.call("DELETE", `/v2/pods/${id}`)).status).toBe(204);
    });
  });

  describe("the environment", () => {
    test("what RunPod adds is shown like any other variable", async () => {
      const { id, env, dataCenterId } = await create({ env: { HF_TOKEN: "hf_x" } });
      expect(env).toMatchObject({
        HF_TOKEN: "hf_x",
        RUNPOD_POD_ID: id,
        RUNPOD_API_KEY: expect.stringMatching(/^rpa_/),
        RUNPOD_DC_ID: dataCenterId,
        RUNPOD_GPU_COUNT: "1",
      });
      expect(env).not.toHaveProperty("PUBLIC_KEY");
    });

    test("startSsh adds the registered keys, and a PATCH of env drops them", async () => {
      const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@example.com";
      await emulator.call("PUT", "/v2/account/ssh-keys", { keys: [key] });
      const { id, env } = await create({ startSsh: true, startJupyter: true });
      expect(env).toMatchObject({ PUBLIC_KEY: key, JUPYTER_PASSWORD: expect.any(String) });
      await patch(id, { env: { ONLY: "this" } });
      expect((await get(`/v2/pods/${id}`)).body.env).toEqual({ ONLY: "this" });
    });

    test("fifty variables are the limit, RunPod's own not counted", async () => {
      const env = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, "x"]));
      const created = await create({ env: env(50) });
      expect((await patch(created.id, { env: created.env })).status).toBe(200);
      expect(await refusal({ env: env(51) })).toEqual({
        status: 400,
        detail: "at most 50 environment variables are allowed, got 51",
      });
    });
  });

  describe("a change", () => {
    test("of the name does not restart the container", async () => {
      const { id } = await create();
      await get(`/v2/pods/${id}`);
      await emulator.advance(100);
      const renamed = await patch(id, { name: "renamed" });
      expect(renamed.body).toMatchObject({ name: "renamed", status: "RUNNING" });
      expect((await get(`/v2/pods/${id}`)).body.runtime.uptime).toBeGreaterThanOrEqual(100);
    });

    test.each([
      ["image", { image: "vllm/vllm-openai:v0.11.1", cmd: ["Qwen/Qwen2.5-7B-Instruct"] }],
      ["env", { env: { A: "1" } }],
      ["ports", { ports: ["8000/http"] }],
      ["disk", { disk: 80 }],
      ["cmd", { cmd: ["--model", "Qwen/Qwen2.5-3B-Instruct"] }],
    ])("of %s starts a new container", async (_, changes) => {
      const { id } = await create();
      await get(`/v2/pods/${id}`);
      await emulator.advance(100);
      expect((await patch(id, changes)).body).toMatchObject({ ...changes, status: "STARTING" });
      const { body } = await get(`/v2/pods/${id}`);
      expect(body.status).toBe("RUNNING");
      expect(body.runtime.uptime).toBeLessThan(100);
    });

    test("of a stopped pod waits for the next start", async () => {
      const { id } = await create();
      await post(`/v2/pods/${id}/action`, { action: "stop" });
      expect((await patch(id, { disk: 80 })).body).toMatchObject({ disk: 80, status: "EXITED" });
    });

    test("of nothing changes nothing", async () => {
      const { id } = await create();
      const before = (await get(`/v2/pods/${id}`)).body;
      const after = (await patch(id, {})).body;
      expect({ ...after, runtime: null }).toEqual({ ...before, runtime: null });
    });

    test("of global networking is refused where it is not available", async () => {
      const { id } = await create({ dataCenterIds: ["US-TX-1"] });
      expect(await patch(id, { globalNetworking: true })).toMatchObject({
        status: 400,
        body: { detail: 'data center "US-TX-1" has no global networking' },
      });
    });

    test("of global networking takes effect with the next start", async () => {
      const { id } = await create({ dataCenterIds: ["US-KS-2"] });
      await get(`/v2/pods/${id}`);
      expect((await patch(id, { globalNetworking: true })).body.globalNetworking).toEqual({
        enabled: false,
      });
      await post(`/v2/pods/${id}/action`, { action: "restart" });
      expect((await get(`/v2/pods/${id}`)).body.globalNetworking).toEqual({
        enabled: true,
        ip: expect.stringMatching(/^10\.65\./),
        internalDns: `${id}.runpod.internal`,
      });
    });
  });

  describe("mounts", () => {
    const persistent = { size: 100, path: "/root/.cache/huggingface" };

    test("a volume disk grows, moves, and never shrinks", async () => {
      const { id } = await create({ mounts: { persistent } });
      expect((await patch(id, { mounts: {} })).body.mounts).toEqual({ persistent });
      const grown = { size: 200, path: "/models" };
      expect((await patch(id, { mounts: { persistent: grown } })).body.mounts).toEqual({
        persistent: grown,
      });
      expect(await patch(id, { mounts: { persistent } })).toMatchObject({
        status: 400,
        body: { detail: "mounts.persistent.size cannot be reduced (current 200 GB)" },
      });
    });

    test("a mount is complete, of one kind, and keeps its kind", async () => {
      const { id } = await create({ mounts: { persistent } });
      const volume = (await post("/v2/network-volumes", volumeBody())).body;
      const network = [{ volumeId: volume.id, path: "/cache" }];
      expect((await patch(id, { mounts: { persistent: { size: 200 } } })).status).toBe(422);
      expect((await patch(id, { mounts: { network } })).status).toBe(400);
      expect((await patch(id, { mounts: { network: [] } })).status).toBe(400);
      expect((await refusal({ mounts: { persistent, network } })).status).toBe(400);
      expect((await refusal({ mounts: { persistent: { size: 5, path: "/x" } } })).status).toBe(422);
      const bare = await create();
      expect((await patch(bare.id, { mounts: { persistent } })).status).toBe(400);
    });

    test.each([
      ["", "field Target must not be empty"],
      ["relative", "invalid mount path: 'relative' mount path must be absolute"],
      ["/", "invalid specification: destination can't be '/'"],
      ["//.", "invalid specification: destination can't be '/'"],
    ])("a container with a mount at %j is never created, and billed", async (path, reason) => {
      const volume = (await post("/v2/network-volumes", volumeBody())).body;
      const mounts = [
        { persistent: { size: 100, path } },
        { network: [{ volumeId: volume.id, path }] },
      ];
      for (const mount of mounts) {
        const { id, cost } = await create({ mounts: mount });
        expect((await get(`/v2/pods/${id}`)).body).toMatchObject({ status: "STARTING", cost });
        expect((await get(`/proxy/${id}-8000/health`)).status).toBe(502);
        await emulator.advance(120);
        const lines = (await emulator.logs(id, "source=system")).map(({ line }) => line);
        const tries = lines.filter((line) => line.includes(reason));
        expect(tries.length).toBeGreaterThan(1);
        expect(tries[0]).toMatch(
          /^error creating container: .* invalid mount config for type "bind"/,
        );
      }
    });

    test("no machine has disks of a petabyte", async () => {
      const huge = { persistent: { size: 1_000_000, path: "/data" } };
      expect(await refusal({ disk: 1_000_000 })).toEqual({ status: 400, detail: CAPACITY_TEXT });
      expect(await refusal({ mounts: huge })).toEqual({ status: 400, detail: CAPACITY_TEXT });
      const { id } = await create({ mounts: { persistent } });
      for (const change of [{ disk: 1_000_000 }, { mounts: huge }]) {
        expect((await patch(id, change)).status).toBe(400);
      }
      expect((await get(`/v2/pods/${id}`)).body.disk).toBe(60);
    });

    test("a network volume binds the pod to its data center", async () => {
      const volume = (await post("/v2/network-volumes", volumeBody())).body;
      const mounts = { network: [{ volumeId: volume.id, path: "/cache" }] };
      const pod = await create({ mounts });
      expect(pod).toMatchObject({ dataCenterId: "EU-RO-1", mounts });
      expect(pod.env["RUNPOD_VOLUME_ID"]).toBe(volume.id);
      expect(await refusal({ mounts, dataCenterIds: ["US-KS-2"] })).toEqual({
        status: 400,
        detail: CAPACITY_TEXT,
      });
      expect(await refusal({ mounts, cloud: "COMMUNITY" })).toEqual({
        status: 400,
        detail: "Something went wrong. Please try again later or contact support.",
      });
      const other = { network: [{ volumeId: "other", path: "/cache" }] };
      expect((await refusal({ mounts: other })).status).toBe(404);
      expect((await patch(pod.id, { mounts: other })).status).toBe(400);
      const moved = { network: [{ volumeId: volume.id, path: "/models" }] };
      expect((await patch(pod.id, { mounts: moved })).body.mounts).toEqual(moved);
    });

    test("a volume disk keeps its contents over a restart, the container disk does not", async () => {
      const cached = await create({ mounts: { persistent } });
      const plain = await create();
      const downloads = async (id: string) =>
        (await emulator.logs(id, "tail=5000&source=container")).filter(({ line }) =>
          line.includes("Time spent downloading weights"),
        ).length;
      for (const { id } of [cached, plain]) {
        expect((await get(`/v2/pods/${id}`)).body.status).toBe("RUNNING");
        await post(`/v2/pods/${id}/action`, { action: "restart" });
        expect((await get(`/v2/pods/${id}`)).body.status).toBe("RUNNING");
      }
      expect(await downloads(plain.id)).toBe(2);
      expect(await downloads(cached.id)).toBe(1);
    });
  });
});
