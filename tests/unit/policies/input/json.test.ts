import { endOfString, limitJson, parseJson } from "../../../../policies/src/input/json";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

test("JSON is parsed", () => {
  expect(parseJson("f", '{"a": [1, "b"]}')).toEqual({ a: [1, "b"] });
});

test.each([
  ["{\n  a}", "f is not JSON (line 2, column 3)."],
  [`{${"\n".repeat(11)}${" ".repeat(10)}a}`, "f is not JSON (line 12, column 11)."],
  ["not this", "f is not JSON."],
  ["", "f is not JSON."],
])("%j is refused in one sentence, without a quote", (text, message) => {
  expect(() => parseJson("f", text)).toThrow(new UnreadableInput(message));
});

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const maps = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

test.each([
  ["lists as deep as allowed", nested(200)],
  ["maps as deep as allowed", maps(200)],
  ["many deep values in turn", `[${Array(300).fill(nested(150)).join(",")}]`],
  ["many deep maps in turn", `[${Array(300).fill(maps(150)).join(",")}]`],
  ["brackets in a string", JSON.stringify("[{".repeat(300))],
  ["brackets after an escaped quotation mark", `["\\"${"[".repeat(300)}"]`],
])("%s are accepted", (_, text) => {
  expect(() => limitJson("f", text)).not.toThrow();
});

const DEEP = "f cannot be checked: it nests objects and lists more than 200 levels deep.";
test.each([
  ["deeper lists", nested(201), DEEP],
  ["deeper maps", maps(201), DEEP],
])("%s are refused before they are parsed", (_, text, message) => {
  expect(() => limitJson("f", text)).toThrow(new UnreadableInput(message));
  expect(() => parseJson("f", text)).toThrow(new UnreadableInput(message));
});

test.each([
  ['"a"', 2],
  ['""', 1],
  ['"a\\"b" c', 5],
  ['"a\\\\" "', 4],
  ['"open', 5],
  ['"open\\', 7],
])("the string %s ends at index %i", (text, end) => {
  expect(endOfString(text, 0)).toBe(end);
});

test("a file may have a million values, and no more", () => {
  const many = "[],".repeat(500_000);
  expect(() => limitJson("f", many)).not.toThrow();
  expect(() => limitJson("f", `${many},`)).toThrow(
    new UnreadableInput("f cannot be checked: it has more than 1000000 values."),
  );
});
