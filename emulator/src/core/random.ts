/** Numbers in [0, 1). */
export type Random = () => number;

const ID_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The same parts always give the same sequence. */
export function seededRandom(...parts: (string | number)[]): Random {
  let state = hash(parts.join("/"));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lowercase letters and digits, as in RunPod's ids. */
export function randomId(random: Random, length: number): string {
  let id = "";
  while (id.length < length) {
    id += ID_LETTERS[Math.floor(random() * ID_LETTERS.length)];
  }
  return id;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}
