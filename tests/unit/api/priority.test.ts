import { createRunpodApi } from "../../../provider/src/api";
import { randomId } from "../../../provider/src/core/token";
import { ManualClock } from "../../support/manual-clock";
import { json, startServer, until } from "../http/test-server";
import { pod } from "./fixtures";

test("when the rate limit makes calls wait, those that stop a charge go first, then reads", async () => {
  // One call a minute, so that they come one by one.
  const limit = { ratelimit: '"minute";r=0;t=60' };
  const server = await startServer((_, response) =>
    json(response, 200, { ...pod, pods: [], data: {} }, limit),
  );
  const clock = new ManualClock();
  let waits = 0;
  const api = createRunpodApi({
    apiKey: `rpa_${randomId(8)}`,
    apiUrl: `${server.url}/v2`,
    graphqlUrl: `${server.url}/graphql`,
    clock,
    log: () => {
      waits += 1;
    },
  });
  await api.pods.list();
  const calls = [
    api.pods.create({ name: "llm" }),
    api.pods.update("abc", { locked: true }),
    api.pods.act("abc", "start"),
    api.pods.act("abc", "restart"),
    api.telemetry("abc"),
    api.pods.get("abc"),
    api.pods.act("abc", "stop"),
    api.pods.act("abc", "terminate"),
    api.pods.delete("abc"),
  ];
  for (let minute = 1; minute <= calls.length; minute++) {
    await until(() => waits === minute);
    await clock.advance(60_000);
  }
  await Promise.all(calls);
  expect(server.received.slice(1).map(({ method, path, body }) => [method, path, body])).toEqual([
    ["POST", "/v2/pods/abc/action", '{"action":"stop"}'],
    ["POST", "/v2/pods/abc/action", '{"action":"terminate"}'],
    ["DELETE", "/v2/pods/abc", ""],
    ["POST", "/graphql", expect.stringContaining("Telemetry")],
    ["GET", "/v2/pods/abc", ""],
    ["POST", "/v2/pods", '{"name":"llm"}'],
    ["PATCH", "/v2/pods/abc", '{"locked":true}'],
    ["POST", "/v2/pods/abc/action", '{"action":"start"}'],
    ["POST", "/v2/pods/abc/action", '{"action":"restart"}'],
  ]);
  await server.close();
});
