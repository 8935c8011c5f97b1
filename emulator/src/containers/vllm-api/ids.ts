/** 16 hex digits that look random, other ones for each number. */
export function hexId(number: number): string {
  return BigInt.asUintN(64, BigInt(number) * GOLDEN)
    .toString(16)
    .padStart(16, "0");
}

/** 2 to the 64th, divided by the golden ratio. */
const GOLDEN = 0x9e3779b97f4a7c15n;
