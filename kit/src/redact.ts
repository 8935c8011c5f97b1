import { AsyncLocalStorage } from "node:async_hooks";
import { visible } from "./printable";

/** Keys that are recognized by their form. Group 1 is masked if there is one, else the whole match. */
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

/** Masking shorter ones would hide half of a message and protect nothing. */
const SHORTEST_SECRET = 6;
/** Variables that are not secret, whatever their names suggest. */
const SHORTEST_VARIABLE = 8;
/** Lines of a longer secret, such as a private key, are printed one by one. */
const SHORTEST_LINE = 16;
/** Characters between the letters of a secret that is disguised. */
const BETWEEN = /[\n\t\uFFFD\p{M}]/u;

const everywhere = new Set<string>();
const during = new AsyncLocalStorage<readonly string[]>();

/** Masks a secret of the whole process, such as an account's key, in every later message. */
export function hideSecret(secret: string): void {
  everywhere.add(secret);
}

/** As `hideSecret`, for each environment variable whose name marks it as secret. */
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

/** Masks secrets in every message that is made during some work. */
export function withSecrets<T>(secrets: readonly string[], work: () => T): T {
  return during.run([...(during.getStore() ?? []), ...secrets], work);
}

/**
 * Masks the given secrets in a visible string, also if they are escaped as in JSON or a URL or
 * broken over lines, and everything that looks like a well-known kind of key. Never throws.
 */
export function redact<T extends string>(text: T, secrets: Iterable<string> = []): T {
  const known = new Set([...secrets, ...everywhere, ...(during.getStore() ?? [])]);
  const forms = [...known].flatMap(written);
  const masked = [...rangesIn(text, forms), ...rangesAcross(text, forms)];
  return withMasks(text, masked) as T;
}

type Range = readonly [start: number, end: number];

function rangesIn(text: string, forms: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      found.push([at, at + form.length]);
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

/** A secret that was cut off at the string's end. */
function rangesCut(text: string, form: string): Range[] {
  if (!text.endsWith("…")) {
    return [];
  }
  const end = text.length - 1;
  const start = text.lastIndexOf(form.slice(0, SHORTEST_SECRET));
  return start >= 0 && form.startsWith(text.slice(start, end)) ? [[start, end]] : [];
}

/** As `rangesIn`, ignoring the characters between the letters. */
function rangesAcross(text: string, forms: readonly string[]): Range[] {
  if (!BETWEEN.test(text)) {
    return [];
  }
  let letters = "";
  const places: number[] = [];
  let at = 0;
  for (const letter of text) {
    if (!BETWEEN.test(letter)) {
      letters += letter;
      for (let unit = 0; unit < letter.length; unit += 1) {
        places.push(at + unit);
      }
    }
    at += letter.length;
  }
  const joined = forms.map((form) => form.replace(/[\n\t\uFFFD\p{M}]/gu, ""));
  return rangesIn(letters, joined.filter(isLong)).map(([start, end]) => [
    places[start] ?? 0,
    (places[end - 1] ?? 0) + 1,
  ]);
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

/** The forms of a secret in a visible string. */
function written(secret: string): string[] {
  if (!isLong(secret)) {
    return [];
  }
  const wellFormed = secret.replace(/\p{Surrogate}/gu, "\uFFFD");
  const plain = visible(secret);
  const parts = plain.split("\n").filter((line) => line.length >= SHORTEST_LINE);
  const escaped = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed)];
  return [secret, plain, ...parts, ...escaped].filter(isLong);
}

function isLong({ length }: string): boolean {
  return length >= SHORTEST_SECRET;
}
