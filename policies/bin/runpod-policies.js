#!/usr/bin/env node

const { existsSync } = require("node:fs");
const path = require("node:path");

const [major, minor] = process.versions.node.split(".").map(Number);
const compiled = path.join(__dirname, "../dist/cli/main.js");

if (major < 22 || (major === 22 && minor < 19)) {
  refuse(`runpod-policies needs Node.js 22.19 or newer; this is ${process.version}.`);
} else if (!existsSync(compiled)) {
  refuse("runpod-policies is not compiled yet: run `npm run build` in its repository.");
} else {
  require(compiled)
    .main(process.argv.slice(2), process)
    .then((status) => {
      process.exitCode = status;
    });
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
