import { count, isTrue, number } from "../../../models/src/settings";

test.each(["1", "true", "TRUE", "yes", "On"])("%p is on", (text) => {
  expect(isTrue(text)).toBe(true);
});

test.each(["0", "false", "off", "11", "one", "yes!", "not true", "", null, undefined])(
  "%p is not on",
  (text) => {
    expect(isTrue(text)).toBe(false);
  },
);

test.each([
  ["8", 8, 8],
  [" 8 ", 8, 8],
  ["0.9", 0.9, null],
  ["1e3", 1000, 1000],
  ["0", 0, null],
  ["-2", -2, null],
  ["Infinity", null, null],
  ["8x", null, null],
  [" ", null, null],
  ["", null, null],
  [null, null, null],
])("%p is the number %p and the count %p", (text, value, whole) => {
  expect(number(text)).toBe(value);
  expect(count(text)).toBe(whole);
});
