import { type Answer, startTestEmulator, type TestEmulator } from "../support/emulator";
import { type Plugin, startPlugin } from "../support/plugin";
import { pluginConfig } from "../support/scene";
import { type RecordingProxy, startRecordingProxy } from "./recording-proxy";

/** An emulated RunPod behind a recording proxy: only traffic through the proxy is checked. */
export interface ContractScene {
  readonly emulator: TestEmulator;
  readonly proxy: RecordingProxy;
  /** A custom request through the proxy; a string is sent unchanged. */
  call(method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  /** A plugin process whose API is the proxy, as an account of the emulator. */
  plugin(apiKey?: string): Promise<Plugin>;
  close(): Promise<void>;
}

type Headers = Record<string, string>;

/** Pages are short and limits are high, so that both occur. */
const OPTIONS = { pageSize: 3, rateLimit: [{ quota: 100_000, seconds: 60 }] };

/** @param options the emulator's */
export async function startContractScene(
  options: Parameters<typeof startTestEmulator>[0] = {},
): Promise<ContractScene> {
  const emulator = await startTestEmulator({ ...OPTIONS, ...options });
  const proxy = await startRecordingProxy(emulator.url);
  const plugins: Plugin[] = [];
  const env = Object.fromEntries(
    Object.entries(emulator.env).map(([name, value]) => [
      name,
      value.replace(emulator.url, proxy.url),
    ]),
  );
  return {
    emulator,
    proxy,
    call: async (method, path, body, headers = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const response = await fetch(proxy.url + path, {
        method,
        headers: {
          authorization: `Bearer ${env["RUNPOD_API_KEY"]}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: text }),
      });
      const answer = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? JSON.parse(answer) : answer,
      };
    },
    plugin: async (apiKey = env["RUNPOD_API_KEY"] ?? "") => {
      const config = pluginConfig({ ...emulator, env: { ...env, RUNPOD_API_KEY: apiKey } });
      // A fast clock, because young objects are verified for a minute.
      const plugin = await startPlugin(config, { RUNPOD_STACK_CLOCK_SPEED: "30" });
      plugins.push(plugin);
      return plugin;
    },
    close: async () => {
      await Promise.all(plugins.map((plugin) => plugin.close()));
      await proxy.close();
      await emulator.close();
    },
  };
}
