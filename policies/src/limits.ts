/**
 * Limits on input. Strangers write it, and each pull request must be checked within seconds. An input
 * beyond a limit cannot be checked: the command exits with status 2; the pack advises, and the preset
 * `strict` refuses. The limits on a container's command are in models/src/limits.ts.
 */

/** Bytes of a file: a stack with several thousand resources. A request body has a few hundred. */
export const MAX_FILE_BYTES = 33_554_432;
/** Tokens of a YAML file, or of a JSON request body: about 7,000 lines, a second's work. */
export const MAX_TOKENS = 50_000;
/**
 * Values in a file that Pulumi writes, and in a configuration: several thousand resources with a
 * hundred values each. Even an empty value takes a hundred bytes of memory.
 */
export const MAX_VALUES = 1_000_000;
/** Violations in a report: the most that GitHub's code scanning accepts. */
export const MAX_VIOLATIONS = 25_000;
/** Nesting depth of objects and lists. Pulumi and RunPod use about ten levels. */
export const MAX_DEPTH = 200;
/** Items of a list such as gpuTypeIds or ports, and variables in env. RunPod has fifty GPU types. */
export const MAX_ITEMS = 1_000;
/** Characters of an image name, a path or an id: Linux's path limit, more than registries allow. */
export const MAX_TEXT = 4_096;
