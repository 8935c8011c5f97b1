// Has every surface read inputs that fast-check generates, and stops at one that crashes or takes too long.
// usage: node --max-old-space-size=300 tools/hostile/fuzz.mts [--seed N] [--runs N] [--minutes N]
import { parseArgs } from "node:util";
import fc from "fast-check";
import { SURFACES } from "./surfaces.mts";
import { texts } from "./texts.mts";

/** CPU time of this process, far above what any input takes. */
const MAX_CPU_MS = 5_000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    /** Inputs for each seed. */
    runs: { type: "string", default: "300" },
    /** How long to continue with further seeds. */
    minutes: { type: "string", default: "0" },
  },
});
const until = performance.now() + Number(values.minutes) * 60_000;
let worst = { cpuMs: 0, surface: "" };
let count = 0;
let seed = Number(values.seed);
do {
  const failure = await run(seed);
  if (failure !== undefined) {
    console.log(failure);
    process.exit(1);
  }
  seed += 1;
} while (performance.now() < until);
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `fuzz: ${count} inputs passed, up to seed ${seed - 1}; the slowest took ${Math.round(worst.cpuMs)} ms (${worst.surface}), memory ${rssMb} MB`,
);
process.exit();

async function run(seed: number): Promise<string | undefined> {
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.keys(SURFACES)),
    texts,
    async (name, text) => {
      const before = process.cpuUsage();
      await SURFACES[name]?.read(text);
      const { user, system } = process.cpuUsage(before);
      const cpuMs = (user + system) / 1000;
      count += 1;
      if (cpuMs > worst.cpuMs) {
        worst = { cpuMs, surface: name };
      }
      if (cpuMs > MAX_CPU_MS) {
        throw new Error(`took ${Math.round(cpuMs)} ms`);
      }
    },
  );
  const details = await fc.check(property, { seed, numRuns: Number(values.runs) });
  if (!details.failed) {
    return undefined;
  }
  const [surface, text = ""] = details.counterexample ?? [];
  const shown = JSON.stringify(text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text);
  return `fuzz: seed ${seed}: ${surface} of ${text.length} characters: ${details.errorInstance}\n${shown}`;
}
