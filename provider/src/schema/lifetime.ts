import { imageEntrypoint } from "@runpod-stack/models";
import type { ContainerInputs } from "./container";
import type { Previewed } from "./field";
import { listed, type Problem, problem } from "./rules";
import { STOP_AFTER_ENV, TERMINATE_AFTER_ENV } from "./tokens";
import { hasUnknown } from "./unknown";

/** The time limits of a pod, and the environment variables that its timer reads. */
export const LIFETIMES = {
  terminateAfter: TERMINATE_AFTER_ENV,
  stopAfter: STOP_AFTER_ENV,
} as const;

/** The inputs that a pod's time limits and timer depend on. */
interface Timed extends ContainerInputs {
  imageName?: string;
  terminateAfter?: string;
  stopAfter?: string;
}

export const LIFETIME_FIELDS = ["terminateAfter", "stopAfter"] as const;

/**
 * A value below this is a number of seconds after a start of the pod. Any other value is a time in
 * seconds since 1970: used for termination, and by older releases for `stopAfter`.
 */
export const EARLIEST_TIME = 1_000_000_000;

/** Whether the inputs set a time limit. */
export function hasLifetime(inputs: Previewed<Timed>): boolean {
  return LIFETIME_FIELDS.some((field) => inputs[field] !== undefined);
}

/**
 * The container's full command; undefined if it is unknown. Replacing the ENTRYPOINT drops the
 * image's CMD, so an image's own command must be known to restore it.
 */
export function fullCommand(inputs: Previewed<Timed>): string[] | undefined {
  const [entrypoint, cmd] = [listed(inputs["dockerEntrypoint"]), listed(inputs["dockerStartCmd"])];
  if (entrypoint.length > 0) {
    return [...entrypoint, ...cmd].map(String);
  }
  const own = imageEntrypoint(String(inputs["imageName"]));
  return own === undefined || cmd.length === 0 ? undefined : [...own, ...cmd].map(String);
}

/** A time limit needs the full command, because the timer wraps it. */
export function lifetimeKnowsCommand(inputs: Previewed<Timed>): readonly Problem[] {
  const fields = LIFETIME_FIELDS.filter((field) => inputs[field] !== undefined);
  const parts = [inputs["dockerEntrypoint"], inputs["dockerStartCmd"], inputs["imageName"]];
  if (fields.length === 0 || hasUnknown(parts) || fullCommand(inputs) !== undefined) {
    return [];
  }
  const message =
    "needs the container's full command, because its timer wraps that command. Set dockerEntrypoint and dockerStartCmd in full, or only dockerStartCmd with a vllm/vllm-openai image of a known version";
  return fields.map((field) => problem(field, inputs[field], message));
}
