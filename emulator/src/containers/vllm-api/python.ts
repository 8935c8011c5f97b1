/** Python's `repr` of a value that came as JSON. */
export function pythonRepr(value: unknown): string {
  if (typeof value === "string") {
    return pythonString(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(pythonRepr).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    return pythonDict(Object.entries(value).map(([key, inner]) => [key, pythonRepr(inner)]));
  }
  return value === null || value === undefined
    ? "None"
    : typeof value === "boolean"
      ? pythonBool(value)
      : String(value);
}

/** A dictionary whose values are already written as Python. */
export function pythonDict(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${pythonString(key)}: ${value}`).join(", ")}}`;
}

export function pythonTuple(values: readonly unknown[]): string {
  return `(${values.map(pythonRepr).join(", ")}${values.length === 1 ? "," : ""})`;
}

/** A number that Python keeps as a float: `-5` is `-5.0`. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value);
}

function pythonBool(value: boolean): string {
  return value ? "True" : "False";
}

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
