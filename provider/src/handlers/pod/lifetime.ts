import { isDeepStrictEqual } from "node:util";
import type { Pod } from "../../api";
import { formatDuration, parseDuration } from "../../core/duration";
import {
  EARLIEST_TIME,
  fullCommand,
  hasLifetime,
  LIFETIME_FIELDS,
  LIFETIMES,
  type PodInputs,
  type Reported,
  type Stored,
} from "../../schema";
import type { Context } from "../lifecycle/context";
import { storedLive } from "../lifecycle/record";
import { REFRESH_AGE_MS } from "../lifecycle/snapshot";
import { TIMER } from "./timer-script";

/** Identifies the timer among a container's arguments, to people and to emulators. */
const TIMER_NAME = "runpod-stack-timer";

/** How far RunPod's creation time may be from the time that a deadline was counted from. */
const NEAR_MS = 15 * 60_000;

/** ENTRYPOINT and CMD as sent to RunPod: wrapped in the timer if the pod has a time limit. */
export function commandBody(inputs: Stored<PodInputs>): { entrypoint: string[]; cmd: string[] } {
  const command = hasLifetime(inputs) ? fullCommand(inputs) : undefined;
  if (command === undefined) {
    const { dockerEntrypoint: entrypoint = [], dockerStartCmd: cmd = [] } = inputs;
    return { entrypoint, cmd };
  }
  return { entrypoint: ["sh", "-c", TIMER, TIMER_NAME, ...command], cmd: [] };
}

/** ENTRYPOINT and CMD by the names of their inputs. */
export interface Command {
  readonly dockerEntrypoint: string[] | undefined;
  readonly dockerStartCmd: string[] | undefined;
}

/** The user's own ENTRYPOINT and CMD, without the timer of this or an older release. */
export function withoutTimer(found: Command, inputs: Stored<PodInputs>): Command {
  const { dockerEntrypoint: entrypoint, dockerStartCmd: cmd = [] } = found;
  if (!hasLifetime(inputs) || entrypoint?.[3] !== TIMER_NAME) {
    return found;
  }
  const command = [...entrypoint.slice(4), ...cmd];
  if (!isDeepStrictEqual(command, fullCommand(inputs))) {
    return { dockerEntrypoint: command, dockerStartCmd: [] };
  }
  const { dockerEntrypoint = [], dockerStartCmd = [] } = inputs;
  return { dockerEntrypoint, dockerStartCmd };
}

/**
 * The environment variables that the timer reads: the time at which to terminate the pod, which no
 * restart delays, and how long after each start to stop it.
 * @param bornAt when the pod was created, in milliseconds of RunPod's clock
 */
export function deadlineEntries(inputs: Stored<PodInputs>, bornAt: number): Record<string, string> {
  const terminateAfter = parseDuration(inputs["terminateAfter"]);
  const stopAfter = parseDuration(inputs["stopAfter"]);
  return {
    ...(terminateAfter !== undefined && {
      [LIFETIMES.terminateAfter]: timeEntry(bornAt + terminateAfter),
    }),
    ...(stopAfter !== undefined && {
      [LIFETIMES.stopAfter]: String(Math.min(Math.ceil(stopAfter / 1_000), EARLIEST_TIME - 1)),
    }),
  };
}

/**
 * The pod's time limits as inputs: null for one that it lacks, and nothing if RunPod does not
 * report its env. An unexpected entry is shown as it is.
 */
export function observedLifetimes(
  pod: Pod,
  inputs: Stored<PodInputs>,
  bornAt: number,
): Reported<PodInputs> {
  const { env } = pod;
  if (env === undefined || env === null) {
    return {};
  }
  const expected = deadlineEntries(inputs, bornAt);
  const stopAfter = parseDuration(inputs["stopAfter"]);
  const olderStop = stopAfter === undefined ? undefined : timeEntry(bornAt + stopAfter);
  const isAsked = (name: string, found: string) =>
    found === expected[name] || (name === LIFETIMES.stopAfter && found === olderStop);
  return Object.fromEntries(
    LIFETIME_FIELDS.map((field) => {
      const name = LIFETIMES[field];
      const found = env[name];
      if (found === undefined) {
        return [field, null];
      }
      return [field, isAsked(name, found) ? inputs[field] : readable(found)];
    }),
  );
}

/** Whether an older release stored the stop as a time, counted from the pod's creation. */
export function stopsByOldEntry(pod: Pod, inputs: Stored<PodInputs>): boolean {
  return inputs["stopAfter"] !== undefined && isTime(pod.env?.[LIFETIMES.stopAfter]);
}

/**
 * The current time by RunPod's clock, for a pod that is to be terminated. Makes a call if no answer
 * has shown the clock yet.
 */
export async function runpodNow(context: Context, inputs: Stored<PodInputs>): Promise<number> {
  const { api, clock, pods } = context;
  if (inputs["terminateAfter"] !== undefined && api.serverNow() === undefined) {
    await pods.list(REFRESH_AGE_MS);
  }
  return api.serverNow() ?? clock.now();
}

/** When the pod was created, in milliseconds of the clock that its deadlines are counted by. */
export function bornAt(
  context: Context,
  pod: Pod,
  inputs: Stored<PodInputs>,
  old: Stored<PodInputs>,
): number {
  const created = Date.parse(pod.createdAt);
  const otherwise = Number.isNaN(created) ? context.clock.now() : created;
  return lifetimeFrom(pod, inputs, old) ?? otherwise;
}

/** The same, if the state or a deadline shows it. */
export function lifetimeFrom(
  pod: Pod,
  inputs: Stored<PodInputs>,
  old: Stored<PodInputs>,
): number | undefined {
  const stored = storedLive(old);
  if (stored?.lifetimeFrom !== undefined) {
    return stored.lifetimeFrom;
  }
  // While the duration changes, the deadline may still be based on the old one.
  const births = [inputs, old].flatMap((given) => birthsByDeadlines(pod, given));
  if (births.length === 0) {
    return undefined;
  }
  const distance = (birth: number) => Math.abs(birth - Date.parse(pod.createdAt));
  const [nearest = Number.NaN] = births.toSorted((one, other) => distance(one) - distance(other));
  // Older releases counted by this machine's clock, right or wrong, and stored that.
  return distance(nearest) <= NEAR_MS ? nearest : stored?.createdAt;
}

/** The creation time that explains each of the pod's deadlines by these inputs. */
function birthsByDeadlines(pod: Pod, inputs: Stored<PodInputs>): number[] {
  return LIFETIME_FIELDS.flatMap((field) => {
    const [found, duration] = [pod.env?.[LIFETIMES[field]], parseDuration(inputs[field])];
    return duration === undefined || !isTime(found) ? [] : [Number(found) * 1_000 - duration];
  });
}

function isTime(entry: string | undefined): boolean {
  return Number(entry) >= EARLIEST_TIME;
}

function timeEntry(time: number): string {
  return String(Math.ceil(time / 1_000));
}

function readable(entry: string): string {
  const seconds = Number(entry);
  if (isTime(entry) || !(seconds > 0)) {
    return `at ${entry}`;
  }
  return formatDuration(seconds * 1_000).replaceAll(" ", "");
}
