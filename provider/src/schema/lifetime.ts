import { imageEntrypoint } from "@runpod-stack/models";
import type { ContainerInputs } from "./container";
import type { Previewed } from "./field";
import { listed, type Problem, problem } from "./rules";
import { STOP_AFTER_ENV, TERMINATE_AFTER_ENV } from "./tokens";
import { hasUnknown } from "./unknown";

/** The inputs that give a pod an end, with the env entry that the timer in it reads. */
export const LIFETIMES = {
  terminateAfter: TERMINATE_AFTER_ENV,
  stopAfter: STOP_AFTER_ENV,
} as const;

/** What a pod's end and its timer are made from. */
interface Timed extends ContainerInputs {
  imageName?: string;
  terminateAfter?: string;
  stopAfter?: string;
}

export const LIFETIME_FIELDS = ["terminateAfter", "stopAfter"] as const;

/**
 * An entry below this is a number of seconds after a start of the pod; from here on it is a time, in
 * seconds since 1970, as termination has it and as older releases wrote for `stopAfter`.
 */
export const EARLIEST_TIME = 1_000_000_000;

/** Whether the inputs give the pod an end. */
export function hasLifetime(inputs: Previewed<Timed>): boolean {
  return LIFETIME_FIELDS.some((field) => inputs[field] !== undefined);
}

/**
 * All that runs in the container, in one list; undefined where that is not known. Replacing the
 * ENTRYPOINT drops the image's CMD, so an image's own command must be known to be put back.
 */
export function fullCommand(inputs: Previewed<Timed>): string[] | undefined {
  const [entrypoint, cmd] = [listed(inputs["dockerEntrypoint"]), listed(inputs["dockerStartCmd"])];
  if (entrypoint.length > 0) return [...entrypoint, ...cmd].map(String);
  const own = imageEntrypoint(String(inputs["imageName"]));
  return own === undefined || cmd.length === 0 ? undefined : [...own, ...cmd].map(String);
}

/** An end needs the full command: the timer runs beside it in the container. */
export function lifetimeKnowsCommand(inputs: Previewed<Timed>): readonly Problem[] {
  const fields = LIFETIME_FIELDS.filter((field) => inputs[field] !== undefined);
  const parts = [inputs["dockerEntrypoint"], inputs["dockerStartCmd"], inputs["imageName"]];
  if (fields.length === 0 || hasUnknown(parts) || fullCommand(inputs) !== undefined) return [];
  const message =
    "needs to know all that runs in the container, for its timer runs beside that: give dockerEntrypoint and dockerStartCmd in full, or dockerStartCmd alone with a vllm/vllm-openai image of a known version";
  return fields.map((field) => problem(field, inputs[field], message));
}
