import type { Fields } from "../../values";

/**
 * A number that a JSON schema allows: 0 if it can be.
 * @param pick chooses one of several
 */
export function sampleNumber(
  schema: Fields,
  isInteger: boolean,
  pick: (options: readonly number[]) => number | undefined,
): number {
  const number = (name: string) => (typeof schema[name] === "number" ? schema[name] : null);
  const step = number("multipleOf") ?? 1;
  const least = number("minimum") ?? Number.NEGATIVE_INFINITY;
  const above = number("exclusiveMinimum") ?? Number.NEGATIVE_INFINITY;
  const most = number("maximum") ?? Number.POSITIVE_INFINITY;
  const below = number("exclusiveMaximum") ?? Number.POSITIVE_INFINITY;
  const low = Math.max(least, above);
  const high = Math.min(most, below);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  const steps = [0, 1, first, first + 1, last, last - 1].map((count) => exact(count * step));
  const between =
    isInteger || number("multipleOf") !== null
      ? []
      : [(low + high) / 2, 0.5, low + 0.5, high - 0.5];
  const allowed = [...steps, ...between].filter(
    (value) => value >= least && value > above && value <= most && value < below,
  );
  return pick(allowed.filter(Number.isFinite)) ?? 0;
}

/** Without what the sum of binary fractions adds: 3 times 0.1 is 0.3. */
function exact(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : Number.NaN;
}
