/** Compares dotted numbers part by part: `12.11` is newer than `12.2`. Negative if `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] || 0) - (right[i] || 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

export function isSince(version: string, first: string): boolean {
  return compareVersions(version, first) >= 0;
}
