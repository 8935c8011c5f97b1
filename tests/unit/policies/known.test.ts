import { UNKNOWN as SENTINEL, seal } from "@runpod-stack/provider/schema";
import {
  isKnown,
  isRecord,
  known,
  knownItems,
  UNKNOWN,
  wholeList,
} from "../../../policies/src/known";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (more: object) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ...more });

test.each<[given: unknown, value: unknown]>([
  ["a", "a"],
  [0, 0],
  [false, false],
  [{ a: 1 }, { a: 1 }],
  [["a"], ["a"]],
  [undefined, undefined],
  [null, undefined],
  [SENTINEL, UNKNOWN],
  ["[secret]", UNKNOWN],
  [seal("a"), "a"],
  [seal(seal("a")), "a"],
  [secret({ value: null }), undefined],
  [secret({ value: SENTINEL }), UNKNOWN],
  [secret({ plaintext: '["a"]' }), ["a"]],
  [secret({ plaintext: '"[secret]"' }), UNKNOWN],
  [secret({ plaintext: "{" }), UNKNOWN],
  [secret({ plaintext: 5 }), UNKNOWN],
  [secret({ ciphertext: "a" }), UNKNOWN],
  [secret({ plaintext: JSON.stringify(seal("a")) }), "a"],
])("%j is the value %p", (given, value) => {
  expect(known(given)).toEqual(value);
});

test.each<[value: unknown, answer: boolean]>([
  ["a", true],
  [null, true],
  [0, true],
  [UNKNOWN, false],
  [undefined, false],
])("%p is known: %s", (value, answer) => {
  expect(isKnown(value)).toBe(answer);
});

test.each<[list: Parameters<typeof wholeList>[0], items: unknown[], whole: unknown]>([
  [
    ["a", "b"],
    ["a", "b"],
    ["a", "b"],
  ],
  [[], [], []],
  [["a", UNKNOWN], ["a"], undefined],
  [UNKNOWN, [], undefined],
  [undefined, [], undefined],
])("of the list %p, these items are known: %j", (list, items, whole) => {
  expect(knownItems(list)).toStrictEqual(items);
  expect(wholeList(list)).toEqual(whole);
});

test.each<[value: unknown, answer: boolean]>([
  [{}, true],
  [[], false],
  [null, false],
  ["a", false],
  [undefined, false],
])("%j is a map: %s", (value, answer) => {
  expect(isRecord(value)).toBe(answer);
});
