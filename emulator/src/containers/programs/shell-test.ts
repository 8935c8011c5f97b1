import type { Machine } from "../machine";
import { isFolder } from "./shell-folders";

/** What `[ ... ]` ends with: 0 if it is true, 1 if not, 2 with a message if it cannot be read. */
export type TestResult = 0 | 1 | { message: string };

/** Judges `[ ... ]`, `[[ ... ]]` or `test`; null for what is not modeled. */
export function judgeTest(
  name: string,
  args: readonly string[],
  machine: Machine,
): TestResult | null {
  const end = { "[": "]", "[[": "]]" }[name];
  if (end !== undefined && args.at(-1) !== end) {
    return name === "[" ? { message: "missing `]'" } : null;
  }
  return judge(end === undefined ? args : args.slice(0, -1), machine, name === "[[");
}

function judge(words: readonly string[], machine: Machine, isDouble: boolean): TestResult | null {
  for (const [operator, deciding] of [
    ["-o", 0],
    ["-a", 1],
  ] as const) {
    const at = words.length > 3 ? words.indexOf(operator) : -1;
    if (at > 0) {
      const left = judge(words.slice(0, at), machine, isDouble);
      const decided = left === deciding || left === null || typeof left === "object";
      return decided ? left : judge(words.slice(at + 1), machine, isDouble);
    }
  }
  const [first = "", second = "", third = ""] = words;
  if (first === "!" && words.length > 1) {
    const result = judge(words.slice(1), machine, isDouble);
    return result === 0 ? 1 : result === 1 ? 0 : result;
  }
  switch (words.length) {
    case 0:
      return 1;
    case 1:
      return truth(first !== "");
    case 2:
      return unary(first, second, machine);
    case 3:
      return binary(first, second, third, isDouble);
    default:
      return isDouble ? null : { message: "too many arguments" };
  }
}

function unary(operator: string, operand: string, machine: Machine): TestResult | null {
  const { disk } = machine;
  const size = disk.sizeOf(operand);
  switch (operator) {
    case "-n":
      return truth(operand !== "");
    case "-z":
      return truth(operand === "");
    case "-f":
      return truth(size !== undefined);
    case "-s":
      return truth((size ?? 0) > 0 || isFolder(machine, operand));
    case "-d":
      return truth(isFolder(machine, operand));
    case "-e":
    case "-r":
    case "-w":
    case "-x":
      return truth(size !== undefined || isFolder(machine, operand));
    default:
      return /^-[a-zA-Z]$/.test(operator)
        ? null
        : { message: `${operator}: unary operator expected` };
  }
}

function binary(
  left: string,
  operator: string,
  right: string,
  isDouble: boolean,
): TestResult | null {
  const compare = Object.hasOwn(NUMERIC, operator) ? NUMERIC[operator] : undefined;
  if (compare !== undefined) {
    const wrong = [left, right].find((text) => !/^\s*[-+]?\d+\s*$/.test(text));
    if (wrong !== undefined) {
      return isDouble ? null : { message: `${wrong}: integer expression expected` };
    }
    return truth(compare(Number(left), Number(right)));
  }
  // In double brackets, the right side is a pattern.
  if (isDouble && /[*?[]/.test(right)) {
    return null;
  }
  switch (operator) {
    case "=":
    case "==":
      return truth(left === right);
    case "!=":
      return truth(left !== right);
    case "-a":
      return truth(left !== "" && right !== "");
    case "-o":
      return truth(left !== "" || right !== "");
    case "=~":
    case "<":
    case ">":
    case "-nt":
    case "-ot":
    case "-ef":
      return null;
    default:
      return isDouble ? null : { message: `${operator}: binary operator expected` };
  }
}

const NUMERIC: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "-eq": (left, right) => left === right,
  "-ne": (left, right) => left !== right,
  "-lt": (left, right) => left < right,
  "-le": (left, right) => left <= right,
  "-gt": (left, right) => left > right,
  "-ge": (left, right) => left >= right,
};

function truth(is: boolean): TestResult {
  return is ? 0 : 1;
}
