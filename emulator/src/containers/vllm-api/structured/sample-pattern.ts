import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { RE2JS } from "re2js";

/** Lengths in code points. */
export interface Lengths {
  least: number;
  most: number;
}

/**
 * A string that a regular expression matches somewhere, or as a whole. It is as short as `lengths`
 * allow. Null if none was found.
 * @param pick chooses one of several alternatives
 */
export function samplePattern(
  pattern: string,
  lengths: Lengths,
  pick: <T>(options: readonly T[]) => T | undefined,
): string | null {
  const matcher = compilePattern(pattern);
  const tree = parsed(pattern);
  for (let extra = 0; extra <= Math.min(lengths.least, MAX_LENGTH); extra++) {
    const writer = new Writer(extra, pick);
    const text = writer.write(tree);
    const length = [...text].length;
    const padded = text + "a".repeat(Math.max(0, lengths.least - length));
    const found = [text, padded].find((sample) => {
      const size = [...sample].length;
      return size >= lengths.least && size <= lengths.most && matcher.test(sample);
    });
    if (found !== undefined) {
      return found;
    }
    if (writer.isFull) {
      return null;
    }
  }
  return null;
}

/** Throws if the expression needs what linear matching cannot do. */
export function compilePattern(pattern: string): { test(text: string): boolean } {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), RE2JS.DOTALL);
  return { test: (text) => compiled.matcher(text).find() };
}

const MAX_LENGTH = 1_000;

function parsed(pattern: string): AST.Pattern {
  const parser = new RegExpParser();
  try {
    return parser.parsePattern(pattern, undefined, undefined, { unicode: true });
  } catch {
    // JavaScript is more lenient without the flag.
    return parser.parsePattern(pattern);
  }
}

/** Writes what matches a pattern, with a number of repetitions beyond those that must be. */
class Writer {
  private length = 0;

  constructor(
    private extra: number,
    private readonly pick: <T>(options: readonly T[]) => T | undefined,
  ) {}

  /** Whether nothing can be repeated more often. */
  get isFull(): boolean {
    return this.extra > 0;
  }

  write(node: AST.Node): string {
    switch (node.type) {
      case "Pattern":
      case "Group":
      case "CapturingGroup":
        return this.write(this.pick(node.alternatives) as AST.Alternative);
      case "Alternative":
        return node.elements.map((element) => this.write(element)).join("");
      case "Quantifier":
        return this.repeat(node);
      case "Character":
        return this.written(String.fromCodePoint(node.value));
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        return this.written(characterOf(node));
      default:
        return "";
    }
  }

  private repeat({ min, max, element }: AST.Quantifier): string {
    const more = Math.min(this.extra, max - min);
    this.extra -= more;
    let text = "";
    for (let count = 0; count < min + more; count++) {
      text += this.write(element);
    }
    return text;
  }

  private written(character: string): string {
    this.length += 1;
    if (this.length > MAX_LENGTH) {
      throw new RangeError("the string is too long");
    }
    return character;
  }
}

const USUAL = [..."aA0 -_.,:/@#"];
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

function characterOf(
  node: AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass,
): string {
  const named =
    node.type === "CharacterClass"
      ? node.elements.flatMap((element) =>
          element.type === "CharacterClassRange"
            ? [String.fromCodePoint(element.min.value)]
            : element.type === "Character"
              ? [String.fromCodePoint(element.value)]
              : [],
        )
      : [];
  const matcher = compilePattern(`^${node.raw}$`);
  return [...USUAL, ...named, ...PRINTABLE].find((character) => matcher.test(character)) ?? "";
}
