const ESC = "\\u001b";
const ST = `(?:\\u0007|${ESC}\\\\|\\u009c)`;

/** Control strings (OSC, DCS, SOS, PM, APC) with their contents; CSI sequences; all other escapes; Pulumi's colors. */
const ESCAPES = new RegExp(
  [
    `(?:${ESC}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007${ESC}\\u0080-\\u009f]*${ST}`,
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `${ESC}[ -/]*[0-~]`,
    "<\\{%[^<>%]{0,32}%\\}>",
  ].join("|"),
  "g",
);
const BREAKS = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;
/** Controls, formatting such as bidi overrides and zero width, lone surrogates, unassigned code points. */
const HIDDEN = /(?![\n\t])[\p{C}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^(?:(?!<\{%)[ -~])*$/;

/**
 * The visible characters of a string, without what controls a terminal or hides between letters.
 * Whatever ends a line becomes "\n"; tabs stay.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) {
    return text;
  }
  return text.replace(ESCAPES, "").replace(BREAKS, "\n").replace(HIDDEN, "");
}

/**
 * The log commands of GitHub and Azure ("##"), TeamCity, GitLab, Travis and Buildkite, and what Pulumi
 * takes for the beginning of a color: it leaves out what follows, and could so put a command together.
 */
const COMMANDS: readonly (readonly [RegExp, string])[] = [
  [/<(?=\{%)/g, "< "],
  [/##(?=\w{0,40}\[)/g, "# #"],
  [/^([^\S\r\n\u2028\u2029]*):(?=:)/gm, "$1: "],
  [/^([^\S\r\n\u2028\u2029]*(?:section_(?:start|end)|travis_\w{1,20})):/gm, "$1 :"],
  [/^([^\S\r\n\u2028\u2029]*)([-+~]{3}|\^{3})(?= )/gm, "$1|$2"],
];

/** The string without lines that a CI system would run as commands. */
export function withoutCommands(text: string): string {
  return COMMANDS.reduce((rest, [pattern, harmless]) => rest.replace(pattern, harmless), text);
}
