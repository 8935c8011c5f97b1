const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Wraps a value so that the engine encrypts it in the state and masks it on screen. */
export function seal(value: unknown): unknown {
  return isSealed(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Unwraps sealed values at any depth. */
export function unseal(value: unknown): unknown {
  if (isSealed(value)) {
    return unseal(value.value);
  }
  if (Array.isArray(value)) {
    return value.map(unseal);
  }
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unseal(item)]));
  }
  return value;
}

function isSealed(value: unknown): value is { value: unknown } {
  return (
    value !== null &&
    typeof value === "object" &&
    (value as Record<string, unknown>)[SIGNATURE] === SECRET
  );
}
