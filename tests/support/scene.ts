import type { Kind } from "@runpod-stack/provider/schema";
import { startTestEmulator, type TestEmulator } from "./emulator";
import { type Plugin, startPlugin } from "./plugin";
import { TestResource } from "./resource";

/** An emulated RunPod, and the plugin process that is configured for it. */
export interface Scene {
  readonly emulator: TestEmulator;
  readonly plugin: Plugin;
  resource(kind: Kind, name: string, owner?: string): TestResource;
  close(): Promise<void>;
}

/** Starts both. @param options the emulator's */
export async function startScene(
  options: Parameters<typeof startTestEmulator>[0] = {},
): Promise<Scene> {
  const emulator = await startTestEmulator(options);
  const plugin = await startPlugin(pluginConfig(emulator));
  return {
    emulator,
    plugin,
    resource: (kind, name, owner) => new TestResource(plugin, kind, name, owner),
    close: async () => {
      await plugin.close();
      await emulator.close();
    },
  };
}

/** The stack configuration for an emulator. */
export function pluginConfig({ env }: TestEmulator): Record<string, string> {
  const settings = Object.entries(SETTINGS).map(([key, name]) => [key, env[name]] as const);
  return Object.fromEntries(
    settings.filter((one): one is [string, string] => one[1] !== undefined),
  );
}

/** The emulator's variables, by the settings of a stack that they stand for. */
const SETTINGS = {
  "runpod:apiKey": "RUNPOD_API_KEY",
  "runpod:apiUrl": "RUNPOD_REST_V2_URL",
  "runpod:graphqlUrl": "RUNPOD_GRAPHQL_URL",
  "runpod:proxyUrl": "RUNPOD_PROXY_URL",
  "runpod:serverlessUrl": "RUNPOD_ENDPOINT_BASE_URL",
  "runpod:loadBalancerUrl": "RUNPOD_LOAD_BALANCER_URL",
};
