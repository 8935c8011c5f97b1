// A test runner for Stryker. Jest's own takes seconds for a mutant, most of them to start.
import { globSync } from "node:fs";
import path from "node:path";
import {
  INSTRUMENTER_CONSTANTS,
  type InstrumenterContext,
  type MutantCoverage,
  type StrykerOptions,
} from "@stryker-mutator/api/core";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { type Modules, modulesOf } from "./modules.mts";
import { declareGlobals, type Outcome, runTests } from "./test-file.mts";

/** Between a test's file and its name, in an id. */
const SEPARATOR = " > ";

/** What the changed code reads and counts. */
type Mutants = { [name in keyof InstrumenterContext]: InstrumenterContext[name] | undefined };

class InProcessRunner implements TestRunner {
  static inject = tokens(commonTokens.options);
  readonly #root = process.cwd();
  readonly #modules: Modules = modulesOf(this.#root);
  readonly #mutants: Mutants;
  readonly #files: string[];
  /** By source, the test files that import it: first those that noticed a mutant of it last. */
  readonly #order = new Map<string, string[]>();

  constructor(options: StrykerOptions) {
    const shared = globalThis as unknown as Record<string, Mutants>;
    this.#mutants = shared[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    const { tests } = options["inProcess"] as { tests: string[] };
    this.#files = globSync(tests, { cwd: this.#root }).sort();
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    declareGlobals(this.#modules.isolate);
    const nearest = new Map<string, [number, string][]>();
    for (const file of this.#files) {
      const absolute = path.join(this.#root, file);
      this.#modules.load(absolute);
      for (const [source, distance] of this.#modules.distances(absolute)) {
        nearest.set(source, [...(nearest.get(source) ?? []), [distance, file]]);
      }
    }
    for (const [source, tests] of nearest) {
      this.#order.set(
        source,
        tests.sort(([a], [b]) => a - b).map(([, file]) => file),
      );
    }
  }

  async dryRun(_options: DryRunOptions): Promise<DryRunResult> {
    const mutantCoverage: MutantCoverage = { static: {}, perTest: {} };
    this.#mutants.mutantCoverage = mutantCoverage;
    const tests: TestResult[] = [];
    for (const file of this.#files) {
      this.#modules.forget();
      const outcomes = await this.#run(file, false);
      tests.push(...outcomes.map((outcome) => resultOf(file, outcome)));
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, sandboxFileName, testFilter } = options;
    // A whole file each: what one test computes once, a later one uses.
    const wanted = testFilter && new Set(testFilter.map((id) => id.split(SEPARATOR)[0]));
    const order = this.#order.get(sandboxFileName) ?? this.#files;
    this.#mutants.activeMutant = activeMutant.id;
    this.#mutants.hitCount = hitLimit === undefined ? undefined : 0;
    this.#mutants.hitLimit = hitLimit;
    const tests: TestResult[] = [];
    this.#modules.forget();
    try {
      for (const file of order.filter((each) => wanted?.has(each) ?? true)) {
        const outcomes = await this.#run(file, true);
        tests.push(...outcomes.map((outcome) => resultOf(file, outcome)));
        if (outcomes.some(({ failure }) => failure !== undefined)) {
          this.#order.set(sandboxFileName, [file, ...order.filter((each) => each !== file)]);
          break;
        }
      }
    } catch (error) {
      return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error) });
    } finally {
      this.#mutants.activeMutant = undefined;
    }
    const timeout = determineHitLimitReached(this.#mutants.hitCount, hitLimit);
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }

  #run(file: string, bail: boolean): Promise<Outcome[]> {
    return runTests({
      declare: () => this.#modules.load(path.join(this.#root, file)),
      bail,
      onTest: (name) => {
        this.#mutants.currentTestId = name && `${file}${SEPARATOR}${name}`;
      },
    });
  }
}

function resultOf(file: string, { name, duration, failure }: Outcome): TestResult {
  const test = { id: `${file}${SEPARATOR}${name}`, name, timeSpentMs: duration, fileName: file };
  return failure === undefined
    ? { ...test, status: TestStatus.Success }
    : { ...test, status: TestStatus.Failed, failureMessage: failure };
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner),
];

export const strykerValidationSchema = {
  properties: {
    inProcess: {
      type: "object",
      description: "For the test runner in tools/mutation/runner.mts.",
      additionalProperties: false,
      required: ["tests"],
      properties: { tests: { type: "array", items: { type: "string" } } },
    },
  },
};
