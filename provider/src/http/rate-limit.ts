import { parseList } from "structured-headers";

/** An answer's headers by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** RunPod's longest window is a day: a longer wait is a mistake, not an instruction. */
const LONGEST_SECONDS = 24 * 3_600;

/**
 * Seconds until the longest of the windows that are used up begins anew, by a `RateLimit` header
 * such as `"minute";r=0;t=12, "hour";r=0;t=1800`; 0 if none is used up, or none can be read.
 * A window without `t` is taken to last as long as `RateLimit-Policy` says.
 */
export function secondsUntilFree(headers: Headers): number {
  const lengths = new Map(
    items(headers["ratelimit-policy"]).map(([name, get]) => [name, get("w")]),
  );
  const waits = items(headers["ratelimit"])
    .filter(([, get]) => Number(get("r") ?? 1) <= 0)
    .map(([name, get]) => plausible(get("t") ?? lengths.get(name) ?? 0) ?? 0);
  return Math.max(0, ...waits);
}

/**
 * Seconds that a `Retry-After` header asks for, as a number or as a date, which is measured by the
 * server's own `Date`; undefined if it is missing or makes no sense.
 */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^[\d.]+$/.test(text)) return plausible(Number(text));
  const [date, now] = [Date.parse(text), Date.parse(headers["date"] ?? "")];
  return /^[A-Za-z]/.test(text) ? plausible((date - now) / 1_000) : undefined;
}

type Item = readonly [name: string, parameter: (key: string) => number | undefined];

function items(header: string | undefined): Item[] {
  if (header === undefined) return [];
  try {
    return parseList(header).map(([name, parameters]) => [
      String(name),
      (key) => {
        const value = parameters.get(key);
        return typeof value === "number" ? value : undefined;
      },
    ]);
  } catch {
    return [];
  }
}

function plausible(seconds: number): number | undefined {
  return seconds >= 0 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}
