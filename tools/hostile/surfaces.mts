// Every reader of what strangers may have written, run in this process.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { root } from "../checks/files.mts";
import { EVENTS, FILES, LOGS, MODELS, QUOTED, SCRIPTS, type Shapes, STACKS } from "./shapes.mts";

const require = createRequire(import.meta.url);
const built = (file: string) => require(path.join(root, file));

type Main = (args: readonly string[], terminal: object) => Promise<number>;
const { main: policies } = built("policies/dist/cli/main.js") as { main: Main };
const { main: stack } = built("provider/dist/cli/main.js") as { main: Main };
const kit = built("kit/dist/index.js") as typeof import("@runpod-stack/kit");
const llm = built("models/dist/index.js") as typeof import("@runpod-stack/models");
const pack = built("policies/dist/testing.js") as typeof import("@runpod-stack/policies/testing");
const { runpodPolicies } = built(
  "policies/dist/pack.js",
) as typeof import("@runpod-stack/policies");
const { createContainerRuntime } = built("emulator/dist/containers/runtime/index.js") as {
  createContainerRuntime(input: object): { advanceTo(now: number): void };
};

/** A reader, and the inputs that are hard for it. */
export interface Surface {
  readonly shapes: Shapes;
  /** Reads an input. Returns the exit status if there is one: a crash is an exception. */
  read(text: string): Promise<number>;
}

const FORMATS = ["--json", "--sarif", "--markdown", "--code-quality"];
/** Time to simulate of a container: long enough for some restarts. */
const MINUTE_MS = 60_000;

export const SURFACES: Readonly<Record<string, Surface>> = {
  check: { shapes: FILES, read: (text) => run(policies, ["check", "-"], text) },
  "check of a stack": { shapes: STACKS, read: (text) => run(policies, ["check", "-"], text) },
  "check in another format": {
    shapes: STACKS,
    read: (text) =>
      run(policies, ["check", FORMATS[text.length % FORMATS.length] ?? "", "-"], text),
  },
  "check --config": {
    shapes: STACKS,
    read: (text) =>
      inFile(text, (file) => run(policies, ["check", "--config", file, "-"], '{"imageName":"a"}')),
  },
  report: { shapes: EVENTS, read: (text) => run(policies, ["report", "-"], text) },
  "report --preview": {
    shapes: STACKS,
    read: (text) =>
      inFile(text, (file) =>
        run(
          policies,
          ["report", "--preview", file, "-"],
          '{"sequence":1,"summaryEvent":{"result":"succeeded"}}',
        ),
      ),
  },
  size: { shapes: MODELS, read: (text) => run(policies, ["size", "--", text], "") },
  pack: { shapes: FILES, read: judgeByPack },
  diagnose: { shapes: LOGS, read: (text) => run(stack, ["diagnose"], text) },
  messages: {
    shapes: QUOTED,
    read: async (text) => {
      kit.withSecrets(["aaaaaaaa", "canary-battery-staple"], () => {
        kit.safe`${text}`;
        kit.foreignLines(text);
        kit.json({ text });
      });
      return 0;
    },
  },
  progress: {
    shapes: LOGS,
    read: async (text) => {
      const lines = text.split("\n");
      llm.readProgress(lines);
      llm.findUnreachable(lines, { port: 8000 });
      return 0;
    },
  },
  "emulator's shell": {
    shapes: SCRIPTS,
    read: async (text) => runInContainer("ubuntu", ["bash", "-c", text, "sh", "b"]),
  },
  "emulator's servers": {
    shapes: { ...MODELS, ...SCRIPTS },
    read: async (text) => {
      runInContainer("vllm/vllm-openai:v0.33.0", text.split(" "));
      runInContainer("ollama/ollama", ["run", text]);
      return runInContainer(text.slice(0, 1000), ["python3", "-m", text]);
    },
  },
};

async function run(main: Main, args: readonly string[], input: string): Promise<number> {
  const sink = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  let told = "";
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      told = `${told}${chunk}`.slice(0, 2000);
      done();
    },
  });
  const stdin = Readable.from(Buffer.from(input), { objectMode: false });
  const status = await main(args, { stdin, stdout: sink(), stderr, env: {} });
  if (/\n\s+at .*:\d+:\d+/.test(told)) {
    throw new Error(`shows a stack: ${told}`);
  }
  if (![0, 1, 2].includes(status)) {
    throw new Error(`status ${status}`);
  }
  return status;
}

async function inFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "hostile-"));
  try {
    const file = path.join(folder, "input");
    writeFileSync(file, text);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the pack as Pulumi's engine does, on values that an engine can send. */
async function judgeByPack(text: string): Promise<number> {
  let props: unknown;
  try {
    props = JSON.parse(text);
  } catch {
    return 0;
  }
  if (props === null || typeof props !== "object" || Array.isArray(props)) {
    return 0;
  }
  const pod = pack.pod(props as Record<string, unknown>);
  for (const policy of runpodPolicies()) {
    await pack.violationsOf(policy, pod);
  }
  return 0;
}

function runInContainer(image: string, cmd: readonly string[]): number {
  const runtime = createContainerRuntime({
    podId: "abcdefghijklmn",
    image,
    entrypoint: null,
    cmd,
    env: {},
    diskGb: 100,
    mounts: [],
    gpu: { id: "NVIDIA L4", count: 1, memoryGb: 24, computeCapability: "8.9" },
    hostCudaVersion: "13.0",
    httpPorts: [8000],
    startedAt: 0,
    imageCached: true,
    random: () => 0.5,
  });
  runtime.advanceTo(MINUTE_MS);
  return 0;
}
