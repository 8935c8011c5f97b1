import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "../checks/files.mts";

/** The parts of Stryker's report that are read. Lines and columns count from 1. */
interface StrykerReport {
  readonly files: Readonly<Record<string, StrykerFile>>;
}

interface StrykerFile {
  readonly source: string;
  readonly mutants: readonly StrykerMutant[];
}

interface StrykerMutant {
  readonly status: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The result of the tests against the mutants of one file. */
export interface FileResult {
  readonly file: string;
  readonly killed: number;
  readonly timedOut: number;
  readonly survivors: readonly Survivor[];
}

/** A change to the code that no test noticed. */
export interface Survivor {
  readonly file: string;
  readonly line: number;
  /** The line, with the change in it: `if ([a < b → a <= b]) {`. */
  readonly change: string;
}

const REPORT = path.join(root, "reports/mutation/mutation.json");
const LONGEST_TEXT = 60;

/** The result of the last run. */
export function readResults(): FileResult[] {
  const report = JSON.parse(readFileSync(REPORT, "utf8")) as StrykerReport;
  return Object.entries(report.files).map(([file, { source, mutants }]) => ({
    file,
    killed: mutants.filter(({ status }) => status === "Killed").length,
    timedOut: mutants.filter(({ status }) => status === "Timeout").length,
    survivors: mutants
      .filter(({ status }) => status === "Survived" || status === "NoCoverage")
      .map((mutant) => survivor(file, source.split("\n"), mutant)),
  }));
}

/** The day of that run. */
export function dayOfRun(): string {
  return statSync(REPORT).mtime.toISOString().slice(0, 10);
}

/** The share of mutants that tests noticed, in percent. */
export function scoreOf(results: readonly FileResult[]): number {
  const lived = results.reduce((sum, { survivors }) => sum + survivors.length, 0);
  const noticed = results.reduce((sum, { killed, timedOut }) => sum + killed + timedOut, 0);
  return (100 * noticed) / (noticed + lived);
}

function survivor(file: string, lines: readonly string[], mutant: StrykerMutant): Survivor {
  const { start, end } = mutant.location;
  const first = lines[start.line - 1] ?? "";
  const isOneLine = start.line === end.line;
  const before = first.slice(0, start.column - 1).trimStart();
  const text = first.slice(start.column - 1, isOneLine ? end.column - 1 : undefined);
  const after = isOneLine ? first.slice(end.column - 1) : "";
  const original = isOneLine ? short(text) : `${short(text)} …`;
  const change = `${before}[${original} → ${short(mutant.replacement)}]${after}`;
  return { file, line: start.line, change };
}

function short(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > LONGEST_TEXT ? `${flat.slice(0, LONGEST_TEXT)}…` : flat;
}
