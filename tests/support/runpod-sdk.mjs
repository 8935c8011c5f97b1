/**
 * Runs RunPod's JavaScript library against an endpoint, and prints what it returns as JSON. In a
 * process of its own, because Jest cannot load a library without a CommonJS entry.
 */
import runpodSdk from "runpod-sdk";

const { RUNPOD_API_KEY, RUNPOD_ENDPOINT_BASE_URL: baseUrl, ENDPOINT_ID } = process.env;
const print = console.log;
// The library prints while it waits.
console.log = () => {};

const endpoint = runpodSdk(RUNPOD_API_KEY, { baseUrl }).endpoint(ENDPOINT_ID);
const slow = { input: { emulator: { seconds: 600 } } };
const report = {};

report.runSync = await endpoint.runSync({ input: { prompt: "Hello" } });

const { id, status } = await endpoint.run({ input: { emulator: { chunks: ["a", "b"] } } });
report.run = status;
report.stream = [];
for await (const chunk of endpoint.stream(id)) {
  report.stream.push(chunk.output);
}
report.status = await endpoint.status(id);

const failed = await endpoint.runSync({ input: { emulator: { error: "no space" } } });
report.failed = { error: failed.error, succeeded: failed.succeeded };

const running = await endpoint.run(slow);
report.waited = (await endpoint.statusSync(running.id, 1_000)).status;
const queued = await endpoint.run(slow);
report.health = await endpoint.health();
report.purged = await endpoint.purgeQueue();
report.purgedStatus = await endpoint.status(queued.id).catch((error) => error.response?.status);
report.canceled = (await endpoint.cancel(running.id)).status;

const stranger = runpodSdk("rpa_wrong", { baseUrl }).endpoint(ENDPOINT_ID);
report.stranger = await stranger.health().catch((error) => error.response?.status);

print(JSON.stringify(report));
