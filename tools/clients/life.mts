// One client's life: an emulator for it alone, what it needs there, its program, and the bill at its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "@runpod-stack/emulator";
import type { Client } from "./clients.mts";
import { readStep, type Step } from "./report.mts";

const MODEL = "Qwen/Qwen3-0.6B";
const POD_KEY = "sk-pod";

/** @param folder where the clients and copies of the programs are @param seen gets each step once it has ended */
export async function live(
  client: Client,
  folder: string,
  python: string | null,
  seen: (step: Step) => void,
): Promise<void> {
  const emulator = await startEmulator({ seed: 1, speed: "instant", rateLimit: null });
  try {
    const setting = await prepare(emulator);
    const env = { ...emulator.env, ...setting.env, ...aliasesOf(client, emulator.env) };
    await runProgram(client, folder, python, env, seen);
    await setting.remove();
    seen(await billOf(emulator));
  } finally {
    await emulator.close();
  }
}

/** What clients use that cannot create it themselves: a pod that serves a model, and two endpoints. */
async function prepare({ env }: Emulator) {
  const call = async (method: string, route: string, body?: unknown) => {
    const answer = await fetch(`${env["RUNPOD_REST_V2_URL"]}${route}`, {
      method,
      headers: {
        authorization: `Bearer ${env["RUNPOD_API_KEY"]}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const content = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${route} answered ${answer.status}: ${content}`);
    }
    return content;
  };
  const create = async (route: string, body: unknown): Promise<string> =>
    JSON.parse(await call("POST", route, body)).id;
  const pod = await create("/pods", {
    name: "for openai",
    image: "vllm/vllm-openai:v0.24.0",
    cmd: [MODEL, "--enable-auto-tool-choice", "--tool-call-parser", "hermes"],
    env: { VLLM_API_KEY: POD_KEY },
    disk: 40,
    gpu: { id: "NVIDIA L4", count: 1 },
    ports: ["8000/http"],
  });
  const endpoint = {
    type: "QUEUE",
    disk: 40,
    gpu: { pools: ["ADA_24"] },
    scaling: { type: "QUEUE_DELAY", queueDelay: 4 },
  };
  const vllm = await create("/serverless", {
    ...endpoint,
    name: "for openai",
    image: "runpod/worker-v1-vllm:v2.22.4",
    env: { MODEL_NAME: MODEL },
  });
  const echo = await create("/serverless", { ...endpoint, name: "echo", image: "acme/worker:1.0" });
  const proxy = env["RUNPOD_PROXY_URL"]?.replace("{podId}", pod).replace("{port}", "8000");
  return {
    env: {
      MODEL,
      POD_OPENAI_URL: `${proxy}/v1`,
      POD_OPENAI_KEY: POD_KEY,
      ENDPOINT_OPENAI_URL: `${env["RUNPOD_ENDPOINT_BASE_URL"]}/${vllm}/openai/v1`,
      ENDPOINT_ID: echo,
    },
    remove: async () => {
      await call("DELETE", `/pods/${pod}`);
      await call("DELETE", `/serverless/${vllm}`);
      await call("DELETE", `/serverless/${echo}`);
    },
  };
}

function aliasesOf(
  { aliases = {} }: Client,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(aliases).map(([name, printed]) => [name, env[printed] ?? ""]),
  );
}

async function runProgram(
  { program, registry }: Client,
  folder: string,
  python: string | null,
  env: Record<string, string>,
  seen: (step: Step) => void,
): Promise<void> {
  const begun = performance.now();
  const command = registry === "PyPI" && python !== null ? python : process.execPath;
  const child = spawn(command, [path.join(folder, program)], {
    cwd: folder,
    // No key, setting or proxy of the person who runs this.
    env: { PATH: process.env["PATH"], HOME: folder, PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors = text(child.stderr);
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const step = readStep(line);
    if (step) {
      seen(step);
    }
  }
  const [code] = await ended;
  if (code !== 0) {
    const seconds = (performance.now() - begun) / 1000;
    seen({ step: program, seconds, error: `ended with status ${code}: ${await errors}` });
  }
}

/** The last step: whether anything that was created is still billed. */
async function billOf(emulator: Emulator): Promise<Step> {
  const begun = performance.now();
  const answer = await fetch(`${emulator.url}/_emulator/ledger`);
  const ledger = (await answer.json()) as Record<
    string,
    { name: string; endedAt: string | null; costPerHr: number }[]
  >;
  const billed = Object.entries(ledger).flatMap(([kind, entries]) =>
    entries
      .filter(({ endedAt, costPerHr }) => endedAt === null && costPerHr > 0)
      .map(({ name, costPerHr }) => `${kind} ${name} costs $${costPerHr} an hour`),
  );
  const seconds = (performance.now() - begun) / 1000;
  const step = { step: "nothing is billed at the end", seconds };
  return billed.length === 0 ? step : { ...step, error: billed.join(", ") };
}
