import type { Disk } from "../disk";

/** The result of `[ ... ]` and `test` for strings and files; anything else counts as true. */
export function isTestTrue(args: readonly string[], disk: Disk): boolean {
  const words = args.filter((arg) => arg !== "]" && arg !== "]]");
  if (words[0] === "!") {
    return !isTestTrue(words.slice(1), disk);
  }
  const [first = "", second = "", third = ""] = words;
  if (words.length <= 1) {
    return first !== "";
  }
  switch (words.length === 2 ? first : second) {
    case "-n":
      return second !== "";
    case "-z":
      return second === "";
    case "-e":
    case "-f":
    case "-d":
    case "-s":
      return disk.sizeOf(second) !== undefined || disk.list(second).length > 0;
    case "=":
    case "==":
      return first === third;
    case "!=":
      return first !== third;
    default:
      return true;
  }
}
