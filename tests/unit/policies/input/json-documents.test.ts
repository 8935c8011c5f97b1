import { jsonDocuments } from "../../../../policies/src/input/json-documents";
import type { Path } from "../../../../policies/src/input/parsed-document";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

const values = (text: string, file = "f.json") =>
  jsonDocuments(file, text)?.map(({ value }) => value);
const lineOf = (text: string, path: Path) => jsonDocuments("f.json", text)?.[0]?.lineOf(path);

test.each<[text: string, values: unknown[] | undefined]>([
  ["a: 1", undefined],
  ["5", undefined],
  ['"{}"', undefined],
  ["", undefined],
  ["/ {}", undefined],
  ["{}", [{}]],
  [" \n [1, true, null]", [[1, true, null]]],
  ["// a\n{}", [{}]],
  ["/* a */ {}", [{}]],
  ['{"a": {"b": [{"c": 1}]}}', [{ a: { b: [{ c: 1 }] } }]],
  ['{"a": 1,}\n[2,]\n', [{ a: 1 }, [2]]],
  ['{"a": "b\nc\td\re"}', [{ a: "b c d e" }]],
  ['{"a": "b\nc"} {"d": "e\nf"}', [{ a: "b c" }, { d: "e f" }]],
  ['{"a\\"": "\\"\n"}', [{ 'a"': '" ' }]],
])("%j has the values %j", (text, documents) => {
  expect(values(text)).toEqual(documents);
});

test.each([
  ['{"a": 1}', [false]],
  ['{"a": 1} ', [false]],
  ['{"a": 1} // b', [true]],
  ['{"a": 1,}', [true]],
  ['{"a": 1} {"b": 2,}', [false, true]],
  ['{"a": 1,} {"b": 2}', [true, false]],
])("%j is lenient JSON: %j", (text, lenient) => {
  expect(jsonDocuments("f", text)?.map(({ isLenientJson }) => isLenientJson)).toEqual(lenient);
});

const TEXT = `{
  "a": 1,
  "list": [
    5,
    {"b": 2,
     "c": 3}
  ],
  "m": {
    "d": 4}}`;

test.each<[path: Path, line: number | undefined]>([
  [[], 1],
  [["a"], 2],
  [["list"], 3],
  [["list", 0], 4],
  [["list", 1, "c"], 6],
  [["m", "d"], 9],
  [["m", 0], undefined],
  [["list", "0"], undefined],
  [["list", 5], undefined],
  [["a", "b"], undefined],
  [["nothing", "b"], undefined],
  [["nothing", 0], undefined],
])("%j is at line %j", (path, line) => {
  expect(lineOf(TEXT, path)).toBe(line);
});

test("lines are those of the file, also in a later value and with line breaks in strings", () => {
  const [, second] = jsonDocuments("f", '{"a": "x\ny"}\n\n{"b":\n 1}') ?? [];
  expect(second?.lineOf(["b"])).toBe(5);
});

test.each([
  ['{"a": }', "f.json is not JSON: line 1, column 7 (ValueExpected)."],
  ['{"a": 1}\n{"b" 2}', "f.json is not JSON: line 2, column 6 (ColonExpected)."],
  ['{"a": "x\ny", b}', "f.json is not JSON: line 1, column 7 (UnexpectedEndOfString)."],
  [
    '{"a": 1,\n"b": 2,\n"a": 3}',
    "f.json cannot be checked: line 3 sets a field again. Remove one of them.",
  ],
  [
    '[1, [{"a": 1, "a": 2}]]',
    "f.json cannot be checked: line 1 sets a field again. Remove one of them.",
  ],
  [
    "[".repeat(201),
    "f.json cannot be checked: it nests objects and lists more than 200 levels deep.",
  ],
])("%.30j is refused in one sentence", (text, message) => {
  expect(() => values(text)).toThrow(new UnreadableInput(message));
});

test.each(["f.json", "f.jsonc", "f.JSON"])("%s must be JSON", (file) => {
  expect(() => values("{ a: b }", file)).toThrow(`${file} is not JSON: line 1, column 3`);
});

test.each(["f.yaml", "f", "f.json5", "json", "f.json.yaml"])("%s may be YAML", (file) => {
  expect(values("{ a: b }", file)).toBeUndefined();
});

test("the same name in two maps is not a duplicate, and equal values are not", () => {
  expect(values('[{"a": "a"}, {"a": "a", "b": "a"}, "a", "a"]')).toHaveLength(1);
});
