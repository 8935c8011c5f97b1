import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EmulatorOptions } from "@runpod-stack/emulator";
import { FileLock } from "../../../emulator/src/state/file-lock";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { endpointBody, podBody, templateBody } from "./bodies";
import { queue } from "./serverless/support";

let folder: string;
let stateFile: string;
let running: TestEmulator[];
/** Real milliseconds since the epoch, as the emulators see them. */
let time: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runpod-emulator-"));
  stateFile = path.join(folder, "state.json");
  running = [];
  time = Date.UTC(2026, 10, 27);
});
afterEach(async () => {
  await Promise.all(running.map((emulator) => emulator.close()));
  rmSync(folder, { recursive: true });
});

async function start(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await startTestEmulator({ stateFile, time: () => time, ...options });
  running.push(emulator);
  return emulator;
}

/** Starts another emulator with the file as it is now: what a kill would leave. */
function startAsAfterKill(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const killed = path.join(folder, "killed.json");
  copyFileSync(stateFile, killed);
  return start({ ...options, stateFile: killed });
}

const spent = async (emulator: TestEmulator) => (await emulator.ledger()).endpoints[0]?.spent ?? 0;

test("a request through a load balancer starts a worker, whose bill survives a kill", async () => {
  const first = await start();
  const { id } = (
    await first.call(
      "POST",
      "/v2/serverless",
      endpointBody({
        type: "LOAD_BALANCER",
        image: "vllm/vllm-openai:v0.24.0",
        cmd: ["Qwen/Qwen3-0.6B", "--port", "8000"],
        env: { PORT: "8000", HEALTH_CHECK_PATH: "/health" },
        ports: ["8000/http"],
        scaling: { type: "REQUEST_COUNT", requestCount: 1 },
      }),
    )
  ).body;
  const answer = await first.call("GET", `/lb/${id}/v1/models`);
  expect(answer.status).toBe(200);
  time += 10_000;
  const before = await spent(first);
  expect(before).toBeGreaterThan(0);
  expect(await spent(await startAsAfterKill())).toBeGreaterThanOrEqual(before);
});

test("what a GET does to jobs survives a kill", async () => {
  const first = await start({ time: Date.now });
  const api = await queue(first);
  const done = await api.run();
  expect((await api.status(done)).status).toBe("COMPLETED");
  const chunks = await api.run({ chunks: ["a", "b"] });
  expect((await api.get(`stream/${chunks}`)).body.stream).toHaveLength(2);
  const short = await api.run({ seconds: 600 });
  await api.get(`status/${short}?ttl=1000`);
  await first.advance(2);
  expect((await api.get(`status/${short}`)).status).toBe(404);
  const second = await startAsAfterKill({ time: Date.now });
  const ask = (what: string) => second.call("GET", `/serverless/v2/${api.id}/${what}`);
  expect((await ask(`status/${done}`)).body.status).toBe("COMPLETED");
  expect((await ask(`status/${short}`)).status).toBe(404);
  expect((await ask(`stream/${chunks}`)).body.stream).toEqual([]);
});

test("a save does not write the jobs that have not changed", async () => {
  const emulator = await start();
  const api = await queue(emulator);
  const rows = [];
  for (let index = 0; index < 30; index++) {
    await api.post("run", { input: "x".repeat(1_000) });
  }
  for (const line of readFileSync(stateFile, "utf8").split("\n").slice(1, -1)) {
    rows.push(JSON.parse(line).rows.filter(([list]: [string]) => list.startsWith("jobs/")).length);
  }
  expect(Math.max(...rows)).toBeLessThan(4);
  const second = await startAsAfterKill();
  const { jobs } = (await second.call("GET", `/serverless/v2/${api.id}/health`)).body;
  expect(jobs.completed + jobs.inQueue + jobs.inProgress).toBe(30);
});

test.each(["real", "fast"] as const)(
  "after an orderly stop, time has passed as at RunPod, also if it was ahead: %s",
  async (speed) => {
    const dateOf = async (emulator: TestEmulator) =>
      Date.parse((await emulator.call("GET", "/v2/pods")).headers.get("date") ?? "");
    const first = await start({ speed });
    await first.advance(3_600);
    const before = await dateOf(first);
    await running.pop()?.close();
    time += 100_000;
    expect((await dateOf(await start({ speed }))) - before).toBe(100_000);
  },
);

test("a clock that was moved, and nothing else, is later after a kill as well", async () => {
  const first = await start();
  await first.advance(3_600);
  const second = await startAsAfterKill();
  const { date } = Object.fromEntries((await second.call("GET", "/v2/pods")).headers);
  expect(Date.parse(String(date))).toBe(time + 3_600_000);
});

test("a kill of an emulator that was off for long takes fast time for half a minute only", async () => {
  const first = await start({ speed: "fast" });
  const { date } = Object.fromEntries((await first.call("GET", "/v2/pods")).headers);
  time += 60_000;
  const second = await startAsAfterKill({ speed: "fast" });
  const later = (await second.call("GET", "/v2/pods")).headers.get("date") ?? "";
  expect(Date.parse(later) - Date.parse(String(date))).toBe(30_000 * 40 + 30_000);
});

test("webhooks of jobs that a kill has interrupted are called without another request", async () => {
  const calls: string[] = [];
  const receiver = createServer((request, response) => {
    calls.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/done`;
  const first = await start({ speed: "real" });
  const api = await queue(first);
  await api.run({ seconds: 3_600 }, { webhook });
  await startAsAfterKill({ speed: "real" });
  await running.shift()?.close();
  time += 2 * 3_600_000;
  for (let waits = 0; calls.length === 0 && waits < 200; waits++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  receiver.close();
  expect(calls).toEqual(["/done"]);
});

test("with instant speed, a container has run for as long after a kill as before", async () => {
  const first = await start();
  const { id } = (await first.call("POST", "/v2/pods", podBody())).body;
  await first.call("GET", `/v2/pods/${id}`);
  time += 15_000;
  const { startedAt, runtime } = (await first.call("GET", `/v2/pods/${id}`)).body;
  expect(runtime.uptime).toBeGreaterThan(14);
  const second = await startAsAfterKill();
  const replayed = (await second.call("GET", `/v2/pods/${id}`)).body;
  expect([replayed.startedAt, replayed.runtime.uptime]).toEqual([startedAt, runtime.uptime]);
});

test("a change that is longer than all before it becomes part of a snapshot", async () => {
  const emulator = await start();
  const api = await queue(emulator);
  await api.post("run", { input: "x".repeat(3 * 1024 * 1024) });
  const lines = readFileSync(stateFile, "utf8").split("\n");
  expect(lines[0]?.length).toBeGreaterThan(3 * 1024 * 1024);
});

test("a lock of a killed process with the same id, as in a container, does not matter", async () => {
  writeFileSync(`${stateFile}.lock`, String(process.pid));
  const emulator = await start();
  expect((await emulator.call("POST", "/v2/templates", templateBody())).status).toBe(201);
  expect(() => FileLock.acquire(stateFile)).toThrow(`in use by process ${process.pid}`);
});

test("while another process replaces a stale lock, the file is in use", () => {
  writeFileSync(`${stateFile}.lock`, "2147483646");
  writeFileSync(`${stateFile}.lock.stale`, "1");
  expect(() => FileLock.acquire(stateFile)).toThrow(
    `${stateFile} is in use by another emulator. Name another file, or delete ${stateFile}.lock.stale.`,
  );
});

test("blank lines in the file do not matter", async () => {
  const emulator = await start();
  await emulator.call("POST", "/v2/templates", templateBody());
  writeFileSync(stateFile, `${readFileSync(stateFile, "utf8").replace("\n", "\n\n")}\n`);
  const second = await startAsAfterKill();
  expect((await second.call("GET", "/v2/templates")).body.templates).toHaveLength(1);
});
