import { commandLine, type ServerSpec } from "./command-line";
import { CommandReader } from "./command-reader";
import type { Container, Launch } from "./launch";
import { BeyondLimits, MAX_COMMAND_LENGTH } from "./limits";
import { knownImage } from "./server-image";
import { Variables } from "./variables";

/**
 * Finds the model server that a container starts first: with the image's command, with arguments to
 * it, with the pod's command, or in a script after a shell's `-c`. null if no server is known to
 * start, or if the command exceeds the limits.
 */
export function findLaunch(spec: ServerSpec): Launch | null {
  return readContainer(spec)?.launches[0] ?? null;
}

/** What a container runs; null if its command exceeds the limits. */
export function readContainer(spec: ServerSpec): Container | null {
  const container = read(spec);
  return container instanceof BeyondLimits ? null : container;
}

/** Why the container's command cannot be read, as a clause about the command; null if it can. */
export function unreadable(spec: ServerSpec): string | null {
  const container = read(spec);
  return container instanceof BeyondLimits ? container.message : null;
}

/** Cached results: callers ask several questions about the same spec. */
const remembered = new WeakMap<ServerSpec, Container | BeyondLimits>();

function read(spec: ServerSpec): Container | BeyondLimits {
  const before = remembered.get(spec);
  if (before !== undefined) {
    return before;
  }
  const container = readCommand(spec);
  remembered.set(spec, container);
  return container;
}

function readCommand(spec: ServerSpec): Container | BeyondLimits {
  const argv = commandLine(spec).meant;
  const image = knownImage(spec.imageName ?? "");
  const run = new CommandReader(image?.env ?? null);
  try {
    if (lengthOf(argv) > MAX_COMMAND_LENGTH) {
      throw new BeyondLimits(
        `it has more than ${MAX_COMMAND_LENGTH} characters, the most that RunPod accepts`,
      );
    }
    run.command(argv, new Variables({ ...image?.env, ...spec.env }), 0);
  } catch (error) {
    if (error instanceof BeyondLimits) {
      return error;
    }
    throw error;
  }
  return run;
}

/** Length of words as program arguments, each with its terminating zero. */
function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length + 1, 0);
}
