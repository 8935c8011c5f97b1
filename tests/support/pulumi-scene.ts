import { setTimeout as delay } from "node:timers/promises";
import type { EmulatorOptions } from "@runpod-stack/emulator";
import { type Changes, startChangingProxy } from "./changing-proxy";
import type { Outcome } from "./cli";
import { startTestEmulator, type TestEmulator } from "./emulator";
import { pluginsOf, restoreState } from "./faults-kills";
import { createStack, type StackOptions, type TestStack } from "./stack";

/** An emulated RunPod and the stacks that are driven against it through the real CLI. */
export interface PulumiScene {
  readonly emulator: TestEmulator;
  /** A stack with a program; with `beside`, two stacks of one backend. */
  stack(program: string, options?: StackOptions): Promise<TestStack>;
  /** The ids of everything that is live, of all kinds, sorted. */
  live(): Promise<string[]>;
  /** Puts a proxy between RunPod and all later stacks. */
  proxy(changes: Changes): Promise<void>;
  /** Creates an object outside of the stacks. */
  create(path: string, body: unknown): Promise<string>;
  /** Kills `up` once it has requested a number of objects, and removes the lock. */
  killUp(stack: TestStack, posts?: number): Promise<void>;
}

/** A new scene for each test of a file. */
export function pulumiScene(options: EmulatorOptions = {}): PulumiScene {
  let scene: OpenScene;
  beforeEach(async () => {
    scene = await openScene(options);
  });
  afterEach(() => scene.close());
  return new Proxy({} as PulumiScene, { get: (_, name: keyof PulumiScene) => scene[name] });
}

/** A scene until it is closed. */
export interface OpenScene extends PulumiScene {
  close(): Promise<void>;
}

export async function openScene(options: EmulatorOptions = {}): Promise<OpenScene> {
  const emulator = await startTestEmulator(options);
  const closing: (() => Promise<void>)[] = [() => emulator.close()];
  const env: Record<string, string> = { ...emulator.env };
  const scene: PulumiScene = {
    emulator,
    async stack(program, more) {
      const stack = await createStack({ program, ...more, env: { ...env, ...more?.env } });
      closing.push(() => stack.close());
      return stack;
    },
    async proxy(changes) {
      const proxy = await startChangingProxy(emulator.url, changes);
      closing.push(() => proxy.close());
      env["RUNPOD_REST_V2_URL"] = `${proxy.url}/v2`;
    },
    async live() {
      return (
        Object.values(await emulator.ledger())
          .flat()
          // A cluster's pods belong to it.
          .filter((entry) => entry.endedAt === null && entry.clusterId === undefined)
          .map(({ id }) => id)
          .sort()
      );
    },
    async create(path, body) {
      const answer = await emulator.call("POST", path, body);
      if (answer.status !== 201) {
        throw new Error(JSON.stringify(answer.body));
      }
      return answer.body.id;
    },
    async killUp(stack, posts = 1) {
      await emulator.clearRequests();
      await emulator.fault("slow:700", { method: "POST", path: CREATES });
      await stack.killUp(async () => {
        while ((await postsOf(emulator)).length < posts) {
          await delay(20);
        }
      }, "alone");
      while (pluginsOf(stack).length > 0) {
        await delay(50);
      }
      await emulator.clearFaults();
      restoreState(stack);
      await stack.cancel();
    },
  };
  return {
    ...scene,
    async close() {
      for (const close of closing.reverse()) {
        await close();
      }
    },
  };
}

/** Where objects of all kinds are created. */
const CREATES = "^/v2/(account/secrets|registries/delegations|[a-z-]+)$";

/** Creates that were sent to RunPod; those under way have no status yet. */
async function postsOf(emulator: TestEmulator) {
  return (await emulator.requests()).filter(({ method }) => method === "POST");
}

/** The code of a pod that is ready immediately; `settings` and `options` are code, too. */
export function pod(name: string, settings = "", options = ""): string {
  return `new Pod("${name}", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"], ${settings} }, { ${options} });\n`;
}

/** The code of a serverless endpoint. */
export function endpoint(name: string, settings = "", options = ""): string {
  return `new ServerlessEndpoint("${name}", { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"], workersMax: 1, ${settings} }, { ${options} });\n`;
}

/** The code of a volume. */
export function volume(name: string, settings = "", options = ""): string {
  return `new Volume("${name}", { size: 20, dataCenterId: "EU-RO-1", ${settings} }, { ${options} });\n`;
}

/** What a pod needs in order to serve a model. */
export const SERVING = `imageName: "vllm/vllm-openai:v0.20.0", dockerStartCmd: ["Qwen/Qwen3-0.6B"], ports: ["8000/http"], containerDiskInGb: 40`;

/** As the console's clone does it: a pod like another, down to its environment. */
export async function clone(
  { emulator, create }: PulumiScene,
  id: string | undefined,
  changes: Record<string, unknown> = {},
): Promise<string> {
  const { name, image, cloud, env, gpu } = (await emulator.call("GET", `/v2/pods/${id}`)).body;
  const { id: gpuId, count } = gpu;
  return create("/v2/pods", { name, image, cloud, env, gpu: { id: gpuId, count }, ...changes });
}

/** The ids of the stacks' objects, sorted; an object that two stacks have is there twice. */
export async function heldBy(...stacks: readonly TestStack[]): Promise<string[]> {
  const held = await Promise.all(stacks.map((stack) => stack.held()));
  return held
    .flatMap((resources) => [...resources])
    .filter(([name]) => !/^(Ownership|PodEndpoint|EndpointReady|SshKeys) /.test(name))
    .map(([, id]) => id)
    .sort();
}

/** All that a command printed. */
export function printed({ stdout, stderr }: Outcome): string {
  return stdout + stderr;
}

/** Runs the `runpod-stack recover` that an error names, with --yes. */
export function recoverAsNamed(stack: TestStack, refused: Outcome): Promise<Outcome> {
  const [, flags] = /runpod-stack recover([^`\n]*)/.exec(printed(refused)) ?? [];
  if (flags === undefined) {
    throw new Error(`it names no command:\n${printed(refused)}`);
  }
  const args = flags.split(/\s+/).filter((flag) => flag !== "");
  return stack.recover(...args.filter((flag) => flag !== "--yes"), "--yes");
}
