const fc = require("fast-check");

// A random seed would make `npm test` fail now and then for reasons that its change did not bring.
fc.configureGlobal({ seed: Number(process.env.SOAK_SEED ?? 1) });
