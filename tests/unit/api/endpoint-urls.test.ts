import { urlsOf } from "../../../provider/src/api/endpoint-urls";
import type { Settings } from "../../../provider/src/core/settings";

const settings = {
  serverlessUrl: "https://api.runpod.ai/v2",
  loadBalancerUrl: "https://{endpointId}.api.runpod.ai",
} as Settings;

test("are derived from the configuration if RunPod reports none", () => {
  expect(urlsOf({ id: "e1" }, "QUEUE", settings)).toEqual({
    runUrl: "https://api.runpod.ai/v2/e1/run",
    runSyncUrl: "https://api.runpod.ai/v2/e1/runsync",
    healthUrl: "https://api.runpod.ai/v2/e1/health",
    openaiBaseUrl: "https://api.runpod.ai/v2/e1/openai/v1",
    loadBalancerUrl: null,
  });
  expect(urlsOf({ id: "e1" }, "LOAD_BALANCER", settings)).toEqual({
    runUrl: null,
    runSyncUrl: null,
    healthUrl: "https://e1.api.runpod.ai/ping",
    openaiBaseUrl: "https://e1.api.runpod.ai/v1",
    loadBalancerUrl: "https://e1.api.runpod.ai",
  });
});

test("are RunPod's at the configured host", () => {
  const requestUrls = { base: "https://e1.api.runpod.ai/", health: "https://e1.api.runpod.ai/up" };
  expect(urlsOf({ id: "e1", requestUrls }, "LOAD_BALANCER", settings)).toMatchObject({
    healthUrl: "https://e1.api.runpod.ai/up",
    loadBalancerUrl: "https://e1.api.runpod.ai",
  });
});

test.each(["https://evil.example/run", "http://api.runpod.ai/run", "run"])(
  "are never at another host, to which a client would send its key: %s",
  (run) => {
    const requestUrls = { run } as unknown as { base: string; health: string };
    expect(urlsOf({ id: "e1", requestUrls }, "QUEUE", settings).runUrl).toBe(
      "https://api.runpod.ai/v2/e1/run",
    );
  },
);

test("have the health check's path of a load balancer", () => {
  const env = { HEALTH_CHECK_PATH: "health" };
  expect(urlsOf({ id: "e1", env }, "LOAD_BALANCER", settings).healthUrl).toBe(
    "https://e1.api.runpod.ai/health",
  );
});
