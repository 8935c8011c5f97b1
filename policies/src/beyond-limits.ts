import { textOf } from "@runpod-stack/kit";
import { MAX_COMMAND_LENGTH } from "@runpod-stack/models";
import { isRecord, known } from "./known";
import { MAX_ITEMS, MAX_TEXT } from "./limits";

/** How an input exceeds the limits, as a clause; undefined if it does not. */
export function beyondLimits(name: string, value: unknown): string | undefined {
  if (name === "env") {
    return isRecord(value) ? envBeyond(value) : undefined;
  }
  const texts = Array.isArray(value) ? value.map(known) : [value];
  const lengths = texts.map((text) => (typeof text === "string" ? text.length : 0));
  if (name === "dockerEntrypoint" || name === "dockerStartCmd") {
    return longerThan(
      MAX_COMMAND_LENGTH,
      lengths.reduce((sum, length) => sum + length + 1, 0),
    );
  }
  if (texts.length > MAX_ITEMS) {
    return `it has more than ${MAX_ITEMS} items`;
  }
  return longerThan(MAX_TEXT, largest(lengths));
}

function envBeyond(env: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(env);
  if (names.length > MAX_ITEMS) {
    return `it has more than ${MAX_ITEMS} variables`;
  }
  const values = Object.values(env).map(known);
  return (
    longerThan(MAX_TEXT, largest(names.map((name) => name.length))) ??
    longerThan(MAX_COMMAND_LENGTH, largest(values.map((value) => textOf(value).length)))
  );
}

function longerThan(limit: number, length: number): string | undefined {
  return length > limit ? `it has more than ${limit} characters` : undefined;
}

function largest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}
