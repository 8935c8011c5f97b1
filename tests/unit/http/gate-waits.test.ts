import { FREE, setUp, setUpTold, type Told } from "./gate-scene";

describe("a deadline", () => {
  test("before the next window fails immediately, with the time of that window", async () => {
    const { gate, passenger, clock } = setUp();
    await clock.advance(60_000);
    const headers = { ratelimit: '"hour";r=0;t=1800' };
    await gate.run(passenger("first"), async () => ({ status: 200, headers }));
    const call = gate.run(passenger("creating pod 'llm'"), async () => FREE);
    await expect(call).rejects.toMatchObject({
      kind: "rateLimited",
      status: undefined,
      retryAfterSeconds: 1_800,
      message:
        "creating pod 'llm': RunPod's rate limit is used up and resets at 2026-11-23T00:31:00.000Z, in 1800 s, which is after this operation's deadline. Nothing was sent. Run it again after the reset.",
    });
  });

  test("fails waiting calls as soon as it is clear that it will be missed", async () => {
    const { gate, passenger, pass, clock } = await setUpTold('"minute";r=1;t=60');
    let answer = (_: Told) => {};
    const underWay = gate.run(passenger("one"), () => new Promise<Told>((give) => (answer = give)));
    const waiting = pass("two", { deadline: 59_999 });
    const patient = pass("three", { deadline: 60_000 });
    await clock.advance(0);
    answer({ status: 200, headers: { ratelimit: '"minute";r=0;t=60' } });
    await underWay;
    await expect(waiting).rejects.toMatchObject({ kind: "rateLimited", retryAfterSeconds: 60 });
    await expect(Promise.race([patient, "waits"])).resolves.toBe("waits");
  });

  test("that passes while others are answered ends the wait", async () => {
    const { gate, passenger, clock } = setUp();
    void gate.run(passenger("one"), () => new Promise<Told>(() => {}));
    void gate.run(passenger("two"), () => new Promise<Told>(() => {}));
    const call = jest.fn(async () => FREE);
    const late = gate.run(passenger("reading pod abc", { deadline: 1_500 }), call);
    late.catch(() => {});
    await clock.advance(1_500);
    await expect(late).rejects.toMatchObject({
      kind: "rateLimited",
      retryAfterSeconds: undefined,
      message:
        "reading pod abc: RunPod's rate limit left no room for this call in time. Nothing was sent. Run it again.",
    });
    expect(call).not.toHaveBeenCalled();
  });

  test.each([
    ["create", 4],
    ["read", 2],
  ] as const)(
    "of a %s is compared with the time when its kind may pass",
    async (priority, left) => {
      const { pass } = await setUpTold(`"minute";r=${left};t=60`, '"minute";q=60;w=60');
      const calls = [1, 2, 3, 4, 5].map((n) =>
        pass(`${priority} ${n}`, { priority, deadline: 53_999 }),
      );
      const results = (await Promise.allSettled(calls)).map(({ status }) => status);
      expect(results.toSorted()).toEqual([
        "fulfilled",
        "fulfilled",
        "rejected",
        "rejected",
        "rejected",
      ]);
      if (priority === "create") {
        await expect(pass("delete", { priority: "delete" })).resolves.toBe(FREE);
      }
    },
  );
});

describe("a wait", () => {
  test("is reported once to the first waiting call, and a short one not at all", async () => {
    const short = setUp();
    await short.clock.advance(60_000);
    const headers = { ratelimit: '"minute";r=0;t=1' };
    await short.gate.run(short.passenger("first"), async () => ({ status: 200, headers }));
    void short.gate.run(short.passenger("zero"), async () => FREE);
    await short.clock.advance(1_000);
    expect(short.told).toEqual([]);
    const notable = await setUpTold('"minute";r=0;t=2');
    void notable.pass("one");
    expect(notable.told).toEqual(["rate limit: next call in 2 s"]);
    const long = await setUpTold('"minute";r=0;t=12');
    void long.pass("one");
    void long.pass("two");
    await long.clock.advance(5_000);
    void long.pass("three");
    expect(long.told).toEqual(["rate limit: next call in 12 s"]);
  });

  test("for the reserve is reported to last until the reserve is released", async () => {
    const { gate, passenger, pass, told } = await setUpTold(
      '"minute";r=1;t=60',
      '"minute";q=60;w=60',
    );
    const never = () => new Promise<Told>(() => {});
    void gate.run(passenger("delete", { priority: "delete" }), never);
    void pass("one");
    void pass("two");
    expect(told).toEqual(["rate limit: next call in 54 s"]);
  });

  test("in a later window is reported again", async () => {
    const { told, sendMany, clock } = setUp();
    void sendMany(150, "create");
    await clock.advance(130_000);
    expect(told).toEqual([
      "rate limit: next call in 54 s",
      "rate limit: next call in 6 s",
      "rate limit: next call in 54 s",
      "rate limit: next call in 6 s",
    ]);
  });

  test("ends for a canceled call, and the others move up", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold('"minute";r=0;t=60');
    const giveUp = new AbortController();
    const given = pass("one", { signal: giveUp.signal });
    void pass("two");
    giveUp.abort();
    await expect(given).rejects.toMatchObject({ name: "AbortError" });
    await clock.advance(60_000);
    expect(passed).toEqual(["two"]);
    await expect(
      gate.run(passenger("three", { signal: AbortSignal.abort() }), async () => FREE),
    ).rejects.toMatchObject({ name: "AbortError" });
  });

  test("of others is not affected by a call that has passed or was refused, and is canceled then", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold('"minute";r=1;t=60');
    const giveUp = new AbortController();
    const { signal } = giveUp;
    void gate.run(passenger("under way", { signal }), () => new Promise<Told>(() => {}));
    const late = pass("late", { signal, deadline: 30_000 });
    late.catch(() => {});
    void pass("patient");
    await clock.advance(30_000);
    await expect(late).rejects.toMatchObject({ kind: "rateLimited" });
    giveUp.abort();
    await clock.advance(30_000);
    expect(passed).toEqual(["patient"]);
  });

  test("keeps no timer once no call waits", async () => {
    const { clock, pass } = await setUpTold('"minute";r=0;t=60');
    void pass("one");
    await clock.advance(60_000);
    expect(clock.sleeping).toBe(0);
  });
});
