import fc from "fast-check";
import { retryAfterSeconds, secondsUntilFree } from "../../../provider/src/http/rate-limit";

const DAY = 24 * 3_600;

describe("secondsUntilFree", () => {
  test.each([
    ["nothing is used up", '"minute";r=3;t=12, "hour";r=2900;t=1800', 0],
    ["one window is used up", '"minute";r=0;t=12, "hour";r=2900;t=1800', 12],
    ["the longest of several", '"minute";r=0;t=12, "hour";r=0;t=1800, "day";r=1;t=9', 1_800],
    [
      "a quoted name holds a comma and the text of another window",
      '"a, b;r=9", "x;r=0;t=99";r=1;t=5',
      0,
    ],
    ["a quoted name holds a comma, and its window is used up", '"per minute, per key";r=0;t=7', 7],
    ["there is no header", undefined, 0],
    ["the header cannot be read", '"minute;r=0', 0],
    ["the reset makes no sense", '"minute";r=0;t=99999999, "hour";r=0;t=-4', 0],
  ])("if %s", (_, header, seconds) => {
    expect(secondsUntilFree({ ratelimit: header })).toBe(seconds);
  });

  test("takes a window's length from the policy if its reset is not told", () => {
    const headers = { ratelimit: '"minute";r=0', "ratelimit-policy": '"minute";q=60;w=60' };
    expect(secondsUntilFree(headers)).toBe(60);
  });

  test("is within a day whatever the header says, and never throws", () => {
    const header = fc.oneof(
      fc.string(),
      fc
        .array(fc.tuple(fc.string(), fc.integer(), fc.integer()))
        .map((windows) =>
          windows.map(([n, r, t]) => `${JSON.stringify(n)};r=${r};t=${t}`).join(", "),
        ),
    );
    fc.assert(
      fc.property(header, (ratelimit) => {
        const seconds = secondsUntilFree({ ratelimit });
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(DAY);
      }),
    );
  });
});

describe("retryAfterSeconds", () => {
  test.each([
    ["seconds", "12", 12],
    ["no wait at all", "0", 0],
    ["an absurd number", "1000000000", undefined],
    ["a negative number", "-5", undefined],
    ["words", "soon", undefined],
    ["nothing", undefined, undefined],
    ["an empty text", "", undefined],
  ])("reads %s", (_, header, seconds) => {
    expect(retryAfterSeconds({ "retry-after": header })).toBe(seconds);
  });

  test("measures a date by the server's own clock", () => {
    const headers = {
      "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT",
      date: "Mon, 23 Nov 2026 12:00:00 GMT",
    };
    expect(retryAfterSeconds(headers)).toBe(30);
    expect(
      retryAfterSeconds({ ...headers, date: "Mon, 23 Nov 2026 12:01:00 GMT" }),
    ).toBeUndefined();
    expect(retryAfterSeconds({ "retry-after": headers["retry-after"] })).toBeUndefined();
  });
});
