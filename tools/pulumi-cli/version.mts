/** The Pulumi CLI that is downloaded or built if none is installed. `go/go.mod` names the same. */
export const PULUMI_VERSION = "3.259.0";

/** SHA-256 of its release archives by platform, as Pulumi publishes them (pulumi/homebrew-tap, 51fb494). */
export const PULUMI_ARCHIVES: Readonly<Record<string, string>> = {
  "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
  "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
  "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
  "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
};

/** The oldest CLI whose import files and dynamic provider do what this project relies on. */
export const OLDEST_PULUMI_VERSION = "3.254.0";

/** Whether a CLI of this version (`3.259.0`, `v3.259.0`, `3.260.0-alpha.x`) can be used. */
export function isNewEnough(version: string): boolean {
  return compareVersions(version, OLDEST_PULUMI_VERSION) >= 0 && numbers(version)[0] === 3;
}

/** Negative, zero or positive, as for `Array.sort`; the part after a dash is ignored. */
export function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [numbers(left), numbers(right)];
  const index = ours.findIndex((number, at) => number !== theirs[at]);
  return index < 0 ? 0 : (ours[index] ?? 0) - (theirs[index] ?? 0);
}

function numbers(version: string): [number, number, number] {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major ?? -1), Number(minor ?? -1), Number(patch ?? -1)];
}
