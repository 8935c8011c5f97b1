#!/usr/bin/env node
require("@runpod-stack/kit/start").start(__dirname, "../dist/cli/main.js");
