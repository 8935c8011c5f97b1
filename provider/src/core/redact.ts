const PATTERNS: readonly RegExp[] = [
  /\brpa_[A-Za-z0-9_-]{4,}/g,
  /\bhf_[A-Za-z0-9]{8,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /(?<=\bBearer\s+)[A-Za-z0-9._~+/=-]{4,}/gi,
];
const MASK = "[secret]";

/** The text without the given secrets, and without anything that looks like a well-known key. */
export function redact(text: string, secrets: Iterable<string> = []): string {
  // The longest first: one secret may contain another.
  const given = [...secrets].filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  const masked = given.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return PATTERNS.reduce((rest, pattern) => rest.replaceAll(pattern, MASK), masked);
}
