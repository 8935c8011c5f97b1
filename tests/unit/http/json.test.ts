import fc from "fast-check";
import { parseJson } from "../../../provider/src/http/json";

describe("parseJson", () => {
  test("reads what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(["", "{", "<html>", '{"pods":[{"id":"a"', "undefined"])(
    "has no value for %j",
    (text) => {
      expect(parseJson(text)).toBeUndefined();
    },
  );

  test.each([
    ["[", "]"],
    ['{"a":', "}", "1"],
    ['["a",', "]"],
    ["[1,{},[],", "]", "1"],
    ['{"a\\\\":', "}", "1"],
    ['[{"a":"\\"]}"},', "]", "1"],
  ])("refuses excessive nesting: %s", (open, close, inside = "[]") => {
    const nested = (levels: number) => open.repeat(levels) + inside + close.repeat(levels);
    expect(parseJson(nested(62))).toEqual(JSON.parse(nested(62)));
    expect(parseJson(nested(65))).toBeUndefined();
  });

  test("accepts sixty-four levels and not one more", () => {
    expect(parseJson("[".repeat(64) + "]".repeat(64))).toBeDefined();
    expect(parseJson("[".repeat(65) + "]".repeat(65))).toBeUndefined();
  });

  test("refuses it immediately, however deep it is", () => {
    expect(parseJson("[".repeat(1_000_000))).toBeUndefined();
  });

  test("counts no brackets inside strings, whatever else is in them", () => {
    const logs = fc.array(fc.string({ unit: fc.constantFrom("[", "{", "\\", '"', "a") }));
    fc.assert(
      fc.property(logs, (lines) => {
        const text = JSON.stringify([...lines, "[{".repeat(100)]);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(["1", "[]", "{}", '{"a":[{}]}'])("reads long lists of %s", (item) => {
    expect(parseJson(`[${Array(100_000).fill(item)}]`)).toHaveLength(100_000);
  });

  test("lets no key reach a prototype", () => {
    parseJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
