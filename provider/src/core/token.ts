import { createHash, randomBytes } from "node:crypto";

/** 16 hexadecimal digits that stand for the given texts, and for no others of another split. */
export function shortHash(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Eight digits by which a key is recognised and from which it cannot be had back. */
export function fingerprint(apiKey: string): string {
  return shortHash("runpod-stack api key", apiKey).slice(0, 8);
}

/** A random id of so many bytes, in hexadecimal digits. */
export function randomId(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
