interface Manifest {
  readonly name: string;
  readonly engines: { readonly node: string };
}

/** The package's manifest, the only place that states the required Node.js version. */
const { name, engines }: Manifest = require("../../package.json");

/**
 * The error for a Node.js that is too old; undefined if it is new enough. Bun reports a Node.js
 * version of its choice, but its plugins run in real Node.js.
 */
export function nodeProblem(
  versions: Readonly<Record<string, string | undefined>>,
  executable: string,
): string | undefined {
  const needed = engines.node.replace(/^>=/, "");
  if (versions["bun"] !== undefined || isAtLeast(String(versions["node"]), needed)) {
    return undefined;
  }
  return `${name} needs Node.js ${needed} or newer; this is v${versions["node"]} (${executable}). Install a newer Node.js, put it first on PATH, and run the command again.`;
}

function isAtLeast(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

// Fail on import, rather than deep inside a later call.
const problem = nodeProblem(process.versions, process.execPath);
if (problem !== undefined) {
  throw withoutStack(problem);
}

/** An error that Pulumi shows without a stack, in a program and in a plugin process. */
function withoutStack(message: string): Error {
  const error = new Error(message);
  error.toString = () => "runpod";
  error.stack = message;
  return Object.assign(error, { __pulumiRunError: true });
}
