import { runInNewContext } from "node:vm";

/** A page of a megabyte takes a few milliseconds, unless pattern and page are a bad match. */
export const MAX_SEARCH_MS = 1_000;

/**
 * Whether a page contains a string, or what a /regular expression/ describes. Undefined if it takes too
 * long to find out: nothing else in this process goes on meanwhile.
 */
export function contains(body: string, wanted: string): boolean | undefined {
  const pattern = /^\/(.+)\/$/s.exec(wanted)?.[1];
  if (pattern === undefined) {
    return body.includes(wanted);
  }
  const search = { body, pattern: new RegExp(pattern) };
  try {
    return runInNewContext("pattern.test(body)", search, { timeout: MAX_SEARCH_MS });
  } catch {
    return undefined;
  }
}
