import { startTestEmulator } from "../support/emulator";
import { startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";
import { startCuttingProxy } from "./cutting-proxy";

jest.setTimeout(120_000);

/** They run in parallel, each with its own answer. */
const LANES = 12;
const POD = { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] };

test("a create whose answer is cut at any byte makes one pod, and the state has it", async () => {
  const emulator = await startTestEmulator();
  let whole = 0;
  const posts = new Map<string, number>();
  const proxy = await startCuttingProxy(emulator.url, ({ method, path, body, answer }) => {
    if (method !== "POST" || path !== "/v2/pods") {
      return undefined;
    }
    const { name } = JSON.parse(body);
    posts.set(name, (posts.get(name) ?? 0) + 1);
    whole = answer.length;
    return name === "pod-whole" ? undefined : Number(name.slice("pod-".length));
  });
  const config = { ...pluginConfig(emulator), "runpod:apiUrl": `${proxy.url}/v2` };
  const plugin = await startPlugin(config);
  try {
    const states = new Map<string, string>();
    const createAndDelete = async (name: string) => {
      const resource = new TestResource(plugin, "Pod", name);
      await resource.up({ ...POD, name });
      states.set(name, resource.id);
      // Keeps lists short.
      await resource.destroy();
    };

    await createAndDelete("pod-whole");
    // The same number of digits each time, so that every answer has the same length.
    const names = Array.from({ length: whole + 1 }, (_, n) => `pod-${String(n).padStart(5, "0")}`);
    const left = [...names];
    const lane = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        await createAndDelete(name);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));

    const { pods } = await emulator.ledger();
    expect(pods.length).toBe(names.length + 1);
    expect(new Map(pods.map(({ name, id }) => [name, id]))).toEqual(states);
    expect(pods.filter(({ endedAt }) => endedAt === null)).toEqual([]);
    expect(new Set(posts.values())).toEqual(new Set([1]));
  } finally {
    await plugin.close();
    await proxy.close();
    await emulator.close();
  }
});
