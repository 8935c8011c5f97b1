import { startTestEmulator, type TestEmulator } from "../../support/emulator";

const POD = {
  name: "serve",
  image: "vllm/vllm-openai:v0.11.0",
  cmd: ["--model", "Qwen/Qwen2.5-7B-Instruct"],
  disk: 60,
  ports: ["8000/http", "22/tcp"],
  gpu: { id: "NVIDIA H100 80GB HBM3", count: 1 },
};

describe("/v2/pods", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  test("a pod is created, runs, serves, and is gone once deleted", async () => {
    const created = await emulator.call("POST", "/v2/pods", POD);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      name: "serve",
      status: "PROVISIONING",
      cost: 3.99,
      runtime: {},
    });
    const { id } = created.body;

    const running = await emulator.call("GET", `/v2/pods/${id}`);
    expect(running.body).toMatchObject({
      id,
      status: "RUNNING",
      actions: ["stop", "restart", "terminate"],
    });

    const models = await emulator.call("GET", `/proxy/${id}-8000/v1/models`);
    expect(models.body.data[0].id).toBe("Qwen/Qwen2.5-7B-Instruct");

    expect((await emulator.call("DELETE", `/v2/pods/${id}`)).status).toBe(204);
    expect((await emulator.call("GET", `/v2/pods/${id}`)).status).toBe(404);
    const { pods } = await emulator.ledger();
    expect(pods).toEqual([
      expect.objectContaining({ id, endedAt: expect.any(String), costPerHr: 0 }),
    ]);
  });
});
