import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { sendRaw } from "../../support/raw-http";
import { podBody } from "./bodies";

const CHAT = { model: "Qwen/Qwen2.5-7B-Instruct", messages: [{ role: "user", content: "Hello" }] };

describe("/proxy/{podId}-{port}", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const serve = async (changes: Record<string, unknown> = {}) =>
    (await emulator.call("POST", "/v2/pods", podBody(changes))).body.id as string;
  const fetchProxy = (target: string, init: RequestInit = {}) =>
    fetch(`${emulator.url}/proxy/${target}`, init);
  const json = (body: unknown) => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

  test("needs no RunPod key, and forwards the query, the body and the answer", async () => {
    const id = await serve();
    expect((await fetchProxy(`${id}-8000/health?deep=1`)).status).toBe(200);
    const answer = await fetchProxy(`${id}-8000/v1/chat/completions`, json(CHAT));
    const completion = (await answer.json()) as { choices: { message: { role: string } }[] };
    expect(completion.choices[0]?.message.role).toBe("assistant");
  });

  test("a redirect leads back to the address that the client used", async () => {
    const id = await serve();
    const { port } = new URL(emulator.url);
    for (const origin of [emulator.url, `http://localhost:${port}`]) {
      const target = `${origin}/proxy/${id}-8000/v1/models`;
      const answer = await fetch(`${target}/?a=1`, { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([307, `${target}?a=1`]);
    }
    expect((await fetchProxy(`${id}-8000/v1/models/`)).status).toBe(200);
  });

  test("a stream arrives as one", async () => {
    const id = await serve();
    const body = { ...CHAT, stream: true };
    const answer = await fetchProxy(`${id}-8000/v1/chat/completions`, json(body));
    expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await answer.text()).toMatch(/^data: \{.*\n\ndata: \[DONE\]\n\n$/s);
  });

  test("the service requires its own key", async () => {
    const id = await serve({ env: { VLLM_API_KEY: "sk-1" } });
    expect((await fetchProxy(`${id}-8000/v1/models`)).status).toBe(401);
    const headers = { authorization: "Bearer sk-1" };
    expect((await fetchProxy(`${id}-8000/v1/models`, { headers })).status).toBe(200);
  });

  test.each([
    ["a server on uvicorn", {}, 403],
    ["a placeholder", { image: "acme/app:1", cmd: [] }, 404],
    ["nginx", { image: "nginx:1.29", cmd: [], ports: ["80/http"] }, 404],
  ])("%s refuses a WebSocket", async (_, changes, status) => {
    const id = await serve(changes);
    const port = "ports" in changes ? 80 : 8000;
    const answer = await sendRaw(emulator.url, [
      `GET /proxy/${id}-${port}/ws HTTP/1.1`,
      `Host: ${new URL(emulator.url).host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain("text/html");
  });

  test("an unknown pod and a port that is not exposed as HTTP are not found", async () => {
    const id = await serve();
    for (const target of ["nope-8000/", `${id}-9000/`, `${id}-22/`, id]) {
      const answer = await fetchProxy(target);
      expect([target, answer.status]).toEqual([target, 404]);
      expect(answer.headers.get("content-type")).toMatch("text/html");
    }
  });

  test("Cloudflare's page with 502 is shown until something listens, and after a stop", async () => {
    const real = await startTestEmulator({ speed: "real" });
    const { id } = (await real.call("POST", "/v2/pods", podBody())).body;
    const path = `/proxy/${id}-8000/v1/models`;
    const early = await real.call("GET", path);
    expect([early.status, early.headers.get("server")]).toEqual([502, "cloudflare"]);
    expect(early.body).toMatch("Bad Gateway");
    await real.advance(1800);
    expect((await real.call("GET", path)).status).toBe(200);
    await real.call("POST", `/v2/pods/${id}/action`, { action: "stop" });
    expect((await real.call("GET", path)).status).toBe(502);
    await real.close();
  });

  test("a disk too small for the weights never serves, and its log says why", async () => {
    const id = await serve({ cmd: ["--model", "Qwen/Qwen2.5-32B-Instruct"], disk: 20 });
    expect((await fetchProxy(`${id}-8000/v1/models`)).status).toBe(502);
    const lines = await emulator.logs(id, "tail=5000&source=container");
    expect(lines.some(({ line }) => line.includes("No space left on device"))).toBe(true);
  });
});

test("with --speed instant, a server that answers while it loads has loaded at the first read", async () => {
  const instant = await startTestEmulator({ speed: "instant" });
  const { body } = await instant.call(
    "POST",
    "/v2/pods",
    podBody({
      image: "ghcr.io/ggml-org/llama.cpp:server-cuda",
      cmd: ["-hf", "Qwen/Qwen3-0.6B-GGUF", "--port", "8000"],
      ports: ["8000/http"],
    }),
  );
  const answer = await fetch(`${instant.url}/proxy/${body.id}-8000/health`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  await instant.close();
});
