// The cost of reading inputs that are hard to read.
import { measured, type Taken } from "../tools/hostile/process.mts";
import type { Measurement } from "./support/measure.mts";

/** Sizes up to the limit of a command, and up to the promised megabyte. */
const SIZES = [95_000, 1_000_000];
const BAR_SECONDS = 2;
const BAR_MB = 300;

const READERS: readonly (readonly [surface: string, name: string])[] = [
  ["check", "`runpod-policies check` of a body"],
  ["check of a stack", "`runpod-policies check` of a stack"],
  ["check in another format", "the same with `--json`, `--sarif`, …"],
  ["report", "`runpod-policies report`"],
  ["size", "`runpod-policies size`"],
  ["pack", "the policy pack, all its rules"],
  ["diagnose", "`runpod-stack diagnose`"],
  ["progress", "progress of a pod, from its log"],
  ["emulator's shell", "a minute of a container's shell in the emulator"],
];

export const hostile: Measurement = async ({ progress }) => {
  const rows: (readonly (string | number)[])[] = [];
  const raw: Record<string, readonly Taken[]> = {};
  const missed: string[] = [];
  for (const [surface, name] of READERS) {
    progress(`hostile: ${surface}`);
    const taken = await measured(surface, ...SIZES);
    raw[surface] = taken;
    const [slowest] = taken.toSorted((a, b) => b.cpuMs - a.cpuMs);
    const seconds = (slowest?.cpuMs ?? 0) / 1000;
    const mb = Math.max(...taken.map(({ rssMb }) => rssMb));
    rows.push([
      name,
      taken.length,
      `${seconds.toFixed(1)} s`,
      slowest?.shape ?? "",
      `${Math.round(mb)} MB`,
    ]);
    const crash = taken.find(({ outcome }) => typeof outcome === "string");
    if (crash !== undefined) {
      missed.push(`${name} crashes with ${crash.shape}: ${crash.outcome}`);
    }
    if (seconds > BAR_SECONDS) {
      missed.push(
        `${name} takes ${seconds.toFixed(1)} s for ${slowest?.shape}, more than ${BAR_SECONDS}.`,
      );
    }
    if (mb > BAR_MB) {
      missed.push(`${name} takes ${Math.round(mb)} MB, more than ${BAR_MB}.`);
    }
  }
  rows.push(["bar", "", `${BAR_SECONDS} s`, "", `${BAR_MB} MB`]);
  return {
    tables: [{ columns: ["reader", "inputs", "slowest", "which", "memory"], rows }],
    raw,
    missed,
  };
};
