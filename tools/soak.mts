// Takes stacks through many random lives and kills, for as long as that takes.
// usage: node tools/soak.mts [--schedules N] [--kills N] [--sequences N] [--seed N] [--from N] [model|kill|operations]
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Random lives. */
    schedules: { type: "string", default: "2000" },
    kills: { type: "string", default: "200" },
    /** Random sequences of Pulumi's operations. */
    sequences: { type: "string", default: "300" },
    /** With the seed that a run printed, it is run again. */
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    /** The first batch of lives, kill or sequence that is run: to go on after what held already. */
    from: { type: "string", default: "0" },
  },
});
const FOLDERS: Readonly<Record<string, string>> = {
  model: "faults",
  kill: "faults",
  operations: "e2e/pulumi",
};
const suites = positionals.length > 0 ? positionals : Object.keys(FOLDERS);
console.log(
  `seed ${values.seed}: ${values.schedules} lives in batches of 10, ${values.kills} kills, ${values.sequences} sequences of operations; to go on after an interruption: node tools/soak.mts --seed ${values.seed} --from <batches, kills or sequences that held> model|kill|operations`,
);

const root = path.join(import.meta.dirname, "..");
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
const files = suites.map((suite) =>
  path.join("tests", FOLDERS[suite] ?? "faults", `${suite}.test.ts`),
);
const run = spawnSync(process.execPath, [jest, "--runInBand", ...files], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    SOAK_SCHEDULES: values.schedules,
    SOAK_KILLS: values.kills,
    SOAK_SEQUENCES: values.sequences,
    SOAK_SEED: values.seed,
    SOAK_FROM: values.from,
  },
});
if (run.signal !== null) console.log(`ended by ${run.signal}`);
process.exitCode = run.status ?? 1;
