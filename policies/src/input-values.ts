import { isKnown, isRecord, type Known, known, UNKNOWN, type Unknown } from "./known";

/** A list that may have unknown items. */
export type KnownList = Known<readonly (string | Unknown)[]>;

/** Environment variables by name. */
export interface Env {
  readonly entries: Readonly<Record<string, string | Unknown>>;
  /** Whether there are no others. */
  readonly isWhole: boolean;
}

/*
 * Values as the rules see them. A value of the wrong type counts as unknown, because the provider
 * refuses it.
 */

export function number(value: Known<unknown>): Known<number> {
  if (!isKnown(value)) {
    return value;
  }
  return typeof value === "number" && Number.isFinite(value) ? value : UNKNOWN;
}

export function text(value: Known<unknown>): Known<string> {
  if (!isKnown(value)) {
    return value;
  }
  if (value === "") {
    return undefined;
  }
  return typeof value === "string" ? value : UNKNOWN;
}

export function texts(value: Known<unknown>): KnownList {
  if (!isKnown(value)) {
    return value;
  }
  if (!Array.isArray(value)) {
    return UNKNOWN;
  }
  return value.map((item) => (typeof known(item) === "string" ? (known(item) as string) : UNKNOWN));
}

export function variables(value: Known<unknown>, templateMaySet: boolean): Env {
  const given = isRecord(value) ? Object.entries(value) : [];
  const entries = given.flatMap(([name, item]) => {
    const entry = known(item);
    if (entry === undefined) {
      return [];
    }
    return [[name, typeof entry === "string" ? entry : UNKNOWN] as const];
  });
  const isWhole = (value === undefined || isRecord(value)) && !templateMaySet;
  return { entries: Object.fromEntries(entries), isWhole };
}

/** A value of any depth, unwrapped. */
export function plain(value: unknown): unknown {
  const inner = known(value);
  if (inner === UNKNOWN) {
    return undefined;
  }
  if (Array.isArray(inner)) {
    return inner.map(plain);
  }
  if (!isRecord(inner)) {
    return inner;
  }
  return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, plain(item)]));
}
