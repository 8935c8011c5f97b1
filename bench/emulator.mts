// How fast the emulator answers, compared with Prism, and how much memory it uses. Both check every
// body.
import { type BenchEmulator, startEmulator } from "./support/emulator.mts";
import { during, load, type Question, type Server, times } from "./support/load.mts";
import { type Measurement, median } from "./support/measure.mts";
import { startPrism } from "./support/prism.mts";
import type { Table } from "./support/table.mts";

const SERVERS = ["emulator", "Prism"] as const;
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

export const emulator: Measurement = async ({ progress }) => {
  const own = await startEmulator();
  try {
    const filled = await fill(own, progress);
    const prism = await startPrism(progress);
    try {
      const rounds = await race(own, prism, progress);
      return {
        tables: [speeds(rounds, prism.version), holdings(filled)],
        raw: { ...filled, rounds },
        missed: [
          ...missedSpeed("creates", rounds.creates),
          ...missedSpeed("lists", rounds.lists),
          ...missedMemory(filled),
        ],
      };
    } finally {
      await prism.close();
    }
  } finally {
    await own.close();
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

/** Measures both servers in turns, so that other load on the machine affects both. */
async function race(
  own: BenchEmulator,
  prism: Server,
  progress: (line: string) => void,
): Promise<Rounds> {
  const servers: Record<keyof Speed, Server> = { emulator: own, Prism: prism };
  const rounds: Rounds = { creates: [], lists: [] };
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round++) {
    progress(round < 1 ? "emulator: warming up" : `emulator: round ${round} of ${ROUNDS}`);
    await own.reset();
    await load(own, CREATE, times(1));
    const lists: Speed = { emulator: 0, Prism: 0 };
    const creates: Speed = { emulator: 0, Prism: 0 };
    const order = round % 2 === 0 ? SERVERS : SERVERS.toReversed();
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
    ratioOf(rounds).toFixed(1),
    BAR,
  ];
  return {
    columns: ["answers a second", "emulator", `Prism ${prismVersion}`, "ratio", "bar"],
    rows: [row("`POST /v2/pods`", creates), row("`GET /v2/pods`, of one pod", lists)],
  };
}

function holdings({ emptyMb, fullMb, pages }: Filled): Table {
  return {
    columns: ["emulator", "measured", "bar"],
    rows: [
      ["memory, empty", `${Math.round(emptyMb)} MB`, ""],
      [`memory, ${PODS} pods`, `${Math.round(fullMb)} MB`, `${MEMORY_BAR_MB} MB`],
      [`\`GET /v2/pods?limit=${PAGE}\` of these`, `${Math.round(pages)} a second`, ""],
    ],
  };
}

function medianOf(rounds: readonly Speed[], name: keyof Speed): number {
  return median(rounds.map((speed) => speed[name]));
}

function ratioOf(rounds: readonly Speed[]): number {
  return medianOf(rounds, "emulator") / medianOf(rounds, "Prism");
}

function missedSpeed(what: string, rounds: readonly Speed[]): string[] {
  const ratio = ratioOf(rounds);
  return ratio >= BAR
    ? []
    : [
        `The emulator answers ${ratio.toFixed(1)} times as many ${what} as Prism, less than ${BAR}.`,
      ];
}

function missedMemory({ fullMb }: Filled): string[] {
  return fullMb < MEMORY_BAR_MB
    ? []
    : [
        `The emulator uses ${Math.round(fullMb)} MB for ${PODS} pods, not less than ${MEMORY_BAR_MB}.`,
      ];
}
