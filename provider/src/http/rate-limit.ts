import { parseList } from "structured-headers";

/** An answer's headers by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** One window of a rate limit, as an answer reports it. Times in seconds. */
export interface WindowReport {
  readonly name: string;
  /** Calls that may still be made in it. */
  readonly left: number;
  /** Time until it resets. */
  readonly reset: number;
  /** Calls in a whole window; 0 if the answer does not say. */
  readonly quota: number;
  readonly length: number;
}

/** RunPod's longest window is a day, so a longer wait is a mistake. */
const LONGEST_SECONDS = 24 * 3_600;

/**
 * The windows that the headers `RateLimit` and `RateLimit-Policy` report, such as
 * `"minute";r=0;t=12, "hour";r=2900;t=1800` and `"minute";q=60;w=60, "hour";q=3000;w=3600`. Ignores
 * values that make no sense, and windows without an end.
 */
export function windowsOf(headers: Headers): WindowReport[] {
  const policies = new Map(items(headers["ratelimit-policy"]));
  return items(headers["ratelimit"]).flatMap(([name, get]) => {
    const policy = policies.get(name);
    const length = plausible(policy?.("w"));
    const reset = plausible(get("t")) ?? length;
    const left = get("r");
    if (left === undefined || reset === undefined) {
      return [];
    }
    return [{ name, left, reset, quota: policy?.("q") ?? 0, length: length ?? reset }];
  });
}

/**
 * The seconds that a `Retry-After` header asks for, as a number or as a date, which is compared
 * with the server's own `Date`; undefined if it is missing or makes no sense.
 */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^[\d.]+$/.test(text)) {
    return plausible(Number(text));
  }
  const [date, now] = [Date.parse(text), Date.parse(headers["date"] ?? "")];
  return /^[A-Za-z]/.test(text) ? plausible((date - now) / 1_000) : undefined;
}

type Item = readonly [name: string, parameter: (key: string) => number | undefined];

function items(header: string | undefined): Item[] {
  if (header === undefined) {
    return [];
  }
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

function plausible(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds >= 0 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}
