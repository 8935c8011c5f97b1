import { UNKNOWN as SENTINEL, seal } from "@runpod-stack/provider/schema";
import { number, plain, text, texts, variables } from "../../../policies/src/input-values";
import { UNKNOWN } from "../../../policies/src/known";

test.each<[given: unknown, value: unknown]>([
  [5, 5],
  [0, 0],
  ["5", UNKNOWN],
  [Number.NaN, UNKNOWN],
  [Number.POSITIVE_INFINITY, UNKNOWN],
  [UNKNOWN, UNKNOWN],
  [undefined, undefined],
])("as a number, %p is %p", (given, value) => {
  expect(number(given)).toBe(value);
});

test.each<[given: unknown, value: unknown]>([
  ["a", "a"],
  ["", undefined],
  [5, UNKNOWN],
  [UNKNOWN, UNKNOWN],
  [undefined, undefined],
])("as text, %p is %p", (given, value) => {
  expect(text(given)).toBe(value);
});

test.each<[given: unknown, value: unknown]>([
  [
    ["a", ""],
    ["a", ""],
  ],
  [
    ["a", 5, SENTINEL, seal("b"), null],
    ["a", UNKNOWN, UNKNOWN, "b", UNKNOWN],
  ],
  [[], []],
  ["a", UNKNOWN],
  [UNKNOWN, UNKNOWN],
  [undefined, undefined],
])("as a list, %p is %p", (given, value) => {
  expect(texts(given)).toEqual(value);
});

test.each<[given: unknown, templateMaySet: boolean, entries: object, isWhole: boolean]>([
  [
    { A: "a", B: seal("b"), C: SENTINEL, D: 5, E: null },
    false,
    { A: "a", B: "b", C: UNKNOWN, D: UNKNOWN },
    true,
  ],
  [{ A: "a" }, true, { A: "a" }, false],
  [undefined, false, {}, true],
  [undefined, true, {}, false],
  [UNKNOWN, false, {}, false],
  [["A=a"], false, {}, false],
])(
  "the variables of %p (a template may set others: %s)",
  (given, templateMaySet, entries, isWhole) => {
    expect(variables(given, templateMaySet)).toEqual({ entries, isWhole });
  },
);

test("a value of any depth is unwrapped", () => {
  expect(plain({ a: [seal("b"), { c: SENTINEL, d: null }], e: 5 })).toEqual({
    a: ["b", { c: undefined, d: undefined }],
    e: 5,
  });
  expect(plain(seal(["a"]))).toEqual(["a"]);
  expect(plain(SENTINEL)).toBeUndefined();
});
