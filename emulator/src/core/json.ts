/** Nested objects and lists: more than a body needs, and few enough for recursive functions. */
const MAX_NESTING = 64;

/** Undefined for what is not JSON, or is nested too deeply. */
export function parseJson(text: string): unknown {
  const value = parseAnyJson(text);
  return isDeeper(value, MAX_NESTING) ? undefined : value;
}

/** Undefined for what is not JSON. */
export function parseAnyJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)))
  );
}
