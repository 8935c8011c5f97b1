// Runs Jest's tests in this process, without Jest: many small runs end in the time of one of its starts.
import { jestExpect } from "@jest/expect";
import type { Circus } from "@jest/types";
import * as circus from "jest-circus";
import { ModuleMocker } from "jest-mock";

/** The result of one test. */
export interface Outcome {
  readonly name: string;
  /** In milliseconds. */
  readonly duration: number;
  /** Why it failed. */
  readonly failure?: string;
}

export interface TestRun {
  /** Declares the tests: what the test file does. */
  readonly declare: () => void;
  /** Skips the rest after the first test that fails. */
  readonly bail: boolean;
  readonly onTest?: (name: string | undefined) => void;
}

const mocker = new ModuleMocker(globalThis);

/** Declares the parts of Jest's global objects that the tests use. */
export function declareGlobals(isolateModules: (run: () => void) => void): void {
  const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
  const jest = {
    fn: mocker.fn.bind(mocker),
    isolateModules,
    replaceProperty: mocker.replaceProperty.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
  };
  const expect = jestExpect;
  const names = { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test };
  Object.assign(globalThis, names);
}

/** Declares and runs tests. @throws what `declare` throws */
export async function runTests({ declare, bail, onTest }: TestRun): Promise<Outcome[]> {
  circus.resetState();
  declare();
  const outcomes: Outcome[] = [];
  const handle = (event: Circus.Event) => {
    if (event.name === "test_start") {
      if (bail && outcomes.some(({ failure }) => failure !== undefined)) {
        event.test.mode = "skip";
      }
      onTest?.(nameOf(event.test));
    }
    if (event.name === "test_done") {
      onTest?.(undefined);
      mocker.restoreAllMocks();
      outcomes.push(outcomeOf(event.test));
    }
  };
  circus.addEventHandler(handle);
  const { unhandledErrors } = await circus.run();
  circus.removeEventHandler(handle);
  return [
    ...outcomes,
    ...unhandledErrors.map((failure) => ({ name: "outside of tests", duration: 0, failure })),
  ];
}

function outcomeOf(test: Circus.TestEntry): Outcome {
  const { duration, errors } = test;
  const name = nameOf(test);
  return errors.length === 0
    ? { name, duration: duration ?? 0 }
    : { name, duration: duration ?? 0, failure: String(errors[0]?.[0] ?? errors[0]) };
}

function nameOf({ name, parent }: Circus.TestEntry | Circus.DescribeBlock): string {
  return parent?.parent === undefined ? name : `${nameOf(parent)} ${name}`;
}
