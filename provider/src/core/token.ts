import { createHash, randomBytes } from "node:crypto";

/**
 * A hash of the strings, in 16 hexadecimal digits. It depends on where one string ends and the next
 * begins.
 */
export function shortHash(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** A short, irreversible fingerprint of an API key. */
export function fingerprint(apiKey: string): string {
  return shortHash("runpod-stack api key", apiKey).slice(0, 8);
}

/** A random id of `bytes` bytes, in hexadecimal digits. */
export function randomId(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
