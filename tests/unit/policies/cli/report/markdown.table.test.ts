import { safe, trusted } from "@runpod-stack/kit";
import { asMarkdown } from "../../../../../policies/src/cli/report/markdown";
import { DISK, EXTENT, violation, waiver } from "./violations";

const HEAD =
  "| | rule | resource | what is wrong | what to do |\n| --- | --- | --- | --- | --- |\n";

test("violations are a table, refusals first, with a hint about this pack's rules", () => {
  expect(asMarkdown([violation({}), DISK])).toBe(`**Refused: 1 mandatory, 1 advisory.**

${HEAD}| **refused** | container-disk-size | Pod a<br>\`pods/a.yaml:3\` | It is wrong. | Set it to 5. |
| advice | r | Pod a<br>\`pods/a.yaml:3\` | It is wrong. | Set it to 5. |

To see why: \`npx -p @runpod-stack/policies runpod-policies explain container-disk-size\`
`);
});

test("waivers follow the violations, with their reason in place of a remedy", () => {
  expect(
    asMarkdown([violation({})], { ...EXTENT, waived: [waiver] }),
  ).toBe(`**Passed, with 1 piece of advice.** 2 pods judged by 3 rules; 1 not judged: it is odd. 1 waived.

${HEAD}| advice | r | Pod a<br>\`pods/a.yaml:3\` | It is wrong. | Set it to 5. |
| waived | w | \`b.json\`: Pod b | It is wrong. | baked in (until \`2027-03-31\`) |
`);
  expect(asMarkdown([], { ...EXTENT, waived: [waiver] })).toContain("| waived | w |");
});

test("without violations there is no table", () => {
  expect(asMarkdown([])).toBe("**Passed.**\n");
  expect(asMarkdown([], EXTENT)).toBe(
    "**Passed.** 2 pods judged by 3 rules; 1 not judged: it is odd.\n",
  );
});

test.each([
  ["a word, or (two) 'words': 5% of 3.5!", "a word, or (two) 'words': 5% of 3.5!"],
  ["don't re-use über-words?", "don't re-use über-words?"],
  ["www deadbeef 1234567 abcdef", "`www deadbeef 1234567` abcdef"],
  ["a.b @x #1 _x_ 5x", "`a.b @x #1 _x_ 5x`"],
  ["x`y|z", "`x`&#96;`y`&#124;`z`"],
  ["a.b c.d", "`a.b c.d`"],
  ['(a.b), "c.d"', '(`a.b`), "`c.d`"'],
  ["x\n\ty", "x y"],
  ["%", "%"],
  [" x ", "x"],
  ["wwwx defacedx www's", "wwwx defacedx www's"],
  ["it's-a-word's-end 12.34% 5.", "it's-a-word's-end 12.34% 5."],
  ["5% 5.5 5.", "5% 5.5 5."],
])("%j is shown as %j", (text, cell) => {
  const message = trusted(text);
  expect(asMarkdown([violation({ message, remedy: safe`` })])).toContain(`| ${cell} |  |\n`);
});
