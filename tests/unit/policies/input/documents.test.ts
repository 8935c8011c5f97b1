import { documentsIn } from "../../../../policies/src/input/documents";
import { UnreadableInput } from "../../../../policies/src/input/unreadable";

const values = (text: string, file = "pod.json") =>
  documentsIn(file, text).map(({ value }) => value);
const line = (text: string, path: (string | number)[], index = 0) =>
  documentsIn("pod", text)[index]?.lineOf(path);

describe("JSON", () => {
  test("may have comments and trailing commas, and is marked as such", () => {
    const text = `// a pod\n{\n  "a": "//", /* b */\n  "c": [1, 2,],\n}\n// end\n`;
    expect(documentsIn("pod.json", text)).toMatchObject([
      { value: { a: "//", c: [1, 2] }, isLenientJson: true },
    ]);
    expect(documentsIn("pod.json", '{"a": 1}')[0]?.isLenientJson).toBe(false);
    expect(line(text, ["c", 1])).toBe(4);
  });

  test("may be one value after another", () => {
    const text = '{"a": 1}\n{"a": 2} [3]\n';
    expect(values(text)).toEqual([{ a: 1 }, { a: 2 }, [3]]);
    expect(line(text, ["a"], 1)).toBe(2);
    expect(documentsIn("pod.json", text)[1]?.isLenientJson).toBe(false);
  });

  test("keeps every name, including __proto__", () => {
    const [value] = values('{"__proto__": {"imageName": "x"}}');
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect((value as { imageName?: unknown }).imageName).toBeUndefined();
  });

  test.each([
    ['{"a": }', "pod.json is not JSON: line 1, column 7 (ValueExpected)."],
    [
      '{"a": 1,\n "a": 2}',
      "pod.json cannot be checked: line 2 sets a field again. Remove one of them.",
    ],
    ['[{"b": {"a": 1, "a": 2}}]', "line 1 sets a field again."],
  ])("is refused in one sentence: %s", (text, message) => {
    expect(() => values(text)).toThrow(message);
    expect(() => values(text)).toThrow(UnreadableInput);
  });

  test("is read as YAML flow style if the file name allows it", () => {
    expect(values("{ a: [b] }", "pod.yaml")).toEqual([{ a: ["b"] }]);
    expect(() => values("{ a: [b] }")).toThrow("is not JSON");
  });
});

describe("YAML", () => {
  const MERGED = "base: &b\n  image: x\n  disk: 5\nname: a\n<<: *b\ndisk: 7\n";

  test("has merge keys, with the lines of the merged fields", () => {
    expect(values(MERGED, "pod.yaml")).toMatchObject([{ image: "x", disk: 7, name: "a" }]);
    expect(line(MERGED, ["image"])).toBe(2);
    expect(line(MERGED, ["disk"])).toBe(6);
    expect(line("a: &a { x: 1 }\nb: &b { y: 2 }\n<<: [*a, *b]\n", ["y"])).toBe(2);
  });

  test("may be several documents, of which empty ones do not count", () => {
    expect(values("---\na: 1\n---\n# nothing\n---\nb: 2\n", "pod.yaml")).toEqual([
      { a: 1 },
      { b: 2 },
    ]);
  });

  test.each([
    ["a: 1\na: 2", "line 2 sets a field again."],
    ["a: 1\n? [b]\n: 2", "line 2 has a map or a list as a field's name. Use a string."],
    [`${"? ".repeat(90)}a`, "line 1 has a map or a list as a field's name."],
    ["a: !env X", "line 1 has a YAML tag that another tool fills in."],
    ["a: &a\n  <<: *a\n", "cannot be read"],
    ["<<: *nothing", "cannot be read"],
    ["<<: 5\na: 1", "cannot be read"],
  ])("is refused in one sentence: %j", (text, message) => {
    expect(() => values(text, "pod.yaml")).toThrow(message);
    expect(() => values(text, "pod.yaml")).toThrow(UnreadableInput);
  });

  test("is not multiplied by merge keys in merge keys", () => {
    const level = (n: number) =>
      `a${n}: &a${n}\n  <<: [${Array(10)
        .fill(`*a${n - 1}`)
        .join(", ")}]`;
    const text = `a0: &a0 { x: 1 }\n${[1, 2, 3, 4, 5, 6].map(level).join("\n")}\n`;
    expect(() => values(text, "pod.yaml")).toThrow("cannot be read");
  });
});

test("a file may have 50,000 tokens, and no more", () => {
  // Five for a list of one number, and three for each further number.
  const text = `[${"1,".repeat(16_665)}1]`;
  expect(values(text)).toHaveLength(1);
  expect(() => values(`${text} `)).toThrow(
    new UnreadableInput(
      "pod.json cannot be checked: it has more than 50000 tokens of YAML or JSON. Split it.",
    ),
  );
});
