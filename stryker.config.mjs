// What Stryker changes, and which tests must notice.
export default {
  mutate: [
    "provider/src/http/**/*.ts",
    "provider/src/handlers/{lifecycle/{poll,pods,snapshot},pod/{duplicates,lost},pod-endpoint/{container-watch,explanation,wait}}.ts",
  ],
  testRunner: "jest",
  jest: {
    config: {
      roots: [
        "<rootDir>/models/src",
        "<rootDir>/openapi/src",
        "<rootDir>/provider/src",
        "<rootDir>/tests/unit",
        "<rootDir>/tests/support",
      ],
      testMatch: [
        "<rootDir>/tests/unit/http/**/*.test.ts",
        "<rootDir>/tests/unit/handlers/**/{duplicates,lost,snapshot,wait}*.test.ts",
      ],
      // Many mutants make tests wait forever.
      testTimeout: 5_000,
      testEnvironment: "./tools/mutation/environment.cjs",
    },
  },
  coverageAnalysis: "perTest",
  concurrency: 1,
  // Each run leaves about 30 MB behind.
  maxTestRunnerReuse: 40,
  timeoutMS: 30_000,
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  thresholds: { high: 95, low: 85, break: 85 },
};
