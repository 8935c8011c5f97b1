// The arguments and the result of a measurement.
import type { ResolvedPulumi } from "../../tools/pulumi-cli/resolve.mts";
import type { BenchEmulator } from "./emulator.mts";
import { createStack, type Program, type Stack } from "./stack.mts";
import type { Table } from "./table.mts";

export interface Bench {
  readonly emulator: BenchEmulator;
  /** A new stack, and a reset emulator, by default the one above. */
  stack(program: Program, beside?: BenchEmulator): Promise<Stack>;
  /** Reports progress. */
  progress(line: string): void;
}

export interface Outcome {
  readonly tables: readonly Table[];
  /** The numbers behind the tables. */
  readonly raw: unknown;
  /** A sentence for each number that misses its bar. */
  readonly missed: readonly string[];
}

export type Measurement = (bench: Bench) => Promise<Outcome>;

/** @param report is called with progress */
export function createBench(
  cli: ResolvedPulumi,
  emulator: BenchEmulator,
  report: (line: string) => void,
): Bench & { readonly stacks: readonly Stack[] } {
  const stacks: Stack[] = [];
  return {
    emulator,
    stacks,
    async stack(program, beside = emulator) {
      await beside.reset();
      const stack = await createStack(cli, beside.env, program);
      stacks.push(stack);
      return stack;
    },
    progress: report,
  };
}

/** The median; for an even number, the lower of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
