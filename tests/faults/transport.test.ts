import { createRunpodApi } from "../../provider/src/api";
import { fastClock } from "../../provider/src/core/clock";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

const CALLS = 100;
/** The number of retries before the first success. */
const RETRIES = 20;
const POD = { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] };

let emulator: TestEmulator;

beforeEach(async () => {
  emulator = await startTestEmulator();
});

afterEach(() => emulator.close());

describe("an API that is dead", () => {
  test("gets from a hundred parallel calls at most one retry budget of repeated calls", async () => {
    await emulator.fault("status:500:before");
    const api = createRunpodApi({
      apiKey: `${emulator.env["RUNPOD_API_KEY"]}`,
      apiUrl: `${emulator.url}/v2`,
      graphqlUrl: `${emulator.url}/graphql`,
      clock: fastClock(20),
    });
    const calls = Array.from({ length: CALLS }, (_, n) => api.pods.get(`pod${n}`));
    const ended = await Promise.allSettled(calls);
    expect(ended.map(({ status }) => status)).toEqual(Array(CALLS).fill("rejected"));
    expect(await emulator.requests()).toHaveLength(CALLS + RETRIES);

    await emulator.clearFaults();
    await expect(api.pods.list()).resolves.toEqual([]);
  });

  describe("used by the plugin", () => {
    let plugin: Plugin;

    beforeEach(async () => {
      plugin = await startPlugin(pluginConfig(emulator), { RUNPOD_STACK_CLOCK_SPEED: "20" });
    });

    afterEach(() => plugin.close());

    test("fails a hundred pods fast, and all are created once it works", async () => {
      await emulator.fault("status:500:before");
      const pods = Array.from(
        { length: CALLS },
        (_, n) => new TestResource(plugin, "Pod", `pod${n}`),
      );
      const ended = await Promise.allSettled(pods.map((pod) => pod.up(POD)));
      for (const end of ended) {
        expect(end).toMatchObject({
          status: "rejected",
          reason: { message: expect.stringMatching(/500 .*injected.*\(request id/) },
        });
      }
      expect((await emulator.ledger()).pods).toEqual([]);
      const requests = await emulator.requests();
      const posts = requests.filter(({ method }) => method === "POST").length;
      // Each is sent once, and then its object is looked up.
      expect(posts).toBe(CALLS);
      expect(requests.length).toBeLessThanOrEqual(2 * CALLS + RETRIES);

      await emulator.clearFaults();
      await Promise.all(pods.map((pod) => pod.up(POD)));
      expect((await emulator.ledger()).pods).toHaveLength(CALLS);
    });

    test("that answers with a firewall's page is not reported as a refused key", async () => {
      await emulator.fault("html:403", { method: "POST", path: "^/v2/pods$", times: 2 });
      const pod = new TestResource(plugin, "Pod", "llm");
      const failure = await pod.up(POD).catch((error: Error) => error.message);
      expect(failure).toMatch(/^creating pod 'llm[^']*': 403 Forbidden: an HTML page/);
      expect(failure).not.toMatch(/API key/);
      expect((await emulator.ledger()).pods).toEqual([]);
    });
  });
});
