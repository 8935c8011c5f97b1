/*
 * What the string of an option or a variable means.
 */

export function isTrue(text: string | null | undefined): boolean {
  return /^(?:1|true|yes|on)$/i.test(text ?? "");
}

/** null for what is no number. */
export function number(text: string | null): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** null for what is no whole number from 1 on. */
export function count(text: string | null): number | null {
  const value = number(text);
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}
