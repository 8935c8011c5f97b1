/** Any value as text. `String` fails for an object whose `toString` is not a function. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
