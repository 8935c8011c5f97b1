import { foreign, type Safe, safe } from "@runpod-stack/kit";
import { contains, MAX_SEARCH_MS } from "../lifecycle/search";

const SHOWN = 400;

/** How an answer differs from what is expected; undefined if it does not. */
export function difference(
  output: unknown,
  expected: string | undefined,
  secrets: readonly string[],
): Safe | undefined {
  if (expected === undefined) {
    return undefined;
  }
  const text = textOf(output);
  const wanted = foreign(expected, { most: 200 });
  const found = contains(text, expected);
  if (found === undefined) {
    return safe`searching the answer for ${wanted} takes more than ${MAX_SEARCH_MS} ms. Set expectOutput to a pattern without nested repetitions such as (a+)+, or to plain text.`;
  }
  return found
    ? undefined
    : safe`the answer does not contain ${wanted}. It is: ${foreign(text, { most: SHOWN, secrets })}`;
}

/** An answer as text: JSON, unless it is a string. */
export function textOf(output: unknown): string {
  return typeof output === "string" ? output : (JSON.stringify(output) ?? "");
}
