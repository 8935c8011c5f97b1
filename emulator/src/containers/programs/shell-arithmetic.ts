/** The value of `$((expression))`, or null if it is not one of whole numbers, `+ - * / % **` and comparisons. */
export function arithmetic(expression: string, read: (name: string) => string): bigint | null {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|\*\*|[<>=!]=|&&|\|\||[-+*/%<>()!]|\S/g) ?? [];
  if (tokens.length > MAX_TOKENS) {
    return null;
  }
  const reader = new Reader(tokens, read);
  const value = tokens.length === 0 ? 0n : reader.binary(0);
  return reader.isAtEnd ? value : null;
}

const MAX_TOKENS = 200;
const MAX_BITS = 63;

class Reader {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly read: (name: string) => string,
  ) {}

  get isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  /** An operation whose operators bind at least as strongly as this level. */
  binary(level: number): bigint | null {
    let left = this.operand();
    for (;;) {
      const operator = this.tokens[this.at] ?? "";
      const rank = LEVELS.findIndex((operators) => operators.includes(operator));
      if (left === null || rank < level) {
        return left;
      }
      this.at += 1;
      const right = this.binary(operator === "**" ? rank : rank + 1);
      left = right === null ? null : calculated(left, operator, right);
    }
  }

  private operand(): bigint | null {
    const token = this.tokens[this.at++] ?? "";
    if (token === "(") {
      const value = this.binary(0);
      return this.tokens[this.at++] === ")" ? value : null;
    }
    if (token === "-" || token === "+" || token === "!") {
      const value = this.operand();
      return value === null
        ? null
        : token === "-"
          ? -value
          : token === "+"
            ? value
            : flag(value === 0n);
    }
    const text = /^[A-Za-z_]/.test(token) ? this.read(token) || "0" : token;
    return /^-?\d{1,18}$/.test(text) ? BigInt(text) : null;
  }
}

/** From the weakest to the strongest. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["+", "-"],
  ["*", "/", "%"],
  ["**"],
];

function calculated(left: bigint, operator: string, right: bigint): bigint | null {
  switch (operator) {
    case "||":
      return flag(left !== 0n || right !== 0n);
    case "&&":
      return flag(left !== 0n && right !== 0n);
    case "==":
      return flag(left === right);
    case "!=":
      return flag(left !== right);
    case "<":
      return flag(left < right);
    case ">":
      return flag(left > right);
    case "<=":
      return flag(left <= right);
    case ">=":
      return flag(left >= right);
    case "+":
      return BigInt.asIntN(64, left + right);
    case "-":
      return BigInt.asIntN(64, left - right);
    case "*":
      return BigInt.asIntN(64, left * right);
    case "**":
      return right < 0n || right > BigInt(MAX_BITS) ? null : BigInt.asIntN(64, left ** right);
    default:
      return right === 0n ? null : operator === "/" ? left / right : left % right;
  }
}

function flag(is: boolean): bigint {
  return is ? 1n : 0n;
}
