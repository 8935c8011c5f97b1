/** Milliseconds of a duration such as "8h" or "1h30m"; undefined for anything else. */
export function millisecondsOf(duration: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h)){1,9}$/.test(duration)) {
    return undefined;
  }
  const parts = duration.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit as "h"], 0);
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
