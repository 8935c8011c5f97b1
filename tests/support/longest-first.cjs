const { default: Sequencer } = require("@jest/test-sequencer");

/** The suites that wait for processes, the longest first. */
const SLOW = ["tests/e2e/pulumi/operations", "tests/e2e/", "tests/faults/", "tests/integration/"];

/** On a fresh clone jest knows no durations and goes by file size: a long suite would come last. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => [...SLOW, ""].findIndex((part) => path.includes(part));
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
};
