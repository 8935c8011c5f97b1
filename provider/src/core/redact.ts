import { stripVTControlCharacters } from "node:util";

const PATTERNS: readonly RegExp[] = [
  /\brpa_[A-Za-z0-9_-]{4,}/g,
  /\bhf_[A-Za-z0-9]{8,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
];
const BEARER = /\b(Bearer\s+)[A-Za-z0-9._~+/=-]{4,}/gi;
/** Control and formatting characters, such as those that reverse the direction of writing. */
const CONTROLS = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;
const MASK = "[secret]";

/** Masking shorter ones would hide half of any text and protect nobody. */
const SHORTEST_SECRET = 6;

/**
 * The text without the given secrets, also where they stand escaped as in JSON or a URL, and
 * without anything that looks like a well-known kind of key. Never throws.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  const forms = new Set(
    [...secrets].filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(written),
  );
  // The longest first: one secret may contain another.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const masked = longestFirst.reduce((rest, form) => rest.replaceAll(form, MASK), text);
  const unkeyed = PATTERNS.reduce((rest, pattern) => rest.replaceAll(pattern, MASK), masked);
  return unkeyed.replaceAll(BEARER, `$1${MASK}`);
}

/** The text without what could steer a terminal: colours, cursor movements, hidden characters. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, " ");
}

/** Leaves of an error's stack only its message: stacks tell paths, and the plugin host prints them. */
export function forgetStack<E extends Error>(error: E): E {
  error.stack = error.message;
  return error;
}

/** A secret as it may be found in a text. */
function written(secret: string): string[] {
  const wellFormed = secret.replace(/\p{Surrogate}/gu, "\uFFFD");
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed)];
}
