import { AsyncLocalStorage } from "node:async_hooks";
import { visible } from "./printable";
import { across, inBytes, type Range, readingsOf } from "./readings";

/** Kinds of keys that are known by their form. What group 1 holds is masked, or else all of it. */
const PATTERNS: readonly RegExp[] = [
  /rpa_[A-Za-z0-9_-]{4,}/dg,
  /hf_[A-Za-z0-9]{8,}/dg,
  /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))sk-[A-Za-z0-9_-]{16,}/dg,
  /(?:gh[opsur]|github_pat)_\w{20,}|glpat-[\w-]{16,}|AKIA[A-Z0-9]{16}|pul-[0-9a-f]{40}/dg,
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/dg,
  /\bBearer\s+((?=[a-z._~+/=-]{0,64}\d|[a-z._~+/=-]{20})[a-z0-9._~+/=-]{4,})/dgi,
  /--api-key[= ]((?=\D{0,64}\d)[^\s'"]{6,})/dg,
  /\bapi_key['"]?(?:=|: ?)\[?['"]([^\s'"]{6,})/dgi,
  /\b[A-Z0-9_]{0,64}(?:KEY|TOKEN|SECRET|PASSWORD)=([^\s'"]{6,})/dg,
];
const MASK = "[secret]";

/** Masking shorter ones would hide half of any text and protect nobody. */
const SHORTEST_SECRET = 6;
/** Whose values nobody has called secret. */
const SHORTEST_VARIABLE = 8;
/** Lines of a longer secret, such as a private key, are printed one by one. */
const SHORTEST_LINE = 16;

const everywhere = new Set<string>();
const during = new AsyncLocalStorage<readonly string[]>();

/** From here on, a secret of the whole process, such as an account's key, is masked in every text. */
export function hideSecret(secret: string): void {
  everywhere.add(secret);
}

/** As `hideSecret`, for each variable of an environment whose name says that it holds one. */
export function hideSecretsOf(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (
      value &&
      value.length >= SHORTEST_VARIABLE &&
      /(?:KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$/i.test(name)
    ) {
      hideSecret(value);
    }
  }
}

/** Masks secrets in every text that is made while some work is done. */
export function withSecrets<T>(secrets: readonly string[], work: () => T): T {
  return during.run([...(during.getStore() ?? []), ...secrets], work);
}

/**
 * A visible text without the given secrets, also where they stand escaped as in JSON or a URL or
 * broken over lines, and without anything that looks like a well-known kind of key. Never throws.
 */
export function redact<T extends string>(text: T, secrets: Iterable<string> = []): T {
  if (isShort(text)) {
    return text;
  }
  const known = new Set([...secrets, ...everywhere, ...(during.getStore() ?? [])]);
  const forms = [...known].flatMap(written);
  const masked = readingsOf(text).flatMap(({ letters, range }) =>
    rangesIn(letters, forms).map(([start, end]) => range(start, end)),
  );
  return withMasks(text, masked) as T;
}

function rangesIn(text: string, forms: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const form of forms) {
    for (const range of rangesOf(text, form)) {
      found.push(range);
    }
    found.push(...rangesCut(text, form));
  }
  for (const pattern of PATTERNS) {
    for (const { indices } of text.matchAll(pattern)) {
      const range = indices?.[1] ?? indices?.[0];
      if (range !== undefined) {
        found.push(range);
      }
    }
  }
  return found;
}

/** Where a form stands; where it overlaps with itself, all of that is one range. */
function* rangesOf(text: string, form: string): Generator<Range> {
  let at = text.indexOf(form);
  while (at >= 0) {
    const start = at;
    let end = start;
    do {
      end = at + form.length;
      at = text.indexOf(form, at + 1);
    } while (at >= 0 && at < end);
    yield [start, end];
  }
}

/** Where a string was cut off in the middle of a secret. */
function rangesCut(text: string, form: string): Range[] {
  if (!text.endsWith("…")) {
    return [];
  }
  const end = text.length - 1;
  const tail = text.slice(Math.max(0, end - form.length), end);
  const start = tail.lastIndexOf(form.slice(0, SHORTEST_SECRET));
  return start >= 0 && form.startsWith(tail.slice(start)) ? [[end - tail.length + start, end]] : [];
}

function withMasks(text: string, ranges: readonly Range[]): string {
  let masked = "";
  let shown = 0;
  for (const [start, end] of ranges.toSorted(([one], [other]) => one - other)) {
    if (start >= shown) {
      masked += text.slice(shown, start) + MASK;
    }
    shown = Math.max(shown, end);
  }
  return masked + text.slice(shown);
}

/** A secret as it may be found in a visible text. */
function written(secret: string): string[] {
  if (!isLong(secret)) {
    return [];
  }
  const wellFormed = secret.replace(/\p{Surrogate}/gu, "\uFFFD");
  const plain = visible(secret);
  const parts = plain.split("\n").filter((line) => line.length >= SHORTEST_LINE);
  const escaped = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed)];
  return [secret, plain, across(plain), inBytes(wellFormed), ...parts, ...escaped].filter(isLong);
}

/** Whether a string has no room for a secret, nor for the beginning of one. */
function isShort({ length }: string): boolean {
  return length < SHORTEST_SECRET;
}

function isLong({ length }: string): boolean {
  return length >= SHORTEST_SECRET;
}
