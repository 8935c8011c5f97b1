import { randomId } from "../../../provider/src/core/token";
import { type Passenger, RateGate } from "../../../provider/src/http/gate";
import { ManualClock } from "../../support/manual-clock";

function setUp() {
  const clock = new ManualClock();
  const account = randomId(8);
  const told: string[] = [];
  const passed: string[] = [];
  const passenger = (operation: string): Passenger => ({
    operation,
    deadline: 600_000,
    signal: undefined,
    tell: (text) => told.push(text),
  });
  const pass = (gate: RateGate, operation: string) =>
    gate.pass(passenger(operation)).then(() => passed.push(operation));
  return { clock, account, told, passed, pass, passenger, gate: new RateGate(account, clock) };
}

describe("the rate gate", () => {
  test("lets pass while nothing is known", async () => {
    const { gate, passenger, clock } = setUp();
    await gate.pass(passenger("listing pods"));
    expect(clock.slept).toEqual([]);
  });

  test("holds everybody back until the window begins anew, and no longer", async () => {
    const { gate, pass, passed, clock } = setUp();
    gate.close(12);
    void pass(gate, "one");
    void pass(gate, "two");
    await clock.advance(11_999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual(["one", "two"]);
  });

  test("is closed for the longest of what it was told, also while somebody waits", async () => {
    const { gate, pass, passed, clock } = setUp();
    gate.close(12);
    gate.close(3);
    void pass(gate, "one");
    await clock.advance(6_000);
    gate.close(20);
    await clock.advance(10_000);
    expect(passed).toEqual([]);
    await clock.advance(10_000);
    expect(passed).toEqual(["one"]);
  });

  test("tells of one wait once, and not of short ones", async () => {
    const { gate, pass, told, clock } = setUp();
    gate.close(1);
    void pass(gate, "zero");
    await clock.advance(1_000);
    expect(told).toEqual([]);
    gate.close(80);
    void pass(gate, "one");
    void pass(gate, "two");
    expect(told).toEqual(["RunPod's rate limit is used up; going on in 1m 20s"]);
  });

  test("refuses at once what would have to wait beyond its deadline, and says until when", async () => {
    const { gate, passenger } = setUp();
    gate.close(1_800);
    await expect(gate.pass(passenger("creating pod 'llm'"))).rejects.toMatchObject({
      kind: "rateLimited",
      retryAfterSeconds: 1_800,
      message:
        "creating pod 'llm': RunPod's rate limit is used up for another 30m, longer than this operation may take. It was not sent; run it again after 2026-11-23T00:30:00.000Z.",
    });
  });

  test("is one for all that speak as the same account, and another for others", async () => {
    const { gate, account, clock, passenger } = setUp();
    gate.close(5_000);
    await expect(new RateGate(account, clock).pass(passenger("one"))).rejects.toThrow("rate limit");
    await expect(new RateGate(randomId(8), clock).pass(passenger("two"))).resolves.toBeUndefined();
  });

  test("lets go of one who gives up", async () => {
    const { gate, passenger, clock } = setUp();
    gate.close(60);
    const giveUp = new AbortController();
    const passing = gate.pass({ ...passenger("one"), signal: giveUp.signal });
    giveUp.abort();
    await expect(passing).rejects.toMatchObject({ name: "AbortError" });
    expect(clock.sleeping).toBe(0);
  });
});
