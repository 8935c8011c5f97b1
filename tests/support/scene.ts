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
  return {
    "runpod:apiKey": env["RUNPOD_API_KEY"] ?? "",
    "runpod:apiUrl": env["RUNPOD_REST_V2_URL"] ?? "",
    "runpod:graphqlUrl": env["RUNPOD_GRAPHQL_URL"] ?? "",
    "runpod:proxyUrl": env["RUNPOD_PROXY_URL"] ?? "",
  };
}
