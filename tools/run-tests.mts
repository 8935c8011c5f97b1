// Runs the tests and ends with the line `N passed, N failed`.
// usage: node tools/run-tests.mts [jest arguments…]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

/** The parts of the output of `jest --json` that are read. */
interface JestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const root = path.join(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(tmpdir(), "runpod-stack-tests-"));
const reportFile = path.join(scratch, "report.json");

const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
const run = spawnSync(
  process.execPath,
  [jest, "--json", `--outputFile=${reportFile}`, ...process.argv.slice(2)],
  // Standard output would repeat the JSON; what people read goes to standard error.
  { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
);
const { passed, failed } = totals(readReport());
rmSync(scratch, { recursive: true, force: true });

process.exitCode = run.status === 0 && failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

/** Undefined when jest ended before it could write its report. */
function readReport(): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(reportFile, "utf8")) as JestReport;
  } catch {
    return undefined;
  }
}

/** A suite that fails outside its tests (it does not load, or a hook throws) counts as one failure. */
function totals(report: JestReport | undefined): { passed: number; failed: number } {
  if (!report) {
    return { passed: 0, failed: 1 };
  }
  let failed = 0;
  for (const suite of report.testResults) {
    const failures = suite.assertionResults.filter((test) => test.status === "failed").length;
    failed += suite.status === "failed" ? Math.max(failures, 1) : failures;
  }
  return { passed: report.numPassedTests, failed };
}
