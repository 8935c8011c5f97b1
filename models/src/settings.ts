/*
 * Values of options and variables, parsed from their strings.
 */

export function isTrue(text: string | null | undefined): boolean {
  return /^(?:1|true|yes|on)$/i.test(text ?? "");
}

/** null if the string is not a number. */
export function number(text: string | null): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** null if the string is not a whole number of at least 1. */
export function count(text: string | null): number | null {
  const value = number(text) ?? 0;
  return Number.isInteger(value) && value > 0 ? value : null;
}
