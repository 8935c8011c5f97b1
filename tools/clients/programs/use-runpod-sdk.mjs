// RunPod's JavaScript library, on a serverless endpoint whose workers return their input.
import assert from "node:assert/strict";
import runpodSdk from "runpod-sdk";
import { cannot, step } from "./steps.mjs";

const { RUNPOD_API_KEY, RUNPOD_ENDPOINT_BASE_URL: baseUrl, ENDPOINT_ID } = process.env;
const runpod = runpodSdk(RUNPOD_API_KEY, { baseUrl });
const endpoint = runpod.endpoint(ENDPOINT_ID);
const slow = { input: { emulator: { seconds: 600 } } };

await step("runSync", async () => {
  const { succeeded, output } = await endpoint.runSync({ input: { prompt: "Hello" } });
  assert.ok(succeeded);
  assert.equal(output.input.prompt, "Hello");
});
const job = await step("run", () => endpoint.run({ input: { emulator: { chunks: ["a", "b"] } } }));
await step("stream", async () => {
  const outputs = [];
  for await (const { output } of endpoint.stream(job.id)) {
    outputs.push(output);
  }
  assert.deepEqual(outputs, ["a", "b"]);
});
await step("status", async () => {
  assert.ok((await endpoint.status(job.id)).succeeded);
});
await step("a job that fails", async () => {
  const failed = await endpoint.runSync({ input: { emulator: { error: "no space" } } });
  assert.deepEqual([failed.status, failed.succeeded], ["FAILED", false]);
  assert.match(failed.error, /no space/);
});
const running = await step("run a long job", () => endpoint.run(slow));
await step("statusSync", async () => {
  assert.equal((await endpoint.statusSync(running.id, 1_000)).completed, false);
});
await step("health", async () => {
  const { jobs, workers } = await endpoint.health();
  assert.ok(jobs.completed > 0);
  assert.ok(workers.running + workers.ready > 0);
});
await step("cancel", async () => {
  assert.equal((await endpoint.cancel(running.id)).status, "CANCELLED");
});
await step("purgeQueue", async () => {
  assert.ok(Number.isInteger((await endpoint.purgeQueue()).removed));
});
await step("a wrong key is refused", async () => {
  const stranger = runpodSdk("rpa_wrong", { baseUrl }).endpoint(ENDPOINT_ID);
  await assert.rejects(stranger.health(), (error) => error.response.status === 401);
});
await cannot(
  "pods, endpoints",
  "the library has no functions for them",
  "not a function",
  async () => runpod.pods(),
);
