import { shellWords } from "../../../../policies/src/input/shell";

test.each<[line: string, words: string[]]>([
  ["", []],
  ["  ", []],
  ["a", ["a"]],
  [" a \t b\nc ", ["a", "b", "c"]],
  ["'a b' \"c d\"", ["a b", "c d"]],
  ["a'b c'\"d e\"f", ["ab cd ef"]],
  ["'' \"\"", ["", ""]],
  ["a\\ b \\'c", ["a b", "'c"]],
  ["'a\\b'", ["a\\b"]],
  ['"a \\"b\\" \\$c \\`d\\` \\\\ \\n"', ['a "b" $c `d` \\ \\n']],
  ["'open", ["'open"]],
  ['"open \\"', ['"open', '"']],
  ["'a\nb'", ["a\nb"]],
])("%j has the words %j", (line, words) => {
  expect(shellWords(line)).toStrictEqual(words);
});
