/** `32k` is 32,000 and `32K` is 32,768; `auto` is -1. Null if it is no number. */
export function humanNumber(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "auto") {
    return -1;
  }
  const match = /^(\d+(\.\d+)?)([kKmMgGtT])$/.exec(trimmed);
  if (match === null) {
    return /^[-+]?\d+(?:_\d+)*$/.test(trimmed) ? pythonNumber(trimmed) : null;
  }
  const [, number = "", decimals, suffix = ""] = match;
  const isBinary = suffix === suffix.toUpperCase();
  return decimals !== undefined && isBinary
    ? null
    : Math.trunc(Number(number) * (FACTORS[suffix] ?? 1));
}

/** What Python's `int` and `float` make of a string that they take; null for none. */
export function pythonNumber(text: string | undefined): number | null {
  if (text === undefined) {
    return null;
  }
  const plain = text.trim().replaceAll("_", "").toLowerCase();
  const infinite = /^([-+]?)inf(?:inity)?$/.exec(plain);
  if (infinite !== null) {
    return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return plain === "" ? null : Number(plain);
}

/** The number that an option of vLLM is given; null if it is not given. */
export function givenNumber(
  flags: ReadonlyMap<string, readonly string[]>,
  name: string,
): number | null {
  const text = flags.get(name)?.[0];
  if (text === undefined) {
    return null;
  }
  return HUMAN_NUMBERS.has(name) ? humanNumber(text) : pythonNumber(text);
}

const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 2 ** 10,
  m: 1e6,
  M: 2 ** 20,
  g: 1e9,
  G: 2 ** 30,
  t: 1e12,
  T: 2 ** 40,
};

/** Flags whose numbers may have a suffix. */
export const HUMAN_NUMBERS: ReadonlySet<string> = new Set([
  "kv-cache-memory-bytes",
  "max-model-len",
  "max-num-batched-tokens",
  "safetensors-prefetch-block-size",
]);
