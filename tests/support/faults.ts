import { once } from "node:events";
import type { Kind, Values } from "@runpod-stack/provider/schema";
import { type Ledger, type LedgerEntry, startTestEmulator, type TestEmulator } from "./emulator";
import { EngineState } from "./engine-state";
import { type Plugin, startPlugin } from "./plugin";
import { TestResource } from "./resource";
import { pluginConfig } from "./scene";

/** The kinds of RunPod's objects. */
export type StoredKind = keyof typeof LISTS;
/** Those, and the account's SSH keys, which are one set. */
export type FaultKind = StoredKind | "SshKeys";

/** The ledger's list of each kind. */
const LISTS = {
  Pod: "pods",
  ServerlessEndpoint: "endpoints",
  Volume: "networkVolumes",
  Template: "templates",
  Secret: "secrets",
  RegistryAuth: "registries",
  EcrDelegation: "delegations",
  Tag: "tags",
  GlobalVolume: "globalVolumes",
  CostCenter: "costCenters",
  Cluster: "clusters",
} as const satisfies { readonly [K in Kind]?: keyof Ledger };

/** How many times faster than ours the plugin's clock runs, so that a lookup of 45 s takes 1.5 s. */
const SPEED = 30;

/** Where a kind's objects are found. */
export const COLLECTIONS: Readonly<Record<FaultKind, string>> = {
  Pod: "/v2/pods",
  ServerlessEndpoint: "/v2/serverless",
  Volume: "/v2/network-volumes",
  Template: "/v2/templates",
  Secret: "/v2/account/secrets",
  RegistryAuth: "/v2/registries",
  EcrDelegation: "/v2/registries/delegations",
  Tag: "/v2/tags",
  GlobalVolume: "/v2/global-volumes",
  CostCenter: "/v2/cost-centers",
  SshKeys: "/v2/account/ssh-keys",
  Cluster: "/v2/clusters",
};

/** Inputs that make an object of each kind; `edition` changes what can be changed in place. */
export function inputsOf(kind: FaultKind, edition = 1): Values {
  const env = { EDITION: String(edition) };
  switch (kind) {
    case "Pod":
      return { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"], env };
    case "ServerlessEndpoint":
      return { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"], workersMax: 1, env };
    case "Volume":
      return { size: 10 * edition, dataCenterId: "EU-RO-1" };
    case "Template":
      return { imageName: "ubuntu:24.04", env };
    case "Secret":
      return { value: `secret value ${edition}` };
    case "RegistryAuth":
      return { username: "me", password: `password ${edition}` };
    case "EcrDelegation":
      return { resourceArn: `arn:aws:ecr:us-east-1:123456789012:repository/e${edition}` };
    case "Tag":
      return { key: "edition", value: String(edition) };
    case "GlobalVolume":
      return edition === 1 ? {} : { name: `edition-${edition}` };
    case "CostCenter":
      return { value: `Edition ${edition}` };
    case "SshKeys":
      return { keys: [`ssh-ed25519 AAAA${edition} me`] };
    case "Cluster":
      return {
        ...(edition > 1 && { name: `edition-${edition}` }),
        imageName: "ubuntu:24.04",
        gpuTypeIds: ["NVIDIA H100 80GB HBM3"],
        gpuCount: 1,
        podCount: 2,
      };
  }
}

/** An emulated RunPod, and a plugin process with a fast clock that can be killed and restarted. */
export interface FaultScene {
  readonly emulator: TestEmulator;
  resource(kind: Kind, name: string, owner?: string): TestResource;
  /**
   * The result of deleting a stack's identity: undefined, or an error or a warning that names what
   * is left. The stack is forgotten then.
   */
  disown(owner: string): Promise<string | undefined>;
  /** Where the engine would keep what it knows. */
  readonly state: EngineState;
  /** Begins another `pulumi up`. */
  beginRun(): void;
  /** Lets time pass for the plugin. */
  pass(seconds: number): Promise<void>;
  /** Ends the plugin process with SIGKILL and starts another. */
  kill(): Promise<void>;
  /** Ends the plugin process as the engine does when its work is done, and starts another. */
  endRun(): Promise<void>;
  /** The output of the current plugin process. */
  output(): string;
  /** The existing objects of a kind that are billed. */
  live(kind: StoredKind): Promise<LedgerEntry[]>;
  close(): Promise<void>;
}

/** Starts both. */
export async function startFaultScene(): Promise<FaultScene> {
  const emulator = await startTestEmulator();
  const state = new EngineState();
  const start = () =>
    startPlugin(pluginConfig(emulator), { RUNPOD_STACK_CLOCK_SPEED: String(SPEED) }, state);
  let plugin = await start();
  const next = async (signal: NodeJS.Signals) => {
    const ended = plugin;
    const exited = once(ended.process, "exit");
    ended.process.kill(signal);
    await exited;
    await ended.close();
    plugin = await start();
  };
  const present = new Proxy({} as Plugin, { get: (_, name: keyof Plugin) => plugin[name] });
  return {
    emulator,
    resource: (kind, name, owner) => new TestResource(present, kind, name, owner),
    async disown(owner) {
      const before = plugin.output().length;
      try {
        await present.delete("Ownership", owner, {});
        return /warning: these objects[\s\S]*/.exec(plugin.output().slice(before))?.[0];
      } catch (error) {
        return (error as Error).message;
      } finally {
        state.forget(owner);
      }
    },
    state,
    beginRun: () => plugin.beginRun(),
    pass: (seconds) => new Promise((resolve) => setTimeout(resolve, pluginMs(seconds))),
    kill: () => next("SIGKILL"),
    endRun: () => next("SIGINT"),
    output: () => plugin.output(),
    async live(kind) {
      return (await emulator.ledger())[LISTS[kind]].filter(({ endedAt }) => endedAt === null);
    },
    async close() {
      await plugin.close();
      await emulator.close();
      state.close();
    },
  };
}

/** Converts the plugin's seconds to our milliseconds. */
export function pluginMs(seconds: number): number {
  return Math.ceil((seconds * 1_000) / SPEED);
}
