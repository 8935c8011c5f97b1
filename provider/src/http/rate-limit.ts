import { parseList } from "structured-headers";

/** One window of the account's limit, as the server last told it. */
export interface RateWindow {
  readonly name: string;
  /** Calls left. */
  readonly remaining: number;
  /** Seconds until the window begins anew. */
  readonly resetSeconds: number;
}

const LONGEST_WAIT_SECONDS = 24 * 3600;

/**
 * Reads a `RateLimit` header such as `"minute";r=0;t=12, "hour";r=2900;t=1800`.
 * What cannot be read tells nothing: an empty list.
 */
export function parseRateLimit(header: string | undefined): RateWindow[] {
  if (header === undefined) return [];
  try {
    return parseList(header).flatMap(([name, parameters]) => {
      const [remaining, resetSeconds] = [parameters.get("r"), parameters.get("t")];
      const isWindow =
        typeof name === "string" &&
        typeof remaining === "number" &&
        typeof resetSeconds === "number";
      return isWindow ? [{ name, remaining, resetSeconds: bounded(resetSeconds) }] : [];
    });
  } catch {
    return [];
  }
}

/** Seconds until every exhausted window has begun anew: the longest counts. 0 if none is exhausted. */
export function secondsUntilFree(windows: readonly RateWindow[]): number {
  return Math.max(
    0,
    ...windows.filter(({ remaining }) => remaining <= 0).map(({ resetSeconds }) => resetSeconds),
  );
}

/**
 * Seconds of a `Retry-After` header, which holds seconds or a date; undefined if it holds neither.
 * @param serverNow the answer's own `Date`, in milliseconds: the two clocks may differ
 */
export function parseRetryAfter(header: string | undefined, serverNow: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return bounded(Number(text));
  const date = Date.parse(text);
  return Number.isNaN(date) || /^-?\d/.test(text) ? undefined : bounded((date - serverNow) / 1_000);
}

function bounded(seconds: number): number {
  return Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS);
}
