/**
 * The known name that was probably meant: equal except for case and punctuation, or one or two
 * letters away. Undefined if the name is known or resembles none.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) {
    return undefined;
  }
  return known.find((one) => {
    const [a, b] = [bareName(name), bareName(one)];
    const most = b.length < 8 ? 1 : 2;
    return Math.abs(a.length - b.length) <= most && edits(a, b) <= most;
  });
}

/**
 * The known ids that a misspelled one stands for: equal except for case, punctuation, letters that
 * look like digits, or a typo in a long word. An id with another number or code may be new, so it
 * has none.
 */
export function misspelt(id: string, known: readonly string[]): string[] {
  if (known.includes(id)) {
    return [];
  }
  const isMeant = (one: string) => lookalike(one) === lookalike(id) || hasSameWords(one, id);
  return known.filter(isMeant);
}

function lookalike(name: string): string {
  return bareName(name).replaceAll("o", "0").replaceAll(/[il]/g, "1");
}

function hasSameWords(one: string, other: string): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)];
  const isSame = (word: string, index: number) => {
    const found = others[index] ?? "";
    const mayHaveSlip = /^[a-z]{5,}$/.test(word) && /^[a-z]{4,}$/.test(found);
    return word === found || (mayHaveSlip && edits(word, found) <= 2);
  };
  return words.length === others.length && words.every(isSame);
}

function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** A name without case and punctuation, to compare it with others. */
export function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The most names to suggest. */
const MOST = 2;
/** Shorter strings occur in too many names. */
const SHORTEST_WORD = 3;

/** At most two known names that a wrong one may stand for, nearest first. */
export function suggestions(name: string, known: readonly string[]): string[] {
  const wrong = bareName(name);
  const distance = (one: string) => {
    const right = bareName(one);
    if (wrong.length >= SHORTEST_WORD && right.includes(wrong)) {
      return 0;
    }
    const most = Math.max(2, Math.floor(right.length / 3));
    const isNear = Math.abs(right.length - wrong.length) <= most && edits(wrong, right) <= most;
    return isNear ? edits(wrong, right) : Number.POSITIVE_INFINITY;
  };
  return known
    .filter((one) => distance(one) < Number.POSITIVE_INFINITY)
    .toSorted((one, other) => distance(one) - distance(other) || one.length - other.length)
    .slice(0, MOST);
}

/** The number of letters to insert, remove, change or swap with their neighbor. */
function edits(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number) => rows[i]?.[j] ?? i + j;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i]?.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(a.length, b.length);
}
