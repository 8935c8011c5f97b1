import { parseJson } from "../../core/json";
import { type Fields, isObject } from "../values";
import type { JobAnswer } from "./job-answer";

/**
 * How a test lets a job end: the field `emulator` of the job's input, or for all jobs of an endpoint
 * the variable `EMULATOR_HANDLER` with the same in JSON. RunPod knows neither.
 */
export interface Instructions {
  /** How long the handler takes, in seconds of the emulated time. */
  seconds?: number;
  /** Why the job fails. */
  error?: string;
  /** The state in which it fails. @default FAILED */
  state?: "FAILED" | "TIMED_OUT";
  /** What the handler returns. */
  output?: unknown;
  /** What it yields instead, one after the other. */
  chunks?: readonly unknown[];
}

/** What the job, or else its endpoint, asks for; what cannot be read fails the job. */
export function instructionsOf(
  input: unknown,
  env: Readonly<Record<string, string>>,
): Instructions {
  const own = isObject(input) ? input["emulator"] : undefined;
  if (own !== undefined) {
    return read(own, "input.emulator");
  }
  const text = env["EMULATOR_HANDLER"];
  return text === undefined ? {} : read(parseJson(text), "EMULATOR_HANDLER");
}

/** The answer that was asked for; null to leave it to the handler. */
export function obey({ error, state, output, chunks }: Instructions): JobAnswer | null {
  if (error !== undefined || state !== undefined) {
    return { error: error ?? "the job was told to fail", ...(state && { state }) };
  }
  if (chunks !== undefined) {
    return { chunks };
  }
  return output === undefined ? null : { output };
}

function read(value: unknown, name: string): Instructions {
  if (!isObject(value)) {
    return { error: `${name} must be a JSON object with ${Object.keys(FIELDS).join(", ")}.` };
  }
  for (const [key, given] of Object.entries(value)) {
    const rule = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof Instructions] : undefined;
    if (rule === undefined) {
      return { error: `${name}.${key} is unknown. Use ${Object.keys(FIELDS).join(", ")}.` };
    }
    if (!rule.holds(given)) {
      return { error: `${name}.${key} ${JSON.stringify(given)} must be ${rule.must}.` };
    }
  }
  return value as Fields & Instructions;
}

interface Rule {
  holds(value: unknown): boolean;
  must: string;
}

const LONGEST_S = 30 * 86_400;

const FIELDS: Readonly<Record<keyof Instructions, Rule>> = {
  seconds: {
    holds: (value) => typeof value === "number" && value >= 0 && value <= LONGEST_S,
    must: `a number from 0 to ${LONGEST_S}`,
  },
  error: { holds: (value) => typeof value === "string", must: "a string" },
  state: {
    holds: (value) => value === "FAILED" || value === "TIMED_OUT",
    must: "FAILED or TIMED_OUT",
  },
  output: { holds: () => true, must: "any JSON value" },
  chunks: { holds: Array.isArray, must: "a list" },
};
