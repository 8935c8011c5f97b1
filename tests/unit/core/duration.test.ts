import fc from "fast-check";
import { formatDuration, parseDuration } from "../../../provider/src/core/duration";

describe("parseDuration", () => {
  test.each([
    ["45m", 45 * 60_000],
    ["90s", 90_000],
    ["1h30m", 90 * 60_000],
    ["500ms", 500],
    ["1m500ms", 60_500],
    ["1.5h", 90 * 60_000],
    ["0s", 0],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "45", "m", "-5s", "5 m", "1d", "5M", "1e3s", "h1", "5m "])(
    "refuses %j",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe("formatDuration", () => {
  test.each([
    [0, "0ms"],
    [300, "300ms"],
    [999.7, "1s"],
    [80_000, "1m 20s"],
    [45 * 60_000, "45m"],
    [3_600_000, "1h"],
    [3_725_000, "1h 2m 5s"],
  ])("writes %d ms as people do", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("is parsed back to the same time, to the second", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        const text = formatDuration(seconds * 1_000).replaceAll(" ", "");
        expect(parseDuration(text)).toBe(seconds * 1_000);
      }),
    );
  });
});
