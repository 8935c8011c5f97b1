const TestEnvironment = require("@stryker-mutator/jest-runner/jest-env/node");

/** The mutant for which a test of this process has failed. */
let seen;

/** Skips a mutant's other tests once one has failed, which kills the mutant. */
module.exports = class extends TestEnvironment {
  async handleTestEvent({ name, test }) {
    const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) {
      return;
    }
    if (name === "test_start" && seen === mutant) {
      test.mode = "skip";
    }
    if (name === "test_done" && test.errors.length > 0) {
      seen = mutant;
    }
  }
};
