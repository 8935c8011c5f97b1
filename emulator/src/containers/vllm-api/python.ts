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

/** The name of the type of a value that came as JSON. */
export function pythonType(value: unknown): string {
  if (typeof value === "object") {
    return value === null ? "NoneType" : Array.isArray(value) ? "list" : "dict";
  }
  return typeof value === "number"
    ? Number.isInteger(value)
      ? "int"
      : "float"
    : typeof value === "boolean"
      ? "bool"
      : "str";
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

/** Python's `f"{value:.2f}"`: a tie goes to the even digit, and not up as in JavaScript. */
export function pythonFixed(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  const isTie = Math.abs(scaled % 1) === 0.5 && Number.isInteger(value * 2 ** (digits + 1));
  return (isTie ? (2 * Math.round(scaled / 2)) / 10 ** digits : value).toFixed(digits);
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
