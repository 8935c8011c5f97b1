import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { CAPACITY_TEXT } from "./bodies";

/** The request body that guides print. */
const GUIDE = {
  name: "model-deployment",
  imageName: "vllm/vllm-openai:latest",
  gpuTypeIds: ["NVIDIA B200"],
  gpuCount: 1,
  containerDiskInGb: 100,
  volumeInGb: 100,
  volumeMountPath: "/root/.cache/huggingface",
  ports: ["8000/http", "22/tcp"],
  cloudType: "SECURE",
};

describe("/v1", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator({ restV1: true });
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const post = (path: string, body?: unknown) => emulator.call("POST", `/v1/${path}`, body);
  const get = (path: string) => emulator.call("GET", `/v1/${path}`);

  describe("pods", () => {
    test("the guide's body, posted unchanged, becomes a running pod", async () => {
      const created = await post("pods", GUIDE);
      expect(created.status).toBe(201);
      const { id } = created.body;
      expect((await get(`pods/${id}`)).body).toMatchObject({
        name: "model-deployment",
        desiredStatus: "RUNNING",
        image: "vllm/vllm-openai:latest",
        containerDiskInGb: 100,
        volumeInGb: 100,
        volumeMountPath: "/root/.cache/huggingface",
        ports: ["8000/http", "22/tcp"],
        costPerHr: 6.79,
        gpu: { id: "NVIDIA B200", count: 1 },
        machine: { gpuTypeId: "NVIDIA B200", secureCloud: true },
        portMappings: { "22": expect.any(Number) },
      });
      const v2 = (await emulator.call("GET", `/v2/pods/${id}`)).body;
      expect(v2).toMatchObject({
        status: "RUNNING",
        disk: 100,
        mounts: { persistent: { size: 100, path: "/root/.cache/huggingface" } },
      });
    });

    test("v1 fills in what the body leaves out", async () => {
      expect((await post("pods", { imageName: "ubuntu:24.04" })).body).toMatchObject({
        name: "my pod",
        containerDiskInGb: 50,
        volumeInGb: 20,
        volumeMountPath: "/workspace",
        ports: ["8888/http", "22/tcp"],
      });
      const without = { imageName: "ubuntu:24.04", volumeInGb: 0 };
      expect((await post("pods", without)).body.volumeInGb).toBe(0);
      const onCpu = { imageName: "ubuntu:24.04", computeType: "CPU", cpuFlavorIds: ["cpu5g"] };
      expect((await post("pods", onCpu)).body).toMatchObject({
        cpuFlavorId: "cpu5g",
        vcpuCount: 2,
      });
    });

    test("desiredStatus is the requested status while the image is still pulled", async () => {
      const real = await startTestEmulator({ speed: "real", restV1: true });
      const { id } = (await real.call("POST", "/v1/pods", GUIDE)).body;
      await real.advance(10);
      expect((await real.call("GET", `/v1/pods/${id}`)).body.desiredStatus).toBe("RUNNING");
      expect((await real.call("GET", `/v2/pods/${id}`)).body.status).toBe("STARTING");
      await real.close();
    });

    test("the server itself falls back along gpuTypeIds", async () => {
      await emulator.call("POST", "/_emulator/capacity", {
        gpuTypeId: "NVIDIA B200",
        available: 0,
      });
      const gpuTypeIds = ["NVIDIA B200", "NVIDIA H200"];
      expect((await post("pods", { ...GUIDE, gpuTypeIds })).body.gpu.id).toBe("NVIDIA H200");
      expect(await post("pods", GUIDE)).toMatchObject({
        status: 400,
        body: { error: CAPACITY_TEXT, status: 400 },
      });
    });

    test("a template provides what the body leaves out", async () => {
      const template = (await post("templates", { name: "t", imageName: "ubuntu:24.04" })).body;
      const { imageName, containerDiskInGb, volumeInGb, ports, ...body } = GUIDE;
      const pod = (await post("pods", { ...body, templateId: template.id })).body;
      expect(pod).toMatchObject({
        image: "ubuntu:24.04",
        containerDiskInGb: 50,
        volumeInGb: 20,
        ports: ["8888/http", "22/tcp"],
        templateId: template.id,
      });
      expect((await emulator.call("DELETE", `/v1/templates/${template.id}`)).status).toBe(400);
    });

    test("a network volume replaces the volume disk", async () => {
      const volume = (
        await post("networkvolumes", { name: "v", size: 50, dataCenterId: "EU-RO-1" })
      ).body;
      const pod = (await post("pods", { ...GUIDE, networkVolumeId: volume.id })).body;
      expect(pod).toMatchObject({ volumeInGb: 0, networkVolume: volume });
      expect(pod.machine.dataCenterId).toBe("EU-RO-1");
    });

    test("a pod is changed, stopped, started, restarted, reset and deleted", async () => {
      const { id } = (await post("pods", GUIDE)).body;
      const changed = await emulator.call("PATCH", `/v1/pods/${id}`, {
        name: "x",
        volumeInGb: 150,
      });
      expect(changed.body).toMatchObject({ name: "x", volumeInGb: 150 });
      expect((await post(`pods/${id}/update`, { locked: true })).body.locked).toBe(true);
      expect((await post(`pods/${id}/stop`)).status).toBe(400);
      await post(`pods/${id}/update`, { locked: false });
      expect((await post(`pods/${id}/stop`)).body.desiredStatus).toBe("EXITED");
      expect((await get("pods?desiredStatus=EXITED")).body).toHaveLength(1);
      expect((await get("pods?desiredStatus=RUNNING")).body).toHaveLength(0);
      for (const action of ["start", "restart", "reset"]) {
        expect((await post(`pods/${id}/${action}`)).body.desiredStatus).toBe("RUNNING");
      }
      expect((await emulator.call("DELETE", `/v1/pods/${id}`)).status).toBe(204);
      expect(await get(`pods/${id}`)).toMatchObject({
        status: 404,
        body: { error: `pod "${id}" not found`, status: 404 },
      });
    });

    test("a wrong body is a 400 in v1's form, and an unknown field is ignored", async () => {
      const { status, body } = await post("pods", { ...GUIDE, gpuTypeIds: ["RTX 9090"] });
      expect([status, body.status]).toEqual([400, 400]);
      expect(body.error).toMatch(/gpuTypeIds/);
      expect((await post("pods", { ...GUIDE, bogus: true })).status).toBe(201);
      expect((await post("pods", { ...GUIDE, interruptible: true })).status).toBe(501);
      const unauthorized = await emulator.call("GET", "/v1/pods", undefined, { authorization: "" });
      expect(unauthorized.body).toEqual({ error: "missing bearer token", status: 401 });
    });
  });

  test("templates: created, listed, renamed, deleted, names unique", async () => {
    const created = await post("templates", { name: "t", imageName: "a:1", dockerStartCmd: ["x"] });
    expect(created).toMatchObject({
      status: 200,
      body: { containerDiskInGb: 50, volumeInGb: 20, dockerStartCmd: ["x"], isServerless: false },
    });
    expect((await post("templates", { name: "t", imageName: "a:1" })).status).toBe(400);
    const path = `/v1/templates/${created.body.id}`;
    expect((await emulator.call("PATCH", path, { name: "u" })).body.name).toBe("u");
    expect((await get("templates")).body).toHaveLength(1);
    expect((await emulator.call("DELETE", path)).status).toBe(204);
    expect((await emulator.call("GET", path)).status).toBe(404);
  });

  test("network volumes: created, listed, grown, deleted", async () => {
    const body = { name: "v", size: 50, dataCenterId: "EU-RO-1" };
    const created = await post("networkvolumes", body);
    expect(created.body).toEqual({ ...body, id: expect.any(String) });
    const path = `/v1/networkvolumes/${created.body.id}`;
    expect((await emulator.call("PATCH", path, { size: 60 })).body.size).toBe(60);
    expect((await emulator.call("PATCH", path, { size: 40 })).status).toBe(400);
    expect((await get("networkvolumes")).body).toHaveLength(1);
    expect((await emulator.call("DELETE", path)).status).toBe(204);
    expect((await emulator.call("GET", path)).status).toBe(404);
  });

  test("the rest of v1 is answered with 501", async () => {
    expect(await get("endpoints")).toMatchObject({
      status: 501,
      body: { error: "GET /v1/endpoints is part of RunPod's API and is not emulated" },
    });
  });
});

test("without an option, every route of v1 answers 410 and names the remedy", async () => {
  const emulator = await startTestEmulator();
  for (const [method, path] of [
    ["POST", "/v1/pods"],
    ["GET", "/v1/pods"],
    ["GET", "/v1/endpoints"],
    ["DELETE", "/v1/templates/x"],
  ] as const) {
    const answer = await emulator.call(method, path, method === "POST" ? GUIDE : undefined);
    expect([path, answer.status, answer.body]).toEqual([
      path,
      410,
      {
        error:
          "REST v1 was retired by RunPod in November 2026. Use REST v2, or start the emulator with --rest-v1.",
        status: 410,
      },
    ]);
  }
  expect((await emulator.ledger()).pods).toEqual([]);
  await emulator.close();
});
