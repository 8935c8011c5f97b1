import type { Context, MiddlewareHandler } from "hono";
import { RE2JS } from "re2js";
import { ApiError } from "../core/problem";
import { type FaultKind, parseFault } from "../http/faults";
import { bodyOf, type Env } from "../http/services";

/** Reads a value of a control-plane body. @throws 400 that names the field and what it must be. */
type Field<T> = (value: unknown, name: string) => T;
type Fields = Readonly<Record<string, Field<unknown>>>;
type Values<T extends Fields> = { [K in keyof T]: ReturnType<T[K]> };

/** Refuses what a form or a plain request of another web page could send. */
export function onlyJson(): MiddlewareHandler<Env> {
  return (c, next) => {
    const type = c.req.header("content-type");
    const isJson = /^application\/json(?:;|$)/i.test(type ?? "");
    if (!isJson && (type !== undefined || c.get("text"))) {
      throw new ApiError(415, "content-type must be application/json. Set this header.");
    }
    return next();
  };
}

/** The fields of a body, no others. */
export function fields<T extends Fields>(c: Context<Env>, known: T): Values<T> {
  return object(known)(bodyOf(c), "the body");
}

export function object<T extends Fields>(known: T): Field<Values<T>> {
  return (value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw refusal(name, value, "a JSON object");
    }
    const names = Object.keys(known);
    const unknown = Object.keys(value).find((key) => !names.includes(key));
    if (unknown !== undefined) {
      throw new ApiError(
        400,
        `${brief(unknown)} is not a field of ${name}. Use ${names.join(", ")}.`,
      );
    }
    const given = new Map(Object.entries(value));
    return Object.fromEntries(
      Object.entries(known).map(([key, read]) => [key, read(given.get(key), key)]),
    ) as Values<T>;
  };
}

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return (value, name) => (value === undefined ? undefined : field(value, name));
}

export function number(least: number, most: number): Field<number> {
  return (value, name) => {
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      throw refusal(name, value, `a number from ${least} to ${most}`);
    }
    return value;
  };
}

export function wholeNumber(least: number, most: number): Field<number> {
  return (value, name) => {
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
      throw refusal(name, value, `a whole number from ${least} to ${most}`);
    }
    return Number(value);
  };
}

export function word<const T extends string>(words: readonly T[]): Field<T> {
  return (value, name) => {
    const found = words.find((one) => one === value);
    if (found === undefined) {
      throw refusal(name, value, `one of ${words.join(", ")}`);
    }
    return found;
  };
}

export const text: Field<string> = (value, name) => {
  if (typeof value !== "string" || value.length > MAX_TEXT) {
    throw refusal(name, value, `a string of at most ${MAX_TEXT} characters`);
  }
  return value;
};

/** A regular expression in RE2's syntax, which takes linear time for any input. */
export const pathPattern: Field<(path: string) => boolean> = (value, name) => {
  const source = text(value, name);
  try {
    const pattern = RE2JS.compile(source);
    return (path) => pattern.matcher(path).find();
  } catch (error) {
    throw refusal(name, value, `a regular expression in RE2's syntax: ${(error as Error).message}`);
  }
};

export const effect: Field<FaultKind> = (value, name) => {
  const fault = typeof value === "string" ? parseFault(value) : null;
  if (!fault) {
    throw refusal(name, value, `one of ${EFFECTS}`);
  }
  return fault;
};

const MAX_TEXT = 1000;
const EFFECTS =
  "reset:before|after, status:<code>:before|after, slow:<ms>, truncate:<bytes>, html[:<code>], " +
  "capacity[:400|409|500], cloudflare, page:<objects>, lag:<ms>:list|all, delete-lag:<ms>, where <code> is 200 to 599 but not 204, 205 or 304";

function refusal(name: string, value: unknown, rule: string): ApiError {
  const given = value === undefined ? "is required and" : brief(value);
  return new ApiError(400, `${name} ${given} must be ${rule}`);
}

function brief(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
