/** Splits a command line into words as a shell does: at spaces outside quotes. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, single, double, escaped, space, plain] of line.matchAll(TOKENS)) {
    if (space !== undefined) {
      if (word !== undefined) {
        words.push(word);
      }
      word = undefined;
    } else {
      const unquoted = double?.replace(/\\(["\\$`])/g, "$1");
      word = (word ?? "") + (single ?? unquoted ?? escaped ?? plain ?? "");
    }
  }
  return word === undefined ? words : [...words, word];
}

const TOKENS = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\s+)|(.)/gs;
