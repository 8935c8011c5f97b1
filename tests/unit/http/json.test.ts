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

  test("refuses nesting beyond reason, however large", () => {
    expect(parseJson("[".repeat(64) + "]".repeat(64))).toBeDefined();
    expect(parseJson("[".repeat(65) + "]".repeat(65))).toBeUndefined();
    expect(parseJson("[".repeat(1_000_000))).toBeUndefined();
  });

  test("counts no brackets inside texts", () => {
    const text = JSON.stringify({ log: `${"[{".repeat(100)}\\"` });
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("reads long lists", () => {
    expect(parseJson(JSON.stringify(new Array(200_000).fill(1)))).toHaveLength(200_000);
  });

  test("lets no key reach a prototype", () => {
    parseJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
