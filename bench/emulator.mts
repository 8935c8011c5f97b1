// How fast the emulator answers, compared with Prism, and how much memory it uses. Both check every
// body.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BenchEmulator, startEmulator } from "./support/emulator.mts";
import { during, load, type Question, type Server, times } from "./support/load.mts";
import { type Measurement, median } from "./support/measure.mts";
import { startPrism } from "./support/prism.mts";
import type { Table } from "./support/table.mts";

/** The emulator as it starts, the emulator that keeps everything in a file, and Prism. */
const SERVERS = ["plain", "kept", "prism"] as const;
const EMULATORS = ["plain", "kept"] as const;
const WARM_UPS = 2;
const ROUNDS = 7;
const ROUND_MS = 1_500;
const BAR = 5;
const PODS = 10_000;
const PAGE = 100;
const MEMORY_BAR_MB = 300;

const CREATE: Question = {
  method: "POST",
  path: "/v2/pods",
  body: JSON.stringify({
    name: "bench",
    image: "vllm/vllm-openai:v0.20.0",
    cmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
    gpu: { id: "NVIDIA L4", count: 1 },
    disk: 30,
    mounts: { persistent: { size: 20, path: "/root/.cache/huggingface" } },
    ports: ["8000/http"],
    env: { HF_TOKEN: "hf_0123456789abcdef", VLLM_LOGGING_LEVEL: "INFO" },
  }),
};
/** A list of one pod, because Prism invents one. */
const LIST: Question = { method: "GET", path: "/v2/pods" };
const PAGE_OF_MANY: Question = { method: "GET", path: `/v2/pods?limit=${PAGE}` };

/** Answers per second, for each server. */
type Speed = Record<(typeof SERVERS)[number], number>;

interface Rounds {
  readonly creates: Speed[];
  readonly lists: Speed[];
}

interface Filled {
  readonly emptyMb: number;
  readonly fullMb: number;
  /** Pages per second. */
  readonly pages: number;
}

type Emulators = Readonly<Record<(typeof EMULATORS)[number], BenchEmulator>>;

export const emulator: Measurement = async ({ progress }) => {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-emulator-"));
  const plain = await startEmulator();
  const kept = await startEmulator("--state", path.join(folder, "state.json"));
  try {
    const filled = {
      plain: await fill(plain, progress),
      kept: await fill(kept, progress),
    };
    const prism = await startPrism(progress);
    try {
      const rounds = await race({ plain, kept }, prism, progress);
      return {
        tables: [speeds(rounds, prism.version), holdings(filled)],
        raw: { ...filled, rounds },
        missed: EMULATORS.flatMap((name) => [
          ...missedSpeed("creates", rounds.creates, name),
          ...missedSpeed("lists", rounds.lists, name),
          ...missedMemory(filled[name], name),
        ]),
      };
    } finally {
      await prism.close();
    }
  } finally {
    await plain.close();
    await kept.close();
    rmSync(folder, { recursive: true });
  }
};

/** How much memory a new emulator uses, and how many pages of many pods it lists in a second. */
async function fill(own: BenchEmulator, progress: (line: string) => void): Promise<Filled> {
  progress(`emulator: ${PODS} pods`);
  const emptyMb = own.memoryMb();
  await load(own, CREATE, times(PODS));
  const pages = await load(own, PAGE_OF_MANY, during(ROUND_MS));
  return { emptyMb, fullMb: own.memoryMb(), pages };
}

/** Measures the servers in turns, so that other load on the machine affects all. */
async function race(
  emulators: Emulators,
  prism: Server,
  progress: (line: string) => void,
): Promise<Rounds> {
  const servers: Record<keyof Speed, Server> = { ...emulators, prism };
  const rounds: Rounds = { creates: [], lists: [] };
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round++) {
    progress(round < 1 ? "emulator: warming up" : `emulator: round ${round} of ${ROUNDS}`);
    for (const own of Object.values(emulators)) {
      await own.reset();
      await load(own, CREATE, times(1));
    }
    const lists: Speed = { plain: 0, kept: 0, prism: 0 };
    const creates: Speed = { plain: 0, kept: 0, prism: 0 };
    const first = (round + WARM_UPS) % SERVERS.length;
    const order = [...SERVERS.slice(first), ...SERVERS.slice(0, first)];
    for (const name of order) {
      lists[name] = await load(servers[name], LIST, during(ROUND_MS));
    }
    for (const name of order) {
      creates[name] = await load(servers[name], CREATE, during(ROUND_MS));
    }
    if (round < 1) {
      continue;
    }
    rounds.lists.push(lists);
    rounds.creates.push(creates);
  }
  return rounds;
}

function speeds({ creates, lists }: Rounds, prismVersion: string): Table {
  const row = (what: string, rounds: readonly Speed[]) => [
    what,
    ...SERVERS.map((name) => Math.round(medianOf(rounds, name))),
    ...EMULATORS.map((name) => ratioOf(rounds, name).toFixed(1)),
    BAR,
  ];
  return {
    columns: [
      "answers a second",
      "emulator",
      "with `--state`",
      `Prism ${prismVersion}`,
      "ratio",
      "with `--state`",
      "bar",
    ],
    rows: [row("`POST /v2/pods`", creates), row("`GET /v2/pods`, of one pod", lists)],
  };
}

function holdings(filled: Readonly<Record<(typeof EMULATORS)[number], Filled>>): Table {
  const row = (what: string, value: (one: Filled) => string, bar = "") => [
    what,
    ...EMULATORS.map((name) => value(filled[name])),
    bar,
  ];
  const megabytes = (amount: number) => `${Math.round(amount)} MB`;
  return {
    columns: ["emulator", "measured", "with `--state`", "bar"],
    rows: [
      row("memory, empty", ({ emptyMb }) => megabytes(emptyMb)),
      row(`memory, ${PODS} pods`, ({ fullMb }) => megabytes(fullMb), megabytes(MEMORY_BAR_MB)),
      row(
        `\`GET /v2/pods?limit=${PAGE}\` of these`,
        ({ pages }) => `${Math.round(pages)} a second`,
      ),
    ],
  };
}

function medianOf(rounds: readonly Speed[], name: keyof Speed): number {
  return median(rounds.map((speed) => speed[name]));
}

function ratioOf(rounds: readonly Speed[], name: keyof Emulators): number {
  return medianOf(rounds, name) / medianOf(rounds, "prism");
}

function missedSpeed(what: string, rounds: readonly Speed[], name: keyof Emulators): string[] {
  const ratio = ratioOf(rounds, name);
  return ratio >= BAR
    ? []
    : [
        `The emulator${NAMES[name]} answers ${ratio.toFixed(1)} times as many ${what} as Prism, less than ${BAR}.`,
      ];
}

function missedMemory({ fullMb }: Filled, name: keyof Emulators): string[] {
  return fullMb < MEMORY_BAR_MB
    ? []
    : [
        `The emulator${NAMES[name]} uses ${Math.round(fullMb)} MB for ${PODS} pods, not less than ${MEMORY_BAR_MB}.`,
      ];
}

const NAMES: Readonly<Record<keyof Emulators, string>> = { plain: "", kept: " with --state" };
