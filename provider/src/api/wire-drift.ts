import type { z } from "zod";
import { RunpodError } from "../core/errors";

export type Validator = z.ZodType;

/** Told once per process and kind: a list may hold hundreds of alike answers. */
const told = new Set<string>();

/**
 * An object as RunPod sent it. What differs from the description is told and taken as it is: an
 * answer that is newer than this package must not stand between a user and a pod that bills.
 * @throws RunpodError "protocol" if not even an id is there
 */
export function watchForDrift<T>(
  validator: Validator,
  noun: string,
  value: unknown,
  log: (text: string) => void,
): T {
  const id = (value as { id?: unknown } | null | undefined)?.id;
  if (typeof id !== "string" || id === "") {
    const detail = `RunPod's answer holds no ${noun}`;
    throw new RunpodError(`${detail}: it has no id`, { kind: "protocol", detail });
  }
  const [issue] = validator.safeParse(value).error?.issues ?? [];
  if (issue !== undefined && !told.has(noun)) {
    told.add(noun);
    log(
      `note: RunPod describes a ${noun} otherwise than it answers (${issue.path.join(".")}: ${issue.message}); going on`,
    );
  }
  return value as T;
}
