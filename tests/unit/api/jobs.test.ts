import { createRunpodApi, type RunpodApi } from "../../../provider/src/api";
import { systemClock } from "../../../provider/src/core/clock";
import { randomId } from "../../../provider/src/core/token";
import { json, startServer, type TestServer } from "../http/test-server";

let server: TestServer;
let api: RunpodApi;

beforeEach(async () => {
  server = await startServer();
  api = createRunpodApi({
    apiKey: `rpa_${randomId(8)}`,
    apiUrl: "https://api.runpod.io/v2",
    graphqlUrl: "https://api.runpod.io/graphql",
    serverlessUrl: `${server.url}/v2`,
    clock: systemClock,
  });
});

afterEach(() => server.close());

test("a job is sent with its input and the time that it may exist", async () => {
  server.answer = (_, response) => json(response, 200, { id: "job-u1", status: "IN_QUEUE" });
  const job = await api.jobs.run("ep1", { input: { prompt: "a" }, ttlMs: 60_000 });
  expect(job).toMatchObject({ id: "job-u1", status: "IN_QUEUE" });
  expect(server.received).toMatchObject([{ method: "POST", path: "/v2/ep1/run" }]);
  expect(JSON.parse(String(server.received[0]?.body))).toEqual({
    input: { prompt: "a" },
    policy: { ttl: 60_000 },
  });
});

test("what RunPod leaves out or adds of a job does not matter", async () => {
  const answer = { id: "job-u1", status: "NEW_STATUS", output: [1, { a: null }], extra: true };
  server.answer = (_, response) => json(response, 200, { ...answer, delayTime: null });
  expect(await api.jobs.status("ep1", "job-u1")).toMatchObject({
    id: "job-u1",
    status: "NEW_STATUS",
    output: [1, { a: null }],
  });
  expect(server.received[0]?.path).toBe("/v2/ep1/status/job-u1");
});

test("a lost answer to a job is never sent again by itself, and one to a cancel is", async () => {
  server.answer = (_, response) => {
    if (server.received.length === 1) {
      response.destroy();
      return;
    }
    json(response, 200, { id: "job-u1", status: "CANCELLED" });
  };
  await expect(api.jobs.run("ep1", { input: {} })).rejects.toMatchObject({ kind: "ambiguous" });
  expect(server.received).toHaveLength(1);
  server.received.length = 0;
  await api.jobs.cancel("ep1", "job-u1");
  expect(server.received.map(({ path }) => path)).toEqual([
    "/v2/ep1/cancel/job-u1",
    "/v2/ep1/cancel/job-u1",
  ]);
});

test.each<[number, string, string, string]>([
  [404, '{"error":"job not found"}', "notFound", "404 Not Found: job not found"],
  [404, "404 page not found", "notFound", "404 Not Found: 404 page not found"],
  [400, '{"error":"endpoint is paused"}', "invalid", "400 Bad Request: endpoint is paused"],
  [401, "", "unauthorized", "401 Unauthorized"],
])("an error %d %s is %s", async (status, text, kind, message) => {
  server.answer = (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  };
  const error = await api.jobs.status("ep1", "job-u1").catch((thrown) => thrown);
  expect(error).toMatchObject({ kind, status });
  expect(error.message).toContain(`reading job job-u1 of endpoint ep1: ${message}`);
  expect(error.message).not.toContain("runpod:apiUrl");
});
