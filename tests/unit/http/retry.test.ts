import { safe } from "@runpod-stack/kit";
import { type ErrorKind, RunpodError } from "../../../provider/src/core/errors";
import { type RetryOptions, withRetries } from "../../../provider/src/http/retry";
import { RetryBudget } from "../../../provider/src/http/retry-budget";
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

function setUp(more: Partial<RetryOptions> = {}) {
  const clock = new ManualClock();
  const told: string[] = [];
  const options: RetryOptions = {
    clock,
    isIdempotent: true,
    deadline: 60_000,
    signal: undefined,
    report: (text) => told.push(text),
    budget: new RetryBudget(),
    random: () => 1,
    ...more,
  };
  return { clock, told, options };
}

/** Makes a call that fails the same way each time, and lets its waiting time pass. */
async function failing(kind: ErrorKind, more: Partial<RetryOptions> = {}, retryAfter?: number) {
  const { clock, told, options } = setUp(more);
  let calls = 0;
  const result = withRetries(options, () => {
    calls += 1;
    return Promise.reject(
      new RunpodError(safe`call ${calls} failed`, {
        kind,
        ...(kind === "rateLimited" && { status: 429 }),
        ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
      }),
    );
  }).catch((error: unknown) => error);
  await clock.advance(120_000);
  return { error: await result, calls, pauses: clock.slept, told };
}

describe("a call that keeps failing", () => {
  test.each(KINDS)("is repeated after %s only if that is safe", async (kind) => {
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

  test("pauses for a random part of that, so that calls that failed together spread", async () => {
    const { pauses } = await failing("server", { random: () => 0.25 });
    expect(pauses).toEqual([250, 500, 1_000, 2_000]);
  });

  test("pauses for as long as a failing server requests", async () => {
    expect((await failing("server", {}, 5)).pauses).toEqual([5_000, 5_000, 5_000, 8_000]);
  });

  test("waits its turn at the rate limit until the deadline, however often it is refused", async () => {
    const { calls, pauses } = await failing("rateLimited", { deadline: 40_000 });
    expect(calls).toBe(8);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThan(40_000);
    expect((await failing("rateLimited", { deadline: 1_000 })).calls).toBe(1);
  });

  test("is not repeated when that would be after the deadline", async () => {
    expect((await failing("server", { deadline: 2_500 })).calls).toBe(2);
  });

  test("is not repeated when a failing server asks to wait beyond the deadline", async () => {
    expect((await failing("server", {}, 59)).calls).toBe(2);
    expect((await failing("server", {}, 60)).calls).toBe(1);
  });

  test("is left to the gate if the rate limit requires a wait beyond the deadline", async () => {
    expect((await failing("rateLimited", {}, 61)).calls).toBeGreaterThan(1);
  });

  test("is not repeated when the gate itself refused it", async () => {
    const { options } = setUp();
    const error = new RunpodError(safe`later than this may take`, { kind: "rateLimited" });
    const call = jest.fn(() => Promise.reject(error));
    await expect(withRetries(options, call)).rejects.toBe(error);
    expect(call).toHaveBeenCalledTimes(1);
  });

  test("is not repeated once it was canceled", async () => {
    expect((await failing("server", { signal: AbortSignal.abort() })).calls).toBe(1);
  });

  test("reports pauses that a user notices", async () => {
    const { told } = await failing("server");
    expect(told).toEqual([
      "call 2 failed; retrying in 2s",
      "call 3 failed; retrying in 4s",
      "call 4 failed; retrying in 8s",
    ]);
  });
});

describe("the budget that calls share", () => {
  test("lets all of them fail immediately when it is used up", async () => {
    const budget = new RetryBudget();
    const calls: number[] = [];
    for (let call = 0; call < 10; call++) {
      calls.push((await failing("server", { budget })).calls);
    }
    expect(calls).toEqual([5, 5, 5, 5, 5, 1, 1, 1, 1, 1]);
  });

  test("is not used by calls that wait for the rate limit", async () => {
    const budget = new RetryBudget();
    await failing("rateLimited", { budget });
    expect((await failing("server", { budget })).calls).toBe(5);
    const left = [...Array(20)].filter(() => budget.take()).length;
    expect(left).toBe(16);
  });

  test("gets back what a call took that succeeds in the end", async () => {
    const { options, clock } = setUp();
    const { budget } = options;
    while (budget.take()) {}
    budget.succeed(4);
    let calls = 0;
    const result = withRetries(options, async () => {
      calls += 1;
      if (calls < 5) {
        throw new RunpodError(safe`failed`, { kind: "server" });
      }
      return "pod";
    });
    await clock.advance(20_000);
    expect(await result).toBe("pod");
    expect([...Array(20)].filter(() => budget.take())).toHaveLength(4);
  });
});

test("a call that succeeds in the end returns its result", async () => {
  const { options, clock } = setUp();
  let calls = 0;
  const result = withRetries(options, async () => {
    calls += 1;
    if (calls < 3) {
      throw new RunpodError(safe`failed`, { kind: "server" });
    }
    return "pod";
  });
  await clock.advance(20_000);
  expect(await result).toBe("pod");
});

test("an error that is not an answer's is passed on", async () => {
  const { options } = setUp();
  await expect(withRetries(options, () => Promise.reject(new TypeError("bug")))).rejects.toThrow(
    TypeError,
  );
});
