import type { Pod } from "../api";
import { parseDuration } from "../core/duration";
import { fullCommand, hasLifetime, LIFETIMES, type Values } from "../schema";
import type { Context } from "./context";
import { storedLive } from "./live";
import { TIMER } from "./timer-script";

/** By this the timer is known among a container's arguments, to people and to emulators. */
const TIMER_NAME = "runpod-stack-timer";

/** ENTRYPOINT and CMD as they are sent: with the timer before them, if the pod has an end. */
export function commandBody(inputs: Values): { entrypoint: string[]; cmd: string[] } {
  const command = hasLifetime(inputs) ? fullCommand(inputs) : undefined;
  if (command === undefined) {
    const { dockerEntrypoint = [], dockerStartCmd = [] } = inputs;
    return { entrypoint: dockerEntrypoint as string[], cmd: dockerStartCmd as string[] };
  }
  return { entrypoint: ["sh", "-c", TIMER, TIMER_NAME, ...command], cmd: [] };
}

/** The user's own ENTRYPOINT and CMD, where what was found is what is sent for them. */
export function withoutTimer(found: Values, inputs: Values): Values {
  const entrypoint = found["dockerEntrypoint"] as string[] | undefined;
  if (!hasLifetime(inputs) || entrypoint?.[3] !== TIMER_NAME) return found;
  const isOwn = JSON.stringify(entrypoint) === JSON.stringify(commandBody(inputs).entrypoint);
  if (!isOwn) return { dockerEntrypoint: entrypoint.slice(4), dockerStartCmd: [] };
  const { dockerEntrypoint = [], dockerStartCmd = [] } = inputs;
  return { dockerEntrypoint, dockerStartCmd };
}

/**
 * The env entries that hold when the pod's end is due. They are absolute, so that a restart of the
 * container does not start the time anew.
 * @param bornAt when the pod was created, in milliseconds since 1970
 */
export function deadlineEntries(inputs: Values, bornAt: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(LIFETIMES).flatMap(([field, env]) => {
      const duration = milliseconds(inputs[field]);
      return duration === undefined ? [] : [[env, String(Math.ceil((bornAt + duration) / 1_000))]];
    }),
  );
}

/**
 * Which end the pod has, as inputs: a deadline that is not the expected one shows as a time, and a
 * missing one as null. Nothing is known of a pod whose env RunPod does not report.
 */
export function observedLifetimes(pod: Pod, inputs: Values, bornAt: number): Values {
  if (pod.env === undefined) return {};
  const expected = deadlineEntries(inputs, bornAt);
  return Object.fromEntries(
    Object.entries(LIFETIMES).map(([field, env]) => {
      const found = pod.env?.[env];
      if (found === expected[env]) return [field, inputs[field]];
      return [field, found === undefined ? null : `at ${found}`];
    }),
  );
}

/** When the pod was created, by the clock that set its deadlines: stored, or told by a deadline. */
export function bornAt(context: Context, pod: Pod, inputs: Values, old: Values): number {
  const told = Object.entries(LIFETIMES)
    .map(
      ([field, env]) =>
        Number(pod.env?.[env]) * 1_000 - (milliseconds(inputs[field]) ?? Number.NaN),
    )
    .find((birth) => !Number.isNaN(birth));
  return storedLive(old)?.createdAt ?? told ?? context.clock.now();
}

function milliseconds(text: unknown): number | undefined {
  return typeof text === "string" ? parseDuration(text) : undefined;
}
