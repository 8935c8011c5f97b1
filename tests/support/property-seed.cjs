const fc = require("fast-check");

// With a random seed, `npm test` would sometimes fail for reasons unrelated to a change.
fc.configureGlobal({ seed: Number(process.env.SOAK_SEED ?? 1) });
