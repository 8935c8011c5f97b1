/** The Pulumi CLI that is downloaded or built where none is installed. `go/go.mod` names the same. */
export const PULUMI_VERSION = "3.259.0";

/** The oldest CLI whose import files and dynamic provider do what this project relies on. */
export const OLDEST_PULUMI_VERSION = "3.254.0";

/** Whether a CLI of this version (`3.259.0`, `v3.259.0`, `3.260.0-alpha.x`) can be used. */
export function isNewEnough(version: string): boolean {
  return compareVersions(version, OLDEST_PULUMI_VERSION) >= 0 && numbers(version)[0] === 3;
}

/** Negative, zero or positive, as `Array.sort` wants it; what follows a dash is ignored. */
export function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [numbers(left), numbers(right)];
  const index = ours.findIndex((number, at) => number !== theirs[at]);
  return index < 0 ? 0 : (ours[index] ?? 0) - (theirs[index] ?? 0);
}

function numbers(version: string): [number, number, number] {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major ?? -1), Number(minor ?? -1), Number(patch ?? -1)];
}
