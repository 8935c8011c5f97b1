/**
 * Measures, and writes the results into docs/performance.md.
 *
 *   npm run bench                    everything, in about half an hour
 *   npm run bench -- --only calls    one of calls, faults, rate-limit, times, state, policies, emulator, hostile
 *   npm run bench -- --json          prints the numbers and changes no file
 *
 * Ends with 1 if a number misses its bar, with a sentence for each.
 */
import { parseArgs } from "node:util";
import { resolvePulumi } from "../tools/pulumi-cli/resolve.mts";
import { calls } from "./calls.mts";
import { emulator as emulatorSpeed } from "./emulator.mts";
import { faults } from "./faults.mts";
import { hostile } from "./hostile.mts";
import { policies } from "./policies.mts";
import { rateLimit } from "./rate-limit.mts";
import { state } from "./state.mts";
import { writeTables } from "./support/document.mts";
import { startEmulator } from "./support/emulator.mts";
import { createBench, type Measurement } from "./support/measure.mts";
import { markdown } from "./support/table.mts";
import { times } from "./times.mts";

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  calls,
  faults,
  "rate-limit": rateLimit,
  times,
  state,
  policies,
  emulator: emulatorSpeed,
  hostile,
};

const { values: options } = parseArgs({
  options: { json: { type: "boolean" }, only: { type: "string" } },
});
const names = options.only === undefined ? Object.keys(MEASUREMENTS) : [options.only];
const unknown = names.find((name) => !Object.hasOwn(MEASUREMENTS, name));
if (unknown === undefined) {
  process.exitCode = await run(names, options.json === true);
} else {
  console.error(`--only ${unknown}: choose one of ${Object.keys(MEASUREMENTS).join(", ")}`);
  process.exitCode = 2;
}

async function run(chosen: readonly string[], printsJson: boolean): Promise<number> {
  const begun = performance.now();
  const report = (line: string) => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`[${String(seconds).padStart(3)} s] ${line}\n`);
  };
  const cli = await resolvePulumi({ report });
  const emulator = await startEmulator();
  const bench = createBench(cli, emulator, report);
  const raw: Record<string, unknown> = {};
  const missed: string[] = [];
  try {
    for (const name of chosen) {
      const outcome = await MEASUREMENTS[name]?.(bench);
      if (outcome === undefined) {
        continue;
      }
      raw[name] = outcome.raw;
      missed.push(...outcome.missed);
      if (printsJson) {
        continue;
      }
      writeTables(name, outcome.tables, cli.version);
      for (const table of outcome.tables) {
        console.log(`\n${markdown(table)}\n`);
      }
    }
  } finally {
    for (const stack of bench.stacks) {
      stack.remove();
    }
    await emulator.close();
  }
  if (printsJson) {
    console.log(JSON.stringify(raw, null, 2));
  }
  for (const sentence of missed) {
    console.error(sentence);
  }
  return missed.length === 0 ? 0 : 1;
}
