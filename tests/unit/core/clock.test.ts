import { later, systemClock } from "../../../provider/src/core/clock";
import { ManualClock } from "../../support/manual-clock";

describe("the system clock", () => {
  test("ends a sleep when its signal is aborted", async () => {
    const signal = AbortSignal.abort();
    await expect(systemClock.sleep(60_000, signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  test("sleeps for no time if asked to sleep for less", async () => {
    await expect(systemClock.sleep(-5)).resolves.toBeUndefined();
  });

  test("never goes back", () => {
    const earlier = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(earlier);
  });
});

describe("later", () => {
  test("acts once the time has passed, and not before", async () => {
    const clock = new ManualClock();
    const act = jest.fn();
    later(clock, 1_000, act);
    await clock.advance(999);
    expect(act).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test("does not act if it was canceled", async () => {
    const clock = new ManualClock();
    const act = jest.fn();
    const callOff = later(clock, 1_000, act);
    callOff();
    await clock.advance(2_000);
    expect(act).not.toHaveBeenCalled();
    expect(clock.sleeping).toBe(0);
  });
});
