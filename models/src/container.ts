import { commandLine, type ServerSpec } from "./command-line";
import { CommandReader } from "./command-reader";
import type { Container, Launch } from "./launch";
import { BeyondLimits, MAX_COMMAND_LENGTH } from "./limits";
import { knownImage } from "./server-image";
import { Variables } from "./variables";

/**
 * Finds the model server that a container starts first: by the image's own command, by arguments to
 * it, by the pod's own command, or anywhere within a shell's `-c`. null if none is known to start,
 * or if the command is beyond the limits.
 */
export function findLaunch(spec: ServerSpec): Launch | null {
  return readContainer(spec)?.launches[0] ?? null;
}

/** What a container runs; null if its command is beyond the limits. */
export function readContainer(spec: ServerSpec): Container | null {
  const container = read(spec);
  return container instanceof BeyondLimits ? null : container;
}

/** Why it cannot be read what the container starts, as a clause about its command; null if it can. */
export function unreadable(spec: ServerSpec): string | null {
  const container = read(spec);
  return container instanceof BeyondLimits ? container.message : null;
}

/** What was read of a spec: it is asked for many things. */
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
        `it has more than ${MAX_COMMAND_LENGTH} characters, more than RunPod takes`,
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

/** The characters that words take as the arguments of a program: each ends with a zero. */
function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length + 1, 0);
}
