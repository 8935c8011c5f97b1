// Runs stacks through many random lives and kills, the property tests with many seeds, and the readers with many generated inputs.
// usage: node tools/soak.mts [--seeds N] [--schedules N] [--kills N] [--sequences N] [--minutes N] [--seed N] [--from N] [properties|fuzz|model|kill|state|operations]
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** How many seeds the property tests run with. */
    seeds: { type: "string", default: "40" },
    /** Random lives. */
    schedules: { type: "string", default: "2000" },
    kills: { type: "string", default: "200" },
    /** Random sequences of Pulumi's operations. */
    sequences: { type: "string", default: "300" },
    /** Minutes of generated inputs for the readers. */
    minutes: { type: "string", default: "60" },
    /** The seed that a run printed repeats that run. */
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    /** The first seed of the properties, batch of lives, kill or sequence to run, to resume after an interruption. */
    from: { type: "string", default: "0" },
  },
});
const FOLDERS: Readonly<Record<string, string>> = {
  model: "faults",
  kill: "faults",
  state: "faults",
  operations: "e2e/pulumi",
};
const suites =
  positionals.length > 0 ? positionals : ["properties", "fuzz", ...Object.keys(FOLDERS)];
console.log(
  `seed ${values.seed}: properties with ${values.seeds} seeds, ${values.schedules} lives in batches of 10, ${values.kills} kills, ${values.sequences} sequences of operations, ${values.minutes} minutes of fuzzing; to resume after an interruption: node tools/soak.mts --seed ${values.seed} --from <seeds, batches, kills or sequences that passed> properties|model|kill|state|operations`,
);

const root = path.join(import.meta.dirname, "..");
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");

for (const suite of suites) {
  const held =
    suite === "properties" ? runProperties() : suite === "fuzz" ? runFuzz() : runLives(suite);
  if (!held) {
    process.exitCode = 1;
  }
}

/** Stops at the first seed that fails: jest has printed the counterexample. */
function runProperties(): boolean {
  const text = (file: string) => readFileSync(path.join(root, file), "utf8");
  const files = globSync("tests/{unit,faults}/**/*.test.ts", { cwd: root }).filter(
    (file) => text(file).includes("fc.assert(") && !text(file).includes("effort("),
  );
  for (let index = Number(values.from); index < Number(values.seeds); index++) {
    const seed = String(Number(values.seed) + index);
    if (!run(files, { SOAK_SEED: seed })) {
      return false;
    }
    console.log(`properties: seed ${index + 1} of ${values.seeds} held, ${seed}`);
  }
  return true;
}

/** Stops at the first input that crashes a reader or takes too long, and prints it. */
function runFuzz(): boolean {
  const { seed, minutes } = values;
  const options = ["--max-old-space-size=300", path.join(root, "tools/hostile/fuzz.mts")];
  return runNode([...options, "--seed", seed, "--minutes", minutes], {});
}

function runLives(suite: string): boolean {
  return run([path.join("tests", FOLDERS[suite] ?? "faults", `${suite}.test.ts`)], {
    SOAK_SCHEDULES: values.schedules,
    SOAK_KILLS: values.kills,
    SOAK_SEQUENCES: values.sequences,
    SOAK_SEED: values.seed,
    SOAK_FROM: values.from,
  });
}

function run(files: readonly string[], env: Record<string, string>): boolean {
  return runNode([jest, "--runInBand", ...files], env);
}

function runNode(args: readonly string[], env: Record<string, string>): boolean {
  const { signal, status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (signal !== null) {
    console.log(`ended by ${signal}`);
  }
  return status === 0;
}
