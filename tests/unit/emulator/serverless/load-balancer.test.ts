import { type Answer, startTestEmulator, type TestEmulator } from "../../../support/emulator";
import { sendRaw } from "../../../support/raw-http";
import { endpointBody } from "../bodies";

const APP = {
  type: "LOAD_BALANCER",
  image: "ghcr.io/acme/app:1",
  env: {},
  scaling: { type: "REQUEST_COUNT", requestCount: 1 },
};
const VLLM = {
  image: "vllm/vllm-openai:v0.24.0",
  cmd: ["Qwen/Qwen3-0.6B"],
  ports: ["8000/http"],
  env: { PORT: "8000" },
};
const WORKER_ID = "x-runpod-worker-id";

describe("/lb/{endpointId}", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const create = async (changes: Record<string, unknown> = {}): Promise<string> =>
    (await emulator.call("POST", "/v2/serverless", endpointBody({ ...APP, ...changes }))).body.id;
  const get = (id: string, path = "/ping", workerId?: string): Promise<Answer> =>
    emulator.call(
      "GET",
      `/lb/${id}${path}`,
      undefined,
      workerId === undefined ? {} : { [WORKER_ID]: workerId },
    );
  const workerOf = (answer: Answer) => answer.headers.get(WORKER_ID) ?? "";
  const workers = async (id: string): Promise<{ id: string; status: string }[]> =>
    (await emulator.call("GET", `/v2/serverless/${id}/workers`)).body.workers;

  test("a request starts a worker, whose server answers it", async () => {
    const id = await create();
    expect(await workers(id)).toEqual([]);
    const answer = await get(id, "/any/path?query=1");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-runpod-emulator")).toBe("placeholder");
    expect(await workers(id)).toEqual([
      expect.objectContaining({ id: workerOf(answer), status: "IDLE" }),
    ]);
  });

  test("vLLM answers at the port that the environment names, also as a stream", async () => {
    const id = await create(VLLM);
    expect((await get(id, "/v1/models")).body.data[0].id).toBe("Qwen/Qwen3-0.6B");
    const messages = [{ role: "user", content: "Hello" }];
    const chat = await emulator.call("POST", `/lb/${id}/v1/chat/completions`, {
      messages,
      stream: true,
    });
    expect(chat.headers.get("content-type")).toMatch("text/event-stream");
    expect(chat.body).toMatch(/data: \[DONE\]\n\n$/);
  });

  test("a redirect leads back to the load balancer", async () => {
    const id = await create(VLLM);
    const answer = await fetch(`${emulator.url}/lb/${id}/health/`, {
      headers: { authorization: "Bearer rpa_emulator" },
      redirect: "manual",
    });
    expect(answer.headers.get("location")).toBe(`${emulator.url}/lb/${id}/health`);
  });

  test("the key is required, and stays with the load balancer", async () => {
    const id = await create({ ...VLLM, env: { PORT: "8000", VLLM_API_KEY: "rpa_emulator" } });
    expect((await get(id, "/ping")).status).toBe(200);
    expect((await get(id, "/v1/models")).status).toBe(401);
    for (const [authorization, error] of [
      ["", "no token provided"],
      ["Bearer rpa_no", "invalid API key"],
    ] as const) {
      const answer = await emulator.call("GET", `/lb/${id}/ping`, undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { error } });
    }
  });

  test("a queue-based or unknown endpoint has no load balancer", async () => {
    const id = (await emulator.call("POST", "/v2/serverless", endpointBody())).body.id;
    expect(await get(id)).toMatchObject({ status: 400, body: { error: "not allowed for QB API" } });
    expect((await get("nope")).status).toBe(404);
  });

  test.each([
    ["PORT is not exposed", { ...VLLM, ports: [] }, 502],
    ["PORT_HEALTH is not exposed", { ...VLLM, env: { PORT: "8000", PORT_HEALTH: "8001" } }, 502],
    [
      "nothing listens at PORT",
      { ...VLLM, ports: ["8000/http", "9000/http"], env: { PORT: "9000", PORT_HEALTH: "8000" } },
      502,
    ],
    [
      "the health check is never 200",
      { ...VLLM, env: { PORT: "8000", HEALTH_CHECK_PATH: "/no" } },
      400,
    ],
    ["there may be no workers", { workers: { min: 0, max: 0 } }, 400],
  ])("a request fails if %s", async (_, changes, status) => {
    expect((await get(await create(changes))).status).toBe(status);
  });

  test("another health check is asked where the environment says so", async () => {
    const id = await create({ ...VLLM, env: { PORT: "8000", HEALTH_CHECK_PATH: "/health" } });
    expect((await get(id, "/health")).status).toBe(200);
  });

  test("without a worker in two minutes, a request is refused", async () => {
    const real = await startTestEmulator({ speed: "real" });
    const body = endpointBody({ ...APP, ...VLLM });
    const { id } = (await real.call("POST", "/v2/serverless", body)).body;
    const answer = real.call("GET", `/lb/${id}/v1/models`);
    const logged = async () => (await real.requests()).some(({ path }) => path.startsWith("/lb/"));
    while (!(await logged())) {
      // It waits for its worker.
    }
    await real.advance(121);
    expect(await answer).toMatchObject({
      status: 400,
      body: { error: "timed out waiting for worker" },
    });
    await real.close();
  });

  test("a WebSocket is refused as by the server in the worker", async () => {
    const [vllm, app] = [await create(VLLM), await create()];
    for (const [id, status] of [
      [vllm, 403],
      [app, 404],
    ] as const) {
      const answer = await sendRaw(emulator.url, [
        `GET /lb/${id}/ws HTTP/1.1`,
        `Host: ${new URL(emulator.url).host}`,
        `Authorization: Bearer ${emulator.env["RUNPOD_API_KEY"]}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ]);
      expect(answer.status).toBe(status);
    }
  });

  test("bodies end at 30 MB, and are not recorded", async () => {
    const id = await create();
    const post = async (mb: number) =>
      (await emulator.call("POST", `/lb/${id}/`, "x".repeat(mb * 1024 * 1024))).status;
    expect([await post(29), await post(31)]).toEqual([200, 413]);
    const [request] = (await emulator.requests()).filter(({ path }) => path.startsWith("/lb/"));
    expect(request).not.toHaveProperty("body");
  });

  describe("X-Runpod-Worker-Id", () => {
    const two = () => create({ workers: { min: 2, max: 2, idleTimeout: 5 } });

    test("a worker is preferred by its id, and required by strict", async () => {
      const id = await two();
      const [, second] = (await workers(id)).map((worker) => worker.id);
      for (const header of [second, `strict ${second}`, `strict-resume ${second}`]) {
        expect(workerOf(await get(id, "/ping", header))).toBe(second);
      }
    });

    test("without the worker any other will do, unless it is strict", async () => {
      const id = await two();
      expect((await get(id, "/ping", "gone")).status).toBe(200);
      for (const mode of ["strict", "strict-resume"]) {
        expect(await get(id, "/ping", `${mode} gone`)).toMatchObject({
          status: 404,
          body: { error: "affinity_worker_gone" },
        });
      }
    });

    test("a worker that was scaled down is started again by strict-resume only", async () => {
      const id = await create({ workers: { min: 0, max: 1, idleTimeout: 5 } });
      const worker = workerOf(await get(id));
      await emulator.advance(60);
      expect(await workers(id)).toEqual([]);
      expect((await get(id, "/ping", `strict ${worker}`)).status).toBe(404);
      expect(await workers(id)).toEqual([]);
      const answer = await get(id, "/ping", `strict-resume ${worker}`);
      expect([answer.status, workerOf(answer)]).toEqual([200, worker]);
      await emulator.call("PATCH", `/v2/serverless/${id}`, { image: "ghcr.io/acme/app:2" });
      expect((await get(id, "/ping", `strict-resume ${worker}`)).status).toBe(404);
    });
  });
});
