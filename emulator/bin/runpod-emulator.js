#!/usr/bin/env node
require("@runpod-stack/kit/start")(__dirname, "../dist/cli.js");
