import { hasUnknown } from "../../schema";

/** Whether a place is among the accepted ones. What is not known counts as accepted. */
export function isAmong(found: unknown, accepted: readonly unknown[]): boolean {
  if (found === undefined || found === null || accepted.length === 0) {
    return true;
  }
  if (hasUnknown(accepted)) {
    return accepted.includes(found);
  }
  return accepted.map(plain).includes(plain(found));
}

/** RunPod's catalog has had ids with double spaces, and data centers in lower case. */
function plain(value: unknown): string {
  return String(value).replaceAll(/\s+/g, " ").trim().toUpperCase();
}
