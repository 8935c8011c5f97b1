import { type ErrorKind, RunpodError } from "../../../provider/src/core/errors";
import { type RetryOptions, withRetries } from "../../../provider/src/http/retry";
import { ManualClock } from "../../support/manual-clock";

const KINDS: readonly ErrorKind[] = [
  "invalid",
  "capacity",
  "unauthorized",
  "balance",
  "forbidden",
  "notFound",
  "conflict",
  "rateLimited",
  "server",
  "notSent",
  "ambiguous",
  "protocol",
  "aborted",
];

/** Makes a call that fails the same way each time, and lets all the time pass that it waits for. */
async function failing(kind: ErrorKind, more: Partial<RetryOptions> = {}, retryAfter?: number) {
  const clock = new ManualClock();
  const told: string[] = [];
  let calls = 0;
  const options: RetryOptions = {
    clock,
    isIdempotent: true,
    deadline: 60_000,
    signal: undefined,
    tell: (text) => told.push(text),
    random: () => 1,
    ...more,
  };
  const result = withRetries(options, () => {
    calls += 1;
    return Promise.reject(
      new RunpodError(`call ${calls} failed`, {
        kind,
        ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
      }),
    );
  }).catch((error: unknown) => error);
  await clock.advance(120_000);
  return { error: await result, calls, pauses: clock.slept, told };
}

describe("a call that keeps failing", () => {
  test.each(KINDS)("is made again after %s only where that is safe", async (kind) => {
    const safe = ["notSent", "rateLimited", "server", "ambiguous"];
    const safeForWrites = ["notSent", "rateLimited"];
    const read = await failing(kind);
    const write = await failing(kind, { isIdempotent: false });
    expect(read.calls > 1).toBe(safe.includes(kind));
    expect(write.calls > 1).toBe(safeForWrites.includes(kind));
  });

  test("is made five times, with pauses that double up to eight seconds", async () => {
    const { calls, pauses, error } = await failing("server");
    expect(calls).toBe(5);
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(error).toMatchObject({ message: "call 5 failed" });
  });

  test("pauses for a random part of that, so that those who failed together part", async () => {
    const { pauses } = await failing("server", { random: () => 0.25 });
    expect(pauses).toEqual([250, 500, 1_000, 2_000]);
  });

  test("pauses for as long as a failing server asks for", async () => {
    expect((await failing("server", {}, 5)).pauses).toEqual([5_000, 5_000, 5_000, 8_000]);
  });

  test("waits its turn at the rate limit until the deadline, however often it is refused", async () => {
    const { calls, pauses } = await failing("rateLimited", { deadline: 40_000 });
    expect(calls).toBe(8);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThan(40_000);
  });

  test("is not made again when that would be after the deadline", async () => {
    expect((await failing("server", { deadline: 2_500 })).calls).toBe(2);
  });

  test("is not made again when the server asks to wait beyond the deadline", async () => {
    const clock = new ManualClock();
    const error = new RunpodError("slow down", { kind: "rateLimited", retryAfterSeconds: 61 });
    const call = jest.fn(() => Promise.reject(error));
    const options = {
      clock,
      isIdempotent: true,
      deadline: 60_000,
      signal: undefined,
      tell: () => {},
    };
    await expect(withRetries(options, call)).rejects.toBe(error);
    expect(call).toHaveBeenCalledTimes(1);
  });

  test("is not made again once it was called off", async () => {
    expect((await failing("server", { signal: AbortSignal.abort() })).calls).toBe(1);
  });

  test("tells of pauses that a user notices", async () => {
    const { told } = await failing("server");
    expect(told).toEqual([
      "call 2 failed; trying again in 2s",
      "call 3 failed; trying again in 4s",
      "call 4 failed; trying again in 8s",
    ]);
  });
});

test("a call that succeeds at last gives what it gives", async () => {
  const clock = new ManualClock();
  const options = {
    clock,
    isIdempotent: true,
    deadline: 60_000,
    signal: undefined,
    tell: () => {},
  };
  let calls = 0;
  const result = withRetries(options, async () => {
    calls += 1;
    if (calls < 3) throw new RunpodError("failed", { kind: "server" });
    return "pod";
  });
  await clock.advance(20_000);
  expect(await result).toBe("pod");
});

test("an error that is no answer's is passed on", async () => {
  const clock = new ManualClock();
  const options = {
    clock,
    isIdempotent: true,
    deadline: 60_000,
    signal: undefined,
    tell: () => {},
  };
  await expect(withRetries(options, () => Promise.reject(new TypeError("bug")))).rejects.toThrow(
    TypeError,
  );
});
