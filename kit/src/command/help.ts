import type { Command, Help } from "commander";

/** A part of a help text, made for a width. */
type Section = (help: Help, width: number) => readonly string[];

/** Adds to a command's help what its options do not say. */
export function teach(command: Command, ...sections: readonly Section[]): Command {
  return command.addHelpText("after", ({ command: asked, error }) => {
    const { getOutHelpWidth, getErrHelpWidth } = asked.configureOutput();
    const helpWidth = Number((error ? getErrHelpWidth : getOutHelpWidth)?.());
    const help = asked.createHelp();
    help.prepareContext({ helpWidth });
    return sections.map((section) => ["", ...section(help, helpWidth)].join("\n")).join("\n");
  });
}

/** Paragraphs. */
export function paragraph(text: string): Section {
  return (help, width) => [help.boxWrap(text, width)];
}

/** Terms and what they mean. */
export function list(title: string, meanings: Readonly<Record<string, string>>): Section {
  const terms = Object.entries(meanings);
  const longest = Math.max(...terms.map(([term]) => term.length));
  return (help, width) => [
    help.boxWrap(title, width),
    ...terms.map(([term, meaning]) => help.formatItem(term, longest, meaning, help)),
  ];
}

/** How a command may end, by its exit status. */
export function endings(meanings: Readonly<Record<number, string>>): Section {
  return list("Exit status:", meanings);
}

/** Commands to copy, each with what it does if that is not evident. Their lines are not wrapped. */
export function examples(
  ...commands: readonly (string | readonly [what: string, command: string])[]
) {
  const lines = commands.flatMap((one) => {
    const [what, command] = typeof one === "string" ? ["", one] : one;
    const shown = `  $ ${command.replaceAll("\n", "\n    ")}`;
    return what === "" ? [shown] : [`  # ${what}`, shown];
  });
  const section: Section = () => ["Examples:", ...lines];
  return section;
}
