const { existsSync } = require("node:fs");
const path = require("node:path");

/**
 * Runs a package's command. Older releases of Node.js must understand this file: it refuses them.
 *
 * @param {string} folder the package's folder bin
 * @param {string} compiled the file from there that exports `main(args, process)`, which promises an
 * exit status
 */
exports.start = function start(folder, compiled) {
  const { bin, engines } = require(path.join(folder, "../package.json"));
  const [name] = Object.keys(bin);
  const needed = engines.node.replace(">=", "");
  const file = path.join(folder, compiled);
  if (isOlder(process.versions.node.split("."), needed.split("."))) {
    refuse(`${name} needs Node.js ${needed} or newer; this is ${process.version}.`);
  } else if (!existsSync(file)) {
    refuse(`${name} is not compiled yet: run \`npm run build\` in its repository.`);
  } else {
    require(file).main(process.argv.slice(2), process).then(end);
  }
};

function isOlder([major, minor], [neededMajor, neededMinor]) {
  return Number(major) === Number(neededMajor)
    ? Number(minor) < Number(neededMinor)
    : Number(major) < Number(neededMajor);
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  end(2);
}

function end(status) {
  process.exitCode = status;
}
