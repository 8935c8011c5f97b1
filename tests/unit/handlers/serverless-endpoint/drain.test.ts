import type { EndpointWorkers } from "../../../../provider/src/api";
import { serverlessEndpointHandler as handler } from "../../../../provider/src/handlers/serverless-endpoint/handler";
import type { Values } from "../../../../provider/src/schema";
import { endpoint } from "../../api/fixtures";
import { apiError, fakeScene, updateCall } from "../fake-context";

const PARK = updateCall("ep1", { workers: { min: 0, max: 0 } });
const MINUTE = 60_000;

/** An endpoint with that many workers, some of which have a job, that is being deleted. */
function deleting(total: number, running: number, stored: Values = {}) {
  const scene = fakeScene();
  const { context, runpod } = scene;
  runpod.endpoints = [endpoint];
  work(runpod, total, running);
  const drop = async () => {
    await handler.delete(context, "ep1", { name: "llm", drainTimeout: "5m", ...stored });
  };
  // Gone as soon as it is deleted.
  const remove = context.api.endpoints.delete;
  context.api.endpoints.delete = async (id) => {
    await remove(id);
    runpod.endpoints = [];
  };
  return { ...scene, drop };
}

function work(runpod: { workers: EndpointWorkers }, total: number, running: number): void {
  const idle = total - running;
  runpod.workers = {
    workers: [],
    summary: { running, idle, initializing: 0, throttled: 0, unhealthy: 0, total },
  };
}

test("an endpoint without workers is deleted immediately", async () => {
  const { drop, runpod } = deleting(0, 0);
  await drop();
  expect(runpod.calls).toEqual(["workers ep1", "queued ep1", "delete ep1", "get ep1"]);
});

test("idle workers are taken away first, so that none takes another job", async () => {
  const { drop, runpod, said } = deleting(2, 0);
  await drop();
  expect(runpod.calls).toEqual(["workers ep1", PARK, "queued ep1", "delete ep1", "get ep1"]);
  expect(said).toEqual([]);
});

test("running jobs are waited for", async () => {
  const { drop, runpod, clock, said } = deleting(2, 2);
  const outcome = drop();
  await clock.advance(MINUTE);
  expect(runpod.calls).not.toContain("delete ep1");
  work(runpod, 1, 0);
  await clock.advance(5_000);
  await outcome;
  expect(runpod.calls.slice(-2)).toEqual(["delete ep1", "get ep1"]);
  expect(said).toEqual([
    "endpoint 'llm' (ep1): waiting up to 5m for 2 workers to finish their jobs",
  ]);
});

test("a job that does not end is canceled after the time", async () => {
  const { drop, clock, said } = deleting(1, 1, { drainTimeout: "2m" });
  const outcome = drop();
  await clock.advance(2 * MINUTE);
  await outcome;
  expect(said.at(-1)).toBe(
    "endpoint 'llm' (ep1): 1 worker had not finished after 2m; deleting it anyway. Set drainTimeout to wait longer",
  );
});

test.each(["0s", undefined])("nothing is waited for with a drainTimeout of %s", async (time) => {
  const { drop, runpod } = deleting(1, 1, { drainTimeout: time });
  await drop();
  expect(runpod.calls).toEqual(["delete ep1", "get ep1"]);
});

test.each([
  ["the workers cannot be listed", "workers ep1", "server", 1],
  ["the workers cannot be taken away", PARK, "invalid", 1],
  ["the queue cannot be read", "queued ep1", "unauthorized", 0],
] as const)("the deletion goes on if %s", async (_, call, kind, running) => {
  const { drop, runpod } = deleting(running, running);
  runpod.failures[call] = [apiError(kind)];
  await drop();
  expect(runpod.calls.slice(-2)).toEqual(["delete ep1", "get ep1"]);
});

test("queued jobs are counted, and canceled", async () => {
  const { drop, runpod, said } = deleting(0, 0);
  runpod.queued = 3;
  await drop();
  expect(said).toEqual(["endpoint 'llm' (ep1): 3 queued jobs are canceled"]);
});

test("a load balancer has no queue", async () => {
  const { drop, runpod } = deleting(0, 0, { type: "LOAD_BALANCER" });
  await drop();
  expect(runpod.calls).toEqual(["workers ep1", "delete ep1", "get ep1"]);
});

test("an endpoint that is gone is no error", async () => {
  const { drop, runpod } = deleting(0, 0);
  runpod.endpoints = [];
  runpod.failures["workers ep1"] = [apiError("notFound")];
  runpod.failures["delete ep1"] = [apiError("notFound")];
  await drop();
});

test("a rejected deletion names what is billed", async () => {
  const { drop, runpod } = deleting(0, 0);
  runpod.endpoints = [{ ...endpoint, workers: { min: 1, max: 3 } }];
  runpod.failures["delete ep1"] = [apiError("forbidden", "no")];
  await expect(drop()).rejects.toThrow(
    "Deleting endpoint 'llm' (ep1) failed: doing it: no. It still exists and is billed for 1 always-on worker, and for each worker that a job starts.",
  );
});
