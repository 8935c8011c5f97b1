import { seededRandom } from "../../../core/random";

/** A vector of length 1 for a string, the same for the same string. Those that share words are close. */
export function vectorOf(text: string, size: number): number[] {
  const vector = new Float64Array(size);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of [...words, text]) {
    const random = seededRandom(word);
    for (let spread = 0; spread < PLACES; spread++) {
      const place = Math.floor(random() * size);
      vector[place] = (vector[place] ?? 0) + (random() < 0.5 ? -1 : 1);
    }
  }
  const length = Math.hypot(...vector) || 1;
  return [...vector].map((value) => Math.fround(value / length));
}

/** How close two strings are, between -1 and 1. */
export function similarity(left: string, right: string): number {
  const other = vectorOf(right, SCORED_SIZE);
  return vectorOf(left, SCORED_SIZE).reduce(
    (sum, value, place) => sum + value * (other[place] ?? 0),
    0,
  );
}

/** How many places of a vector one word moves. */
const PLACES = 16;
const SCORED_SIZE = 1024;
