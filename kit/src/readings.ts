/** A part of a string. */
export type Range = readonly [start: number, end: number];

/** A string as a person or a program may read another one. */
export interface Reading {
  readonly letters: string;
  /** The part of the other string that a part of this one comes from. */
  range(start: number, end: number): Range;
}

/** JSON in JSON in a URL. */
const MOST_LAYERS = 3;

/** A string unchanged, decoded as often as it may be encoded, and each of these read across lines. */
export function readingsOf(text: string): Reading[] {
  const readings: Reading[] = [{ letters: text, range: (start, end) => [start, end] }];
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const next = decoded(readings.at(-1) as Reading);
    if (next === undefined) {
      break;
    }
    readings.push(next);
  }
  return readings.flatMap((reading) => [reading, ...joined(reading)]);
}

/** What stands between the letters of a secret that is written to be overlooked. */
const BETWEEN = /[\n\t\uFFFD\p{M}\p{C}\p{Default_Ignorable_Code_Point}]+/gu;

/** A secret as it is found by one who reads across lines. */
export function across(secret: string): string {
  return secret.replace(BETWEEN, "");
}

/** A secret as it is found in a URL that was decoded byte by byte. */
export function inBytes(secret: string): string {
  return Buffer.from(secret).toString("latin1");
}

function joined(reading: Reading): Reading[] {
  const { letters } = reading;
  if (letters.search(BETWEEN) < 0) {
    return [];
  }
  const places = new Places(letters.length);
  let at = 0;
  for (const { 0: gap, index } of letters.matchAll(BETWEEN)) {
    places.addAll(letters, at, index);
    at = index + gap.length;
  }
  places.addAll(letters, at, letters.length);
  return [places.readingOf(reading)];
}

const ENCODED = /\\(?:["\\/bfnrt]|u[0-9a-f]{4})|%[0-9a-f]{2}/i;

/** Undefined where nothing is encoded. */
function decoded(reading: Reading): Reading | undefined {
  const { letters } = reading;
  if (!ENCODED.test(letters)) {
    return undefined;
  }
  const places = new Places(letters.length);
  for (let at = 0; at < letters.length; ) {
    const [unit, width] = unitAt(letters, at);
    places.add(unit, at, width);
    at += width;
  }
  return places.readingOf(reading);
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", "/": "/" },
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
};

/** A letter as JSON or a URL may write it, or the letter itself, and how many letters that takes. */
function unitAt(letters: string, at: number): [unit: number, width: number] {
  const [letter = "", next = ""] = [letters[at], letters[at + 1]];
  const hex =
    letter === "%"
      ? letters.slice(at + 1, at + 3)
      : letter === "\\" && next === "u"
        ? letters.slice(at + 2, at + 6)
        : "";
  if (/^(?:[0-9a-f]{2}|[0-9a-f]{4})$/i.test(hex)) {
    return [Number.parseInt(hex, 16), letter === "%" ? 3 : 6];
  }
  const escaped = letter === "\\" ? ESCAPES[next] : undefined;
  return escaped === undefined ? [letter.charCodeAt(0), 1] : [escaped.charCodeAt(0), 2];
}

/** Letters, and from where to where each of them stands in another text. */
class Places {
  length = 0;
  readonly #units: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  constructor(most: number) {
    this.#units = new Uint16Array(most);
    this.#starts = new Uint32Array(most);
    this.#ends = new Uint32Array(most);
  }

  add(unit: number, at: number, width: number): void {
    this.#units[this.length] = unit;
    this.#starts[this.length] = at;
    this.#ends[this.length] = at + width;
    this.length += 1;
  }

  addAll(letters: string, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      this.add(letters.charCodeAt(at), at, 1);
    }
  }

  readingOf({ range }: Reading): Reading {
    const letters = Buffer.from(this.#units.buffer, 0, this.length * 2).toString("utf16le");
    return {
      letters,
      range: (start, end) => range(this.#starts[start] ?? 0, this.#ends[end - 1] ?? 0),
    };
  }
}
