const path = require("node:path");

// No test may use the account of the person who runs it.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("RUNPOD_")) {
    delete process.env[name];
  }
}

// Most of the time of a short process is Node's, compiling modules.
process.env.NODE_COMPILE_CACHE = path.join(__dirname, "node_modules/.cache/node-compile");
const lazy = path.join(__dirname, "tests/support/lazy-modules.cjs");
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(lazy)}`;
// The Pulumi CLI ends before it needs the memory that its garbage collector would free.
process.env.GOGC = "400";

/** Tests import the sources: no build is needed, and coverage refers to the TypeScript files. */
const swc = {
  jsc: {
    target: "es2023",
    parser: { syntax: "typescript" },
    // As tsc does for es2022 and later: `declare readonly` keeps outputs from being overwritten.
    transform: { useDefineForClassFields: true },
  },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  setupFiles: ["<rootDir>/tests/support/property-seed.cjs"],
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  modulePathIgnorePatterns: [
    "<rootDir>/(kit|models|openapi|provider|policies|emulator)/dist/",
    "/\\.demo/",
    "<rootDir>/\\.stryker-tmp/",
  ],
  transform: { "\\.m?ts$": ["@swc/jest", swc] },
  moduleFileExtensions: ["ts", "mts", "js", "mjs", "cjs", "json", "node"],
  moduleNameMapper: {
    "^@runpod-stack/models/data/(.+\\.json)$": "<rootDir>/models/src/data/$1",
    "^@runpod-stack/models/data/server-options$": "<rootDir>/models/src/data/server-options.ts",
    "^@runpod-stack/openapi/published/(.+\\.json)$": "<rootDir>/openapi/src/published/$1",
    "^@runpod-stack/provider/(handlers|schema)$": "<rootDir>/provider/src/$1/index.ts",
    "^@runpod-stack/kit/command$": "<rootDir>/kit/src/command/index.ts",
    "^@runpod-stack/(kit|models|openapi|provider|policies|emulator)$": "<rootDir>/$1/src/index.ts",
  },
  restoreMocks: true,
  testTimeout: 10_000,
  testSequencer: "<rootDir>/tests/support/longest-first.cjs",
  // One more than the cores of the smallest machine, because many suites wait for another process.
  maxWorkers: 3,
};
