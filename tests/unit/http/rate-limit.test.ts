import fc from "fast-check";
import { retryAfterSeconds, windowsOf } from "../../../provider/src/http/rate-limit";

const DAY = 24 * 3_600;

describe("windowsOf", () => {
  const read = (ratelimit?: string, policy?: string) =>
    windowsOf({ ratelimit, "ratelimit-policy": policy });

  test("reads each window with its policy", () => {
    const policy = '"minute";q=60;w=60, "hour";q=3000;w=3600';
    expect(read('"minute";r=0;t=12, "hour";r=2900;t=1800', policy)).toEqual([
      { name: "minute", left: 0, reset: 12, quota: 60, length: 60 },
      { name: "hour", left: 2_900, reset: 1_800, quota: 3_000, length: 3_600 },
    ]);
  });

  test("does without a policy", () => {
    expect(read('"minute";r=3;t=12')).toEqual([
      { name: "minute", left: 3, reset: 12, quota: 0, length: 12 },
    ]);
  });

  test("assumes the policy's length for a window without an end", () => {
    expect(read('"minute";r=0', '"minute";q=60;w=60')).toMatchObject([{ reset: 60, length: 60 }]);
  });

  test("reads names that contain commas or the syntax of other windows", () => {
    expect(read('"a, b;r=9", "x;r=0;t=99";r=1;t=5')).toMatchObject([
      { name: "x;r=0;t=99", left: 1, reset: 5 },
    ]);
    const policy = '"per minute, per key";q=60;w=60';
    expect(read('"per minute, per key";r=0;t=7', policy)).toMatchObject([
      { name: "per minute, per key", left: 0, reset: 7, quota: 60 },
    ]);
  });

  test.each([
    ["there is no header", undefined],
    ["the header cannot be read", '"minute;r=0'],
    ["it does not say what is left", '"minute";t=12'],
    ["what is left is no number", '"minute";r=no;t=12'],
    ["its end is too far away", '"minute";r=0;t=86401'],
    ["its end has passed", '"minute";r=0;t=-1'],
    ["its end is not told", '"minute";r=0'],
  ])("finds no window if %s", (_, header) => {
    expect(read(header)).toEqual([]);
  });

  test("accepts the longest and the shortest time", () => {
    expect(read('"day";r=1;t=86400, "now";r=1;t=0')).toMatchObject([{ reset: DAY }, { reset: 0 }]);
  });

  test("ignores an invalid policy", () => {
    expect(read('"minute";r=1;t=9', '"minute";q=60;w=86401')).toMatchObject([{ length: 9 }]);
    expect(read('"minute";r=1;t=9', '"minute;q=60')).toMatchObject([{ quota: 0, length: 9 }]);
  });

  test("returns ends within a day whatever the header is, and never throws", () => {
    const header = fc.oneof(
      fc.string(),
      fc
        .array(fc.tuple(fc.string(), fc.integer(), fc.integer()))
        .map((windows) =>
          windows.map(([n, r, t]) => `${JSON.stringify(n)};r=${r};t=${t}`).join(", "),
        ),
    );
    fc.assert(
      fc.property(header, header, (ratelimit, policy) => {
        for (const { reset, length } of read(ratelimit, policy)) {
          for (const seconds of [reset, length]) {
            expect(seconds).toBeGreaterThanOrEqual(0);
            expect(seconds).toBeLessThanOrEqual(DAY);
          }
        }
      }),
    );
  });
});

describe("retryAfterSeconds", () => {
  test.each([
    ["seconds", "12", 12],
    ["no wait at all", "0", 0],
    ["a part of a second", "0.5", 0.5],
    ["a day", "86400", DAY],
    ["more than a day", "86401", undefined],
    ["an absurd number", "1000000000", undefined],
    ["a number in scientific form", "1e3", undefined],
    ["spaces around a number", " 7 ", 7],
    ["a negative number", "-5", undefined],
    ["words", "soon", undefined],
    ["nothing", undefined, undefined],
    ["an empty text", "", undefined],
  ])("reads %s", (_, header, seconds) => {
    expect(retryAfterSeconds({ "retry-after": header })).toBe(seconds);
  });

  test("measures a date by the server's clock", () => {
    const headers = {
      "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT",
      date: "Mon, 23 Nov 2026 12:00:00 GMT",
    };
    expect(retryAfterSeconds(headers)).toBe(30);
    expect(
      retryAfterSeconds({ ...headers, date: "Mon, 23 Nov 2026 12:01:00 GMT" }),
    ).toBeUndefined();
    expect(retryAfterSeconds({ "retry-after": headers["retry-after"] })).toBeUndefined();
    expect(
      retryAfterSeconds({ ...headers, "retry-after": "2026-11-23T12:00:30Z" }),
    ).toBeUndefined();
  });
});
