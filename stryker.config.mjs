// What Stryker changes, and which tests must notice.
export default {
  mutate: [
    "models/src/**/*.ts",
    "policies/src/**/*.ts",
    "provider/src/http/**/*.ts",
    "provider/src/handlers/{lifecycle/{poll,pods,snapshot},pod/{duplicates,lost},pod-endpoint/{container-watch,explanation,wait}}.ts",
  ],
  plugins: ["./tools/mutation/runner.mts"],
  testRunner: "in-process",
  inProcess: {
    tests: [
      "tests/unit/{cases,wrong-commands}.test.ts",
      "tests/unit/emulator/containers/**/*.test.ts",
      "tests/unit/handlers/**/{duplicates,lost,snapshot,wait}*.test.ts",
      "tests/unit/http/**/*.test.ts",
      // Random input notices little that the others do not, and takes most of the time.
      "tests/unit/{models,policies}/**/!(*properties).test.ts",
    ],
  },
  coverageAnalysis: "perTest",
  concurrency: 1,
  incrementalFile: "reports/mutation/incremental.json",
  timeoutMS: 20_000,
  reporters: ["json", "progress-append-only"],
};
