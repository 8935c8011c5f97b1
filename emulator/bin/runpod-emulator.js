#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const [major, minor] = process.versions.node.split(".").map(Number);
const cli = join(__dirname, "../dist/cli.js");

if (major < 22 || (major === 22 && minor < 19)) {
  fail(`runpod-emulator needs Node.js 22.19 or newer; this is ${process.version}.`);
} else if (!existsSync(cli)) {
  fail('runpod-emulator is not compiled yet: run "npm run build" first.');
} else {
  require(cli).main(process.argv.slice(2));
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
