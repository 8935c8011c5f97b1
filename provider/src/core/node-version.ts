interface Manifest {
  readonly name: string;
  readonly engines: { readonly node: string };
}

/** The package's own description, which is the one place of the version that it needs. */
const { name, engines }: Manifest = require("../../package.json");

/**
 * What is wrong with the Node.js that runs, in one sentence; undefined if it is new enough.
 * Bun reports a Node.js version of its own choice, and its plugins run in the real one.
 */
export function nodeProblem(
  versions: Readonly<Record<string, string | undefined>>,
  executable: string,
): string | undefined {
  const needed = engines.node.replace(/^>=/, "");
  if (versions["bun"] !== undefined || isAtLeast(String(versions["node"]), needed))
    return undefined;
  return `${name} needs Node.js ${needed} or newer; this is v${versions["node"]} (${executable}). Install a newer Node.js, put it first on PATH, and run the command again.`;
}

function isAtLeast(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

// Whoever imports this package meets the sentence first, and not a failure deep inside a call.
const problem = nodeProblem(process.versions, process.execPath);
if (problem !== undefined) throw withoutStack(problem);

/** Pulumi shows such an error without its stack: in a program, and in a plugin process. */
function withoutStack(message: string): Error {
  const error = new Error(message);
  error.toString = () => "runpod";
  error.stack = message;
  return Object.assign(error, { __pulumiRunError: true });
}
