/** The variables that a shell has at some point of its script. */
export type Variables = Record<string, string>;

/**
 * Splits a script into its simple commands, each a list of words with quotes removed and variables
 * put in. What is not known stays as written: unset variables, since the image may set them, and
 * `$(commands)`. Words are read when asked for, so that a caller's change of `variables` reaches
 * the commands that follow. Redirections and comments are dropped; control structures come as the
 * words they are.
 */
export function* shellCommands(script: string, variables: Variables): Generator<string[]> {
  let words: string[] = [];
  let word: string | null = null;
  let dropsNext = false;
  const endWord = () => {
    if (word !== null && !dropsNext) words.push(word);
    if (word !== null) dropsNext = false;
    word = null;
  };
  for (let at = 0; at < script.length; ) {
    const char = script.charAt(at);
    if (char === "\\") {
      if (script.charAt(at + 1) !== "\n") word = (word ?? "") + script.charAt(at + 1);
      at += 2;
    } else if (char === "'") {
      const end = endOf(script, "'", at + 1);
      word = (word ?? "") + script.slice(at + 1, end);
      at = end + 1;
    } else if (char === '"') {
      const end = endOfDoubleQuotes(script, at + 1);
      word = (word ?? "") + expand(script.slice(at + 1, end), variables, true);
      at = end + 1;
    } else if (char === "$" || char === "`") {
      const end = endOfExpansion(script, at);
      word = (word ?? "") + expand(script.slice(at, end), variables, false);
      at = end;
    } else if (char === ">" || char === "<") {
      if (word !== null && /^\d+$/.test(word)) word = null;
      endWord();
      dropsNext = true;
      at += /^[<>]+[&|]?/.exec(script.slice(at, at + 4))?.[0].length ?? 1;
    } else if (char === "#" && word === null) {
      at = endOf(script, "\n", at);
    } else if (/[;&|\n(){}]/.test(char) && !(char === "{" && word !== null)) {
      endWord();
      if (words.length > 0) yield words;
      words = [];
      dropsNext = false;
      at++;
    } else if (/\s/.test(char)) {
      endWord();
      at++;
    } else {
      word = (word ?? "") + char;
      at++;
    }
  }
  endWord();
  if (words.length > 0) yield words;
}

/** Puts variables into a text: `$A`, `${A}`, `${A:-default}`. */
function expand(text: string, variables: Variables, hasEscapes: boolean): string {
  return text.replace(VARIABLE, (whole, escaped, name, braced, fallback) => {
    if (escaped !== undefined) return hasEscapes ? escaped : whole;
    const value = variables[name ?? braced];
    return value !== undefined && Object.hasOwn(variables, name ?? braced)
      ? value
      : (fallback ?? whole);
  });
}

const VARIABLE = /\\(["$`\\])|\$(?:([a-z_]\w*)|\{([a-z_]\w*)(?::?[-=]([^}]*))?\})/gi;

function endOf(script: string, mark: string, from: number): number {
  const end = script.indexOf(mark, from);
  return end < 0 ? script.length : end;
}

function endOfDoubleQuotes(script: string, from: number): number {
  let at = from;
  while (at < script.length && script.charAt(at) !== '"') {
    if (script.startsWith("$(", at)) at = endOfExpansion(script, at);
    else at += script.charAt(at) === "\\" ? 2 : 1;
  }
  return Math.min(at, script.length);
}

/** The end of `$NAME`, `${…}`, `$(…)` or a command in back-quotes. */
function endOfExpansion(script: string, from: number): number {
  if (script.charAt(from) === "`") return Math.min(endOf(script, "`", from + 1) + 1, script.length);
  const next = script.charAt(from + 1);
  if (next === "{") return Math.min(endOf(script, "}", from) + 1, script.length);
  if (next !== "(") return from + (/^\$\w*/.exec(script.slice(from, from + 100))?.[0].length ?? 1);
  let depth = 0;
  for (let at = from + 1; at < script.length; at++) {
    if (script.charAt(at) === "(") depth++;
    if (script.charAt(at) === ")" && --depth === 0) return at + 1;
  }
  return script.length;
}
