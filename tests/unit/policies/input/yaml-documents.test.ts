import type { Path } from "../../../../policies/src/input/parsed-document";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";
import { yamlDocuments } from "../../../../policies/src/input/yaml-documents";

const values = (text: string) => yamlDocuments("f", text).map(({ value }) => value);
const lineOf = (text: string, path: Path) => yamlDocuments("f", text)[0]?.lineOf(path);

test.each<[text: string, values: unknown[]]>([
  ["", []],
  ["# nothing\n---\nnull\n---\n~\n", []],
  ["a: 1\n---\nfalse\n---\n0\n---\n''\n", [{ a: 1 }, false, 0, ""]],
  ["a: &x { b: 1, c: 2 }\nd:\n  <<: *x\n  c: 3\n", [{ a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }]],
  ["'<<': 1\n", [{ "<<": 1 }]],
  ["1: a\ntrue: b\n", [{ 1: "a", true: "b" }]],
  ["<<: { a: 1 }\n<<: { b: 2 }\n", [{ a: 1, b: 2 }]],
  ["a: &x b\nc: &y d\n*x : 1\n*y : 2\n", [{ a: "b", c: "d", b: 1, d: 2 }]],
  ["%FOO 1\n---\na: 1\n", [{ a: 1 }]],
])("%j has the documents %j", (text, documents) => {
  expect(values(text)).toEqual(documents);
  expect(yamlDocuments("f", text).every(({ isLenientJson }) => !isLenientJson)).toBe(true);
});

const TEXT = `name: a
list:
  - x
  - y: 1
    z: 2
base: &b
  image: c
  disk: 5
alias: *b
pod:
  <<: *b
  disk: 7
`;

test.each<[path: Path, line: number | undefined]>([
  [[], 1],
  [["name"], 1],
  [["list"], 3],
  [["list", 1], 4],
  [["list", 1, "z"], 5],
  [["base", "image"], 7],
  [["alias", "disk"], 8],
  [["pod", "image"], 7],
  [["pod", "disk"], 12],
  [["list", "1"], undefined],
  [["list", 5], undefined],
  [["name", "b"], undefined],
  [["image"], undefined],
  [["nothing"], undefined],
  [["nothing", "b"], undefined],
  [["pod", "nothing"], undefined],
])("%j is at line %j", (path, line) => {
  expect(lineOf(TEXT, path)).toBe(line);
});

test("a merged field is found in a list of maps, the first of which counts", () => {
  const text = "a: &a { x: 1 }\nb: &b\n  x: 2\n  y: 3\nc:\n  <<: [*a, *b]\n";
  expect(lineOf(text, ["c", "x"])).toBe(1);
  expect(lineOf(text, ["c", "y"])).toBe(4);
  expect(lineOf("<<: { x: 1 }\n<<:\n  y: 2\n", ["y"])).toBe(3);
});

test.each([
  ["a: 1\n\tb: 2", "f is neither JSON nor YAML: line 2, column 1 (TAB_AS_INDENT)."],
  [`${"[".repeat(10_000)}`, "f cannot be checked: it nests maps and lists too deeply."],
  [
    "a: 1\nb: !env X",
    "f cannot be checked: line 2 has a YAML tag that another tool fills in. Check that tool's output instead.",
  ],
  [
    "a: 1\n? [b]\n: 2",
    "f cannot be checked: line 2 has a map or a list as a field's name. Use a string.",
  ],
  [
    "a:\n  ? { b: 1 }\n  : 2",
    "f cannot be checked: line 2 has a map or a list as a field's name. Use a string.",
  ],
  ["a: 1\nb: 2\na: 3", "f cannot be checked: line 3 sets a field again. Remove one of them."],
  ["l:\n  - a: 1\n    a: 2", "f cannot be checked: line 3 sets a field again. Remove one of them."],
  ["<<: *none", "f cannot be read: an alias or a merge key does not refer to a map."],
  ["<<: 5", "f cannot be read: an alias or a merge key does not refer to a map."],
  [
    `a0: &a0 [x]\n${[1, 2, 3]
      .map(
        (n) =>
          `a${n}: &a${n} [${Array(10)
            .fill(`*a${n - 1}`)
            .join(", ")}]`,
      )
      .join("\n")}`,
    "f cannot be read: Excessive alias count.",
  ],
])("%.30j is refused in one sentence", (text, message) => {
  expect(() => yamlDocuments("f", text)).toThrow(new UnreadableInput(message));
});
