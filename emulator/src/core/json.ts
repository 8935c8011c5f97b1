/** Levels of objects and lists in each other: more than a body needs, and few enough for any function. */
const MAX_NESTING = 64;

/** Undefined for what is not JSON, or nested too deeply to be worked with. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, MAX_NESTING) ? undefined : value;
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
