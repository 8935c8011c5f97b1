import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import OpenAI, { InternalServerError } from "openai";
import { startTestEmulator, type TestEmulator } from "../../../support/emulator";
import { endpointBody } from "../bodies";
import { queue } from "./support";

const MODEL = "Qwen/Qwen2.5-7B-Instruct";
const MESSAGES = [{ role: "user" as const, content: "Hello" }];

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

test("RunPod's JavaScript library runs, streams, watches, cancels and purges", async () => {
  const { id } = await queue(emulator, { workers: { min: 0, max: 1 } });
  const script = path.join(__dirname, "../../../support/runpod-sdk.mjs");
  const env = { ...process.env, ...emulator.env, ENDPOINT_ID: id };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env });
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({
    runSync: expect.objectContaining({
      status: "COMPLETED",
      succeeded: true,
      output: expect.objectContaining({ input: { prompt: "Hello" } }),
    }),
    run: "IN_QUEUE",
    stream: ["a", "b"],
    status: expect.objectContaining({ status: "COMPLETED", output: ["a", "b"] }),
    failed: { error: "no space", succeeded: false },
    waited: "IN_PROGRESS",
    health: {
      jobs: { completed: 2, failed: 1, inProgress: 1, inQueue: 1, retried: 0 },
      workers: { idle: 0, initializing: 0, ready: 0, running: 1, throttled: 0, unhealthy: 0 },
    },
    purged: { removed: 1, status: "completed" },
    purgedStatus: 404,
    canceled: "CANCELLED",
    stranger: 401,
  });
});

describe("OpenAI's library", () => {
  const client = async (changes: Record<string, unknown> = {}) => {
    const { id } = (await emulator.call("POST", "/v2/serverless", endpointBody(changes))).body;
    const baseURL = `${emulator.env["RUNPOD_ENDPOINT_BASE_URL"]}/${id}/openai/v1`;
    const apiKey = emulator.env["RUNPOD_API_KEY"];
    return { id, openai: new OpenAI({ baseURL, apiKey, maxRetries: 0 }) };
  };

  test("chats with RunPod's vLLM worker, as a whole and as a stream", async () => {
    const { id, openai } = await client();
    const whole = await openai.chat.completions.create({ model: MODEL, messages: MESSAGES });
    const said = whole.choices[0]?.message.content;
    expect(said).toContain("You said: Hello");
    let streamed = "";
    const request = { model: MODEL, messages: MESSAGES, stream: true } as const;
    for await (const chunk of await openai.chat.completions.create(request)) {
      streamed += chunk.choices[0]?.delta.content ?? "";
    }
    expect(streamed).toBe(said);
    const health = await emulator.call("GET", `/serverless/v2/${id}/health`);
    expect(health.body.jobs.completed).toBe(2);
  });

  test("completes text and lists the models", async () => {
    const { openai } = await client();
    const { choices } = await openai.completions.create({ model: MODEL, prompt: "Hello" });
    expect(choices[0]?.text).toContain("You said: Hello");
    const models = await openai.models.list();
    expect(models.data.map(({ id }) => id)).toEqual([MODEL]);
  });

  test("fails with 500 if vLLM refuses the request", async () => {
    const { openai } = await client();
    const wrong = openai.chat.completions.create({ model: "gpt-2", messages: MESSAGES });
    await expect(wrong).rejects.toThrow(InternalServerError);
    await expect(wrong).rejects.toThrow("does not exist");
  });

  test("a handler that is no model gets the route and the body", async () => {
    const { openai } = await client({ image: "ghcr.io/acme/handler:1" });
    const answer = await openai.post("/embeddings", { body: { input: "Hello" } });
    expect(answer).toMatchObject({
      input: { openai_route: "/v1/embeddings", openai_input: { input: "Hello" } },
    });
  });
});

describe("the requests of RunPod's Python library", () => {
  /** As `runpod.Endpoint` sends them: https://github.com/runpod/runpod-python/blob/main/runpod/endpoint/runner.py */
  const request = async (method: string, url: string, data?: object) => {
    const response = await fetch(`${emulator.env["RUNPOD_ENDPOINT_BASE_URL"]}/${url}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${emulator.env["RUNPOD_API_KEY"]}`,
      },
      ...(data && { body: JSON.stringify(data) }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  };

  test("run_sync, and run with status, output and stream", async () => {
    const { id } = await queue(emulator);
    const input = { emulator: { chunks: ["a", "b"] } };
    expect(await request("POST", `${id}/runsync`, { input })).toMatchObject({ output: ["a", "b"] });
    const { id: job } = await request("POST", `${id}/run`, { input });
    const status = await request("GET", `${id}/status/${job}`);
    expect([status["status"], status["output"]]).toEqual(["COMPLETED", ["a", "b"]]);
    // It reads until a finished job has nothing more.
    const stream = [await request("GET", `${id}/stream/${job}`)];
    stream.push(await request("GET", `${id}/stream/${job}`));
    expect(stream).toEqual([
      { status: "COMPLETED", stream: [{ output: "a" }, { output: "b" }] },
      { status: "COMPLETED", stream: [] },
    ]);
  });

  test("cancel, purge_queue and health, without a body", async () => {
    const { id } = await queue(emulator);
    const input = { emulator: { seconds: 60 } };
    const { id: job } = await request("POST", `${id}/run`, { input });
    expect(await request("POST", `${id}/cancel/${job}`)).toEqual({ id: job, status: "CANCELLED" });
    expect(await request("POST", `${id}/purge-queue`)).toEqual({ removed: 0, status: "completed" });
    expect(await request("GET", `${id}/health`)).toHaveProperty("workers.idle", 1);
  });
});
