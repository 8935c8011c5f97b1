import { millisecondsOf } from "../../../policies/src/durations";

test.each([
  ["8h", 28_800_000],
  ["1h30m", 5_400_000],
  ["1.5s", 1_500],
  ["0.25h", 900_000],
  ["10m5ms", 600_005],
  ["123456789ms", 123_456_789],
  ["1h1h1h1h1h1h1h1h1h", 32_400_000],
  ["0s", 0],
])("%s is %d milliseconds", (duration, milliseconds) => {
  expect(millisecondsOf(duration)).toBe(milliseconds);
});

test.each(["", "8", "h", "8 h", "8d", "x8h", "8hx", "1.h", ".5h", "1234567890s", "-1h"])(
  "%j is not a duration",
  (duration) => {
    expect(millisecondsOf(duration)).toBeUndefined();
  },
);

test("a duration has at most nine parts, and nine decimals", () => {
  expect(millisecondsOf("1h".repeat(10))).toBeUndefined();
  expect(millisecondsOf("1.123456789s")).toBeCloseTo(1_123.456789);
  expect(millisecondsOf("1.1234567890s")).toBeUndefined();
});
