import fc from "fast-check";
import { RunpodError } from "../../../provider/src/core/errors";
import { type Passenger, type Priority, RateGate } from "../../../provider/src/http/gate";
import { ManualClock } from "../../support/manual-clock";
import { LimitedServer } from "./limited-server";

const MINUTE = { name: "per minute, per key", quota: 60, seconds: 60 };
const HOUR = { name: "hour", quota: 3_000, seconds: 3_600 };
const FREE: Told = { status: 200, headers: {} };

interface Told {
  readonly status: number;
  readonly headers: Record<string, string>;
}

function setUp(windows = [MINUTE]) {
  const clock = new ManualClock();
  const gate = new RateGate(clock);
  const server = new LimitedServer(clock, windows);
  const told: string[] = [];
  const done: string[] = [];
  const passenger = (operation: string, more: Partial<Passenger> = {}): Passenger => ({
    operation,
    priority: "create",
    deadline: 600_000,
    signal: undefined,
    tell: (text) => told.push(text),
    ...more,
  });
  /** Through the gate to the server. */
  const send = async (operation: string, more: Partial<Passenger> = {}) => {
    const answer = await gate.run(passenger(operation, more), () => server.call(operation));
    done.push(operation);
    return answer;
  };
  const sendMany = (count: number, priority: Priority, name: string = priority) => {
    const calls = Array.from({ length: count }, (_, n) => send(`${name} ${n + 1}`, { priority }));
    return Promise.all(calls);
  };
  const refusals = () => server.seen.filter(({ status }) => status === 429).length;
  return { clock, gate, server, told, done, passenger, send, sendMany, refusals };
}

/** A gate that an answer with these headers has told all there is to know. */
async function setUpTold(ratelimit: string, policy?: string) {
  const scene = setUp();
  const headers = { ratelimit, ...(policy !== undefined && { "ratelimit-policy": policy }) };
  await scene.gate.run(scene.passenger("first"), async () => ({ status: 200, headers }));
  const passed: string[] = [];
  const pass = (operation: string, more: Partial<Passenger> = {}) =>
    scene.gate.run(scene.passenger(operation, more), async () => {
      passed.push(operation);
      return FREE;
    });
  return { ...scene, pass, passed };
}

describe("while it is not known what the window holds", () => {
  test("one call goes ahead, and the others follow its answer", async () => {
    const { server, sendMany, clock } = setUp();
    void sendMany(9, "create");
    await clock.advance(99);
    expect(server.seen.map(({ name }) => name)).toEqual(["create 1"]);
    await clock.advance(51);
    expect(server.seen).toHaveLength(9);
  });

  test("a second goes ahead when the first has had no answer for two seconds", async () => {
    const { gate, passenger, clock } = setUp();
    const never = jest.fn(() => new Promise<Told>(() => {}));
    for (let n = 0; n < 5; n++) void gate.run(passenger(`read ${n}`), never);
    await clock.advance(1_999);
    expect(never).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(never).toHaveBeenCalledTimes(2);
    await clock.advance(2_000);
    expect(never).toHaveBeenCalledTimes(3);
  });

  test("it does so two seconds after the first, whoever asks meanwhile", async () => {
    const { gate, passenger, clock } = setUp();
    await clock.advance(1_000);
    const never = jest.fn(() => new Promise<Told>(() => {}));
    void gate.run(passenger("first"), never);
    await clock.advance(1_500);
    void gate.run(passenger("second"), never);
    await clock.advance(499);
    expect(never).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(never).toHaveBeenCalledTimes(2);
  });

  test("the next goes ahead as soon as one fails", async () => {
    const { gate, passenger } = setUp();
    const lost = new RunpodError("lost", { kind: "ambiguous" });
    await expect(gate.run(passenger("one"), () => Promise.reject(lost))).rejects.toBe(lost);
    await expect(gate.run(passenger("two"), async () => FREE)).resolves.toBe(FREE);
  });

  test.each([
    [200, 5],
    [204, 5],
    [300, 1],
    [500, 1],
  ])("after a %d that tells of no limit %d may pass at once", async (status, count) => {
    const { gate, passenger, clock } = setUp();
    const never = jest.fn(() => new Promise<Told>(() => {}));
    await gate.run(passenger("one"), async () => ({ status, headers: {} }));
    for (let n = 0; n < 5; n++) void gate.run(passenger(`stuck ${n}`), never);
    await clock.advance(0);
    expect(never).toHaveBeenCalledTimes(count);
  });

  test("a window that is over is not known again before a later call is answered", async () => {
    const { clock, pass, passed, gate, passenger } = await setUpTold('"minute";r=9;t=60');
    let answer = (_: Told) => {};
    const slow = gate.run(
      passenger("sent before"),
      () => new Promise<Told>((give) => (answer = give)),
    );
    await clock.advance(60_000);
    const scout = gate.run(passenger("sent after"), () => new Promise<Told>(() => {}));
    void pass("waits");
    answer(FREE);
    await slow;
    await clock.advance(0);
    expect(passed).toEqual([]);
    scout.catch(() => {});
  });
});

describe("within what the server allows", () => {
  test("all that wait pass, none is refused, and a reopened window meets no herd", async () => {
    const { server, sendMany, clock, refusals } = setUp();
    const calls = sendMany(200, "create");
    await clock.advance(60_150);
    expect(server.seen.filter(({ at }) => at >= 60_000)).toHaveLength(1);
    await clock.advance(180_000);
    await calls;
    expect(refusals()).toBe(0);
    expect(server.perWindow(60)).toEqual([60, 60, 60, 20]);
  });

  test("120 pods after a spent window take two fresh ones, and 1.2 times the time to the second", async () => {
    const { server, send, sendMany, clock, refusals, told } = setUp([MINUTE, HOUR]);
    server.spend(59);
    const listed = send("listing pods", { priority: "read" });
    await clock.advance(1_000);
    await listed;
    const created = sendMany(120, "create");
    await clock.advance(1.2 * 120_000 - 1_000);
    await created;
    expect(refusals()).toBe(0);
    expect(server.perWindow(60)).toEqual([1, 60, 60]);
    expect(told[0]).toBe("rate limit: next call in 60 s");
  });

  test("the longest of several used-up windows decides", async () => {
    const { clock, pass, passed } = await setUpTold(
      '"minute";r=0;t=12, "hour";r=0;t=40, "day";r=9;t=80',
      '"minute";q=60;w=60, "hour";q=3000;w=3600, "day";q=50000;w=86400',
    );
    void pass("one");
    await clock.advance(39_999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual(["one"]);
  });

  test("calls under way count as not yet counted", async () => {
    const { gate, passenger, clock } = await setUpTold('"minute";r=5;t=60');
    const never = jest.fn(() => new Promise<Told>(() => {}));
    for (let n = 0; n < 9; n++) void gate.run(passenger(`call ${n}`), never);
    await clock.advance(1_000);
    expect(never).toHaveBeenCalledTimes(5);
  });

  test.each([
    ["whose answer was lost counts", "ambiguous", ["one"]],
    ["that was not sent does not count", "notSent", ["one", "two"]],
  ] as const)("a call %s", async (_, kind, names) => {
    const { gate, passenger, pass, passed, clock } = await setUpTold('"minute";r=2;t=60');
    const failed = new RunpodError("failed", { kind });
    await expect(gate.run(passenger("fails"), () => Promise.reject(failed))).rejects.toBe(failed);
    void pass("one");
    void pass("two");
    await clock.advance(59_999);
    expect(passed).toEqual(names);
    await clock.advance(1);
    expect(passed).toEqual(["one", "two"]);
  });

  test("an answer that tells nothing counts as one call", async () => {
    const { pass, passed, clock } = await setUpTold('"minute";r=2;t=60');
    for (const name of ["one", "two", "three"]) void pass(name);
    await clock.advance(59_999);
    expect(passed).toEqual(["one", "two"]);
  });

  test("what a server no longer speaks of is forgotten once it is over", async () => {
    const { pass, passed, clock } = await setUpTold('"minute";r=0;t=60');
    await clock.advance(60_000);
    await pass("one");
    await Promise.all([pass("two"), pass("three"), pass("four")]);
    expect(passed).toEqual(["one", "two", "three", "four"]);
  });
});

describe("who goes first", () => {
  test("is the delete, then the read, then the rest, each in the order of asking", async () => {
    const { clock, pass, passed } = await setUpTold('"minute";r=0;t=60');
    const asked = ["create 1", "read 1", "delete 1", "create 2", "delete 2", "read 2", "create 3"];
    for (const name of asked) void pass(name, { priority: name.split(" ")[0] as Priority });
    await clock.advance(60_000);
    expect(passed).toEqual([
      "delete 1",
      "delete 2",
      "read 1",
      "read 2",
      "create 1",
      "create 2",
      "create 3",
    ]);
  });

  test("of a window some calls are kept from creates, and fewer from reads", async () => {
    const { clock, send, sendMany, server } = setUp();
    void sendMany(100, "create");
    await clock.advance(5_000);
    expect(server.seen).toHaveLength(54);
    void sendMany(20, "read");
    await clock.advance(5_000);
    expect(server.seen).toHaveLength(57);
    await Promise.all([send("delete 1", { priority: "delete" }), clock.advance(5_000)]);
    expect(server.seen.at(-1)).toEqual({ name: "delete 1", at: 10_050, status: 200 });
  });

  test("what was kept and not needed goes to creates before the window ends", async () => {
    const { clock, sendMany, server } = setUp();
    void sendMany(100, "create");
    await clock.advance(53_000);
    expect(server.seen).toHaveLength(54);
    await clock.advance(2_000);
    expect(server.seen).toHaveLength(60);
  });

  test("nothing is kept from the last that wait", async () => {
    const { clock, sendMany, server } = setUp();
    const calls = sendMany(60, "create");
    await clock.advance(1_000);
    await calls;
    expect(server.perWindow(60)).toEqual([60]);
  });

  test("nothing is kept from them because of those that go before or behind them", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold(
      '"minute";r=10;t=60',
      '"minute";q=60;w=60',
    );
    const never = () => new Promise<Told>(() => {});
    for (let n = 0; n < 5; n++)
      void gate.run(passenger(`delete ${n}`, { priority: "delete" }), never);
    void pass("create");
    await clock.advance(0);
    expect(passed).toEqual(["create"]);
    const second = await setUpTold('"minute";r=3;t=60', '"minute";q=60;w=60');
    for (let n = 0; n < 5; n++) void second.gate.run(second.passenger(`create ${n}`), never);
    await second.pass("read", { priority: "read" });
    expect(second.passed).toEqual(["read"]);
  });

  test("of a long window no more is kept than ten calls", async () => {
    const { clock, sendMany, server } = setUp([HOUR]);
    server.spend(2_900);
    sendMany(500, "create").catch(() => {});
    await clock.advance(60_000);
    expect(server.seen).toHaveLength(90);
  });
});

describe("a refusal for the rate", () => {
  const refused = (headers: Record<string, string> = {}) => ({ status: 429, headers });

  test("closes the gate for as long as it says", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold('"minute";r=9;t=60');
    await gate.run(passenger("refused"), async () => refused({ "retry-after": "7" }));
    void pass("one");
    await clock.advance(6_999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual(["one"]);
  });

  test("closes it for as long as the used-up window if that is longer", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold('"minute";r=9;t=60');
    const headers = { "retry-after": "7", ratelimit: '"minute";r=0;t=12, "hour";r=0;t=90' };
    await gate.run(passenger("refused"), async () => refused(headers));
    void pass("one");
    await clock.advance(89_999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual(["one"]);
  });

  test.each([undefined, "0", "-5", "1e9", "1000000000", "soon", "Mon, 23 Nov 2026 12:00:00 GMT"])(
    "that says %j closes it ever longer, and one call tries",
    async (retryAfter) => {
      const { gate, passenger, clock } = setUp();
      const answer = refused(retryAfter === undefined ? {} : { "retry-after": retryAfter });
      const times: number[] = [];
      const keepAsking = async (): Promise<void> => {
        await gate.run(passenger("asks"), async () => {
          times.push(clock.monotonic());
          return answer;
        });
        return keepAsking();
      };
      for (let n = 0; n < 3; n++) keepAsking().catch(() => {});
      await clock.advance(300_000);
      expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243].map((s) => s * 1_000));
    },
  );

  test("is forgotten with the first call that is answered", async () => {
    const { gate, passenger, clock } = setUp();
    const times: number[] = [];
    const askAll = async (answers: Told[]) => {
      for (const answer of answers) {
        await gate.run(passenger("asks"), async () => {
          times.push(clock.monotonic());
          return answer;
        });
      }
    };
    const asked = askAll([refused(), refused(), FREE, refused(), FREE]);
    await clock.advance(20_000);
    await asked;
    expect(times).toEqual([0, 1_000, 3_000, 3_000, 4_000]);
  });

  test("of several calls that were under way together counts once", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold('"minute";r=9;t=60');
    await Promise.all(
      [1, 2, 3, 4, 5].map((n) => gate.run(passenger(`call ${n}`), async () => refused())),
    );
    void pass("one");
    await clock.advance(1_000);
    expect(passed).toEqual(["one"]);
  });

  test("puts in doubt what is known: one call goes ahead after it", async () => {
    const { gate, passenger, clock, passed, pass } = await setUpTold('"minute";r=50;t=60');
    await clock.advance(1);
    await gate.run(passenger("refused"), async () => refused({ "retry-after": "1" }));
    void gate.run(passenger("scout"), () => new Promise<Told>(() => {}));
    void pass("one");
    await clock.advance(2_999);
    expect(passed).toEqual([]);
  });

  test("is doubted by a call of its own: one from before it is not waited for", async () => {
    const { gate, passenger, clock, passed, pass } = await setUpTold('"minute";r=50;t=60');
    await clock.advance(1);
    let answer = (_: Told) => {};
    const call = gate.run(passenger("refused"), () => new Promise<Told>((give) => (answer = give)));
    void gate.run(passenger("slow"), () => new Promise<Told>(() => {}));
    await clock.advance(0);
    answer(refused({ "retry-after": "1" }));
    await call;
    void pass("one");
    await clock.advance(1_000);
    expect(passed).toEqual(["one"]);
  });
});

describe("a deadline", () => {
  test("before the window begins anew is told at once, with the time when it does", async () => {
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
        "creating pod 'llm': RunPod's rate limit is used up and resets at 2026-11-23T00:31:00.000Z, in 1800 s: later than this operation may take. It was not sent; run it again then.",
    });
  });

  test("is told to those who wait as soon as it is clear that it will be missed", async () => {
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
        "reading pod abc: its turn under RunPod's rate limit did not come in time. It was not sent; run it again.",
    });
    expect(call).not.toHaveBeenCalled();
  });

  test.each([
    ["create", 4],
    ["read", 2],
  ] as const)("of a %s is measured by when its kind may pass", async (priority, left) => {
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
  });
});

describe("a wait", () => {
  test("is told once to whoever waits first, and a short one not at all", async () => {
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

  test("for what is kept is told to last until that is given away", async () => {
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

  test("in a later window is told again", async () => {
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

  test("ends for one who gives up, and the others move up", async () => {
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

  test("of others is no matter of one who has passed, or was refused, and gives up then", async () => {
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

  test("keeps no timer once nobody waits", async () => {
    const { clock, pass } = await setUpTold('"minute";r=0;t=60');
    void pass("one");
    await clock.advance(60_000);
    expect(clock.sleeping).toBe(0);
  });
});

test("whatever the windows, the latencies and the callers: no refusal, nobody forgotten, no window wasted", async () => {
  const scenes = fc.record({
    quota: fc.integer({ min: 1, max: 70 }),
    seconds: fc.constantFrom(5, 10, 60),
    hourly: fc.integer({ min: 50, max: 200 }),
    spent: fc.nat(20),
    begin: fc.nat(3_000),
    latency: fc.integer({ min: 1, max: 400 }),
    callers: fc.array(
      fc.record({
        priority: fc.constantFrom<Priority>("create", "read", "delete"),
        asksAfter: fc.nat(5_000),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(scenes, async ({ quota, seconds, hourly, spent, begin, latency, callers }) => {
      const windows = [
        { name: "short", quota, seconds },
        { name: "long", quota: hourly, seconds: 3_600 },
      ];
      const { clock, server, send, refusals, done } = setUp(windows);
      await clock.advance(begin);
      server.spend(Math.min(spent, quota - 1));
      let turn = 0;
      server.latency = () => (turn++ * 37) % latency;
      const calls = callers.map(async ({ priority, asksAfter }, n) => {
        await clock.sleep(asksAfter);
        return send(`${priority} ${n}`, { priority, deadline: Number.MAX_SAFE_INTEGER });
      });
      // As many windows as the calls fill, one to begin in, and one that is cut by their asking.
      const enough = (Math.ceil(callers.length / quota) + 2) * seconds * 1_000 + 10_000;
      await clock.advance(enough);
      await Promise.all(calls);
      expect(done).toHaveLength(callers.length);
      expect(refusals()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
