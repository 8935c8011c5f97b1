import { RateWindows } from "../../../provider/src/http/rate-windows";

const policy = '"minute";q=60;w=60';

function setUp() {
  const windows = new RateWindows();
  /** An answer of the 60-second window, seconds after the beginning. */
  const learn = (left: number, reset: number, { sent, now }: { sent: number; now: number }) =>
    windows.learn(
      { ratelimit: `"minute";r=${left};t=${reset}`, "ratelimit-policy": policy },
      sent * 1_000,
      now * 1_000,
    );
  const known = (now: number) =>
    windows.lasting(now * 1_000).map(({ left, resetAt }) => [left, resetAt / 1_000]);
  return { windows, learn, known };
}

test("a window is read from an answer's headers, with its policy", () => {
  const { windows, learn } = setUp();
  expect(learn(59, 60, { sent: 1, now: 2 })).toBe(true);
  expect(windows.lasting(2_000)).toEqual([
    { left: 59, quota: 60, length: 60_000, resetAt: 62_000, since: 1_000 },
  ]);
});

test("an answer without the headers changes nothing", () => {
  const { windows } = setUp();
  expect(windows.learn({}, 0, 0)).toBe(false);
  expect(windows.lasting(0)).toEqual([]);
});

test("the remaining calls only fall within a window, in whatever order answers arrive", () => {
  const { learn, known } = setUp();
  learn(59, 60, { sent: 0, now: 0 });
  learn(40, 59, { sent: 1, now: 2 });
  learn(45, 59, { sent: 1, now: 2 });
  expect(known(2)).toEqual([[40, 60]]);
});

test("its end is the earliest one reported, because servers round up", () => {
  const { learn, known } = setUp();
  learn(59, 60, { sent: 0, now: 0.9 });
  learn(58, 59, { sent: 1, now: 1.2 });
  learn(57, 59, { sent: 1, now: 1.9 });
  expect(known(2)).toEqual([[57, 60.2]]);
});

test("also for calls that were sent together", () => {
  const { learn, known } = setUp();
  learn(59, 60, { sent: 0, now: 0.1 });
  learn(58, 59, { sent: 0, now: 0.9 });
  expect(known(1)).toEqual([[58, 59.9]]);
});

test("a window of a second is recognized, although its end is in whole seconds", () => {
  const { windows } = setUp();
  const headers = (left: number) => ({
    ratelimit: `"second";r=${left};t=1`,
    "ratelimit-policy": '"second";q=5;w=1',
  });
  windows.learn(headers(2), 0, 100);
  windows.learn(headers(1), 200, 500);
  expect(windows.lasting(600)).toMatchObject([{ left: 1, resetAt: 1_100 }]);
});

test("the next window is known from a call sent after the end of the last", () => {
  const { learn, known } = setUp();
  learn(0, 60, { sent: 0, now: 0 });
  learn(59, 60, { sent: 60, now: 60.1 });
  expect(known(60.1)).toEqual([[59, 120.1]]);
});

test("also if it ends before its full length", () => {
  const { learn, known } = setUp();
  learn(0, 60, { sent: 0, now: 0 });
  learn(59, 20, { sent: 60, now: 60.1 });
  expect(known(60.1)).toEqual([[59, 80.1]]);
});

test("and from one sent before it, if it reports an end far from the known one", () => {
  const { learn, known } = setUp();
  learn(5, 60, { sent: 0, now: 0 });
  learn(59, 60, { sent: 59.9, now: 60 });
  expect(known(60)).toEqual([[59, 120]]);
});

test("and from one sent together with the first, whose answer took until then", () => {
  const { learn, known } = setUp();
  learn(5, 1, { sent: 0, now: 0.1 });
  learn(59, 60, { sent: 0, now: 1.5 });
  expect(known(1.5)).toEqual([[59, 61.5]]);
});

test("a late answer does not restore the last window", () => {
  const { learn, known } = setUp();
  learn(9, 60, { sent: 0, now: 0 });
  learn(59, 60, { sent: 60, now: 60 });
  learn(0, 1, { sent: 59, now: 60.5 });
  expect(known(61)).toEqual([[59, 120]]);
});

test("nor does one that took half a window extend the known one", () => {
  const { learn, known } = setUp();
  learn(40, 60, { sent: 60, now: 60 });
  learn(59, 60, { sent: 59, now: 95 });
  expect(known(95)).toEqual([[40, 120]]);
});

test("one that was sent before the window was known, and reports it, counts", () => {
  const { learn, known } = setUp();
  learn(9, 60, { sent: 0, now: 0 });
  learn(59, 60, { sent: 60, now: 60 });
  learn(31, 59, { sent: 59, now: 60.5 });
  expect(known(61)).toEqual([[31, 120]]);
});

test("several windows are tracked in parallel, each to its end", () => {
  const { windows } = setUp();
  windows.learn({ ratelimit: '"minute";r=0;t=12, "hour";r=7;t=1800' }, 0, 0);
  expect(windows.lasting(11_999).map(({ left }) => left)).toEqual([0, 7]);
  expect(windows.hasEnded(11_999)).toBe(false);
  expect(windows.lasting(12_000).map(({ left }) => left)).toEqual([7]);
  expect(windows.hasEnded(12_000)).toBe(true);
});

test("a window that has ended can be forgotten", () => {
  const { windows } = setUp();
  windows.learn({ ratelimit: '"minute";r=0;t=12, "hour";r=7;t=1800' }, 0, 0);
  windows.forgetEnded(11_999);
  expect(windows.hasEnded(12_000)).toBe(true);
  windows.forgetEnded(12_000);
  expect(windows.hasEnded(12_000)).toBe(false);
  expect(windows.lasting(12_000)).toHaveLength(1);
});

test("a call that may have been counted is counted in each window", () => {
  const { windows } = setUp();
  windows.learn({ ratelimit: '"minute";r=3;t=12, "hour";r=7;t=1800' }, 0, 0);
  windows.spendOne();
  expect(windows.lasting(0).map(({ left }) => left)).toEqual([2, 6]);
});
