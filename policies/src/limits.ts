/**
 * Limits on what is judged. Strangers write it, and each pull request is judged within seconds:
 * what is beyond a limit "cannot be judged". The command then ends with status 2; the pack advises,
 * and the preset `strict` refuses. Those of a container's command are in models/src/limits.ts.
 */

/** Bytes of a file: a stack of some thousand resources. A request body takes a few hundred. */
export const MAX_FILE_BYTES = 33_554_432;
/** Tokens of a file in YAML, and of a request body in JSON: some 7,000 lines, a second's work. */
export const MAX_TOKENS = 50_000;
/**
 * Values of a file that Pulumi writes, and of a configuration: some thousand resources with a hundred
 * each. Even an empty one takes a hundred bytes of memory.
 */
export const MAX_VALUES = 1_000_000;
/** Violations in a report: as many as GitHub's code scanning takes of one. */
export const MAX_VIOLATIONS = 25_000;
/** Objects and lists within each other. Pulumi's and RunPod's go some ten deep. */
export const MAX_DEPTH = 200;
/** Items of a list such as gpuTypeIds or ports, and variables of env. RunPod has fifty GPU types. */
export const MAX_ITEMS = 1_000;
/** Characters of an image's name, a path, an id: Linux's limit of a path, and more than a registry's. */
export const MAX_TEXT = 4_096;
