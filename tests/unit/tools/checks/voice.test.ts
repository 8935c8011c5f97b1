import { hardWords, hardWordsIn } from "../../../../tools/checks/voice.mts";

describe("The check of words", () => {
  test("finds only plain ones in this repository", () => {
    expect(hardWords()).toEqual([]);
  });

  test.each([
    ["a string", 'throw new Error("it is told at once");', ["told", "at once"]],
    ["a template", "safe`$" + "{name} must be a text`;", ["a text"]],
    [
      "a comment that is broken over lines",
      "/**\n * Is not to\n * be had.\n */\nf();",
      ["to be had"],
    ],
    [
      "a line comment",
      "f(); // as far as a is, as long as b is\ng();",
      ["as far as a is, as long as"],
    ],
    ["a comment at the end", "f();\n// beside it\n", ["beside"]],
  ])("reads %s", (_, source, words) => {
    expect(found("a.ts", source)).toEqual(words);
  });

  test("skips names, code and other meanings", () => {
    expect(
      found(
        "a.ts",
        'const told = ["told"]; // `told`, beside/told.ts; cannot tell whether; a text completion',
      ),
    ).toEqual([]);
  });

  test("reads titles and comments of tests, but not their data", () => {
    const source = 'test.each(["it is told"])("is told", () => { f("it is told"); });';
    expect(found("tests/a.test.ts", source)).toEqual(["told"]);
  });

  test("reads a page's paragraphs, headings and tables, but not its code", () => {
    const page = "# A\ntext\n\n## Anew\n\n| a |\n| - |\n| twins |\n\n`told`\n\n```\nsaid\n```\n";
    expect(hardWordsIn("guide/a.md", page)).toEqual([
      'guide/a.md:4 has "Anew". Write again or recreate.',
      'guide/a.md:8 has "twins". Write duplicate.',
    ]);
  });
});

/** The words that are found in a source. */
function found(file: string, source: string): (string | undefined)[] {
  return hardWordsIn(file, source).map((problem) => /"(.*)"/.exec(problem)?.[1]);
}
