import type { SyntaxProblem } from "./shell-syntax";

/** How bash and dash, which is `sh` on Debian and Ubuntu, word what goes wrong. */
export interface ShellMessages {
  /** What a script ends with for a variable that must be set and is not. */
  unsetStatus: number;
  unset(name: string): string;
  required(name: string, reason: string, takesEmpty: boolean): string;
  noFolder(path: string): string;
  noTarget(path: string): string;
  noScript(path: string): string;
  arithmetic(expression: string): string;
  test(name: string, message: string): string;
  syntax(problem: SyntaxProblem): string[];
}

export function messagesOf(name: string): ShellMessages {
  return /^(?:.*\/)?(?:sh|dash|ash)$/.test(name) ? dash(name) : bash(name);
}

function bash(name: string): ShellMessages {
  const at = `${name}: line 1: `;
  return {
    unsetStatus: 127,
    unset: (variable) => `${at}${variable}: unbound variable`,
    required: (variable, reason, takesEmpty) =>
      `${at}${variable}: ${reason || (takesEmpty ? "parameter not set" : "parameter null or not set")}`,
    noFolder: (path) => `${at}cd: ${path}: No such file or directory`,
    noTarget: (path) => `${at}${path}: No such file or directory`,
    noScript: (path) => `${at}${path}: No such file or directory`,
    arithmetic: (expression) => `${at}${expression}: syntax error in expression`,
    test: (command, message) => `${at}${command}: ${message}`,
    syntax: ({ line, what }) => {
      const begin = `${name}: -c: line ${line}: `;
      if (what === "end") {
        return [`${begin}syntax error: unexpected end of file`];
      }
      return "open" in what
        ? [`${begin}unexpected EOF while looking for matching \`${what.open}'`]
        : [
            `${begin}syntax error near unexpected token \`${what.token}'`,
            `${begin}\`${what.text}'`,
          ];
    },
  };
}

function dash(name: string): ShellMessages {
  const at = `${name}: 1: `;
  return {
    unsetStatus: 2,
    unset: (variable) => `${at}${variable}: parameter not set`,
    required: (variable, reason, takesEmpty) =>
      `${at}${variable}: ${reason || (takesEmpty ? "parameter not set" : "parameter not set or null")}`,
    noFolder: (path) => `${at}cd: can't cd to ${path}`,
    noTarget: (path) => `${at}cannot create ${path}: Directory nonexistent`,
    noScript: (path) => `${at}.: cannot open ${path}: No such file`,
    arithmetic: (expression) => `${at}arithmetic expression: expecting primary: "${expression}"`,
    test: (command, message) => `${at}${command}: ${message}`,
    syntax: ({ line, what }) => [
      what === "end"
        ? `${name}: ${line - 1}: Syntax error: end of file unexpected`
        : "open" in what
          ? `${name}: ${line}: Syntax error: Unterminated quoted string`
          : `${name}: ${line}: Syntax error: "${what.token}" unexpected`,
    ],
  };
}
