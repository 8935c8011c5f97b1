import { safe } from "@runpod-stack/kit";
import { RunpodError } from "../../../provider/src/core/errors";
import type { Priority } from "../../../provider/src/http/gate";
import { FREE, HOUR, MINUTE, setUp, setUpTold, type Told } from "./gate-scene";

describe("while the window's state is unknown", () => {
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
    for (let n = 0; n < 5; n++) {
      void gate.run(passenger(`read ${n}`), never);
    }
    await clock.advance(1_999);
    expect(never).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(never).toHaveBeenCalledTimes(2);
    await clock.advance(2_000);
    expect(never).toHaveBeenCalledTimes(3);
  });

  test("it does so two seconds after the first, whatever is requested meanwhile", async () => {
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
    const lost = new RunpodError(safe`lost`, { kind: "ambiguous" });
    await expect(gate.run(passenger("one"), () => Promise.reject(lost))).rejects.toBe(lost);
    await expect(gate.run(passenger("two"), async () => FREE)).resolves.toBe(FREE);
  });

  test.each([
    [200, 5],
    [204, 5],
    [300, 1],
    [500, 1],
  ])("after a %d without a limit, %d may pass together", async (status, count) => {
    const { gate, passenger, clock } = setUp();
    const never = jest.fn(() => new Promise<Told>(() => {}));
    await gate.run(passenger("one"), async () => ({ status, headers: {} }));
    for (let n = 0; n < 5; n++) {
      void gate.run(passenger(`stuck ${n}`), never);
    }
    await clock.advance(0);
    expect(never).toHaveBeenCalledTimes(count);
  });

  test("a window that has ended is unknown until a later call is answered", async () => {
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
  test("all waiting calls pass, none is refused, and a new window gets no rush", async () => {
    const { server, sendMany, clock, refusals } = setUp();
    const calls = sendMany(200, "create");
    await clock.advance(60_150);
    expect(server.seen.filter(({ at }) => at >= 60_000)).toHaveLength(1);
    await clock.advance(180_000);
    await calls;
    expect(refusals()).toBe(0);
    expect(server.perWindow(60)).toEqual([60, 60, 60, 20]);
  });

  test("120 pods after a used-up window take two fresh ones, within 1.2 times the time to the second", async () => {
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
    for (let n = 0; n < 9; n++) {
      void gate.run(passenger(`call ${n}`), never);
    }
    await clock.advance(1_000);
    expect(never).toHaveBeenCalledTimes(5);
  });

  test.each([
    ["whose answer was lost counts", "ambiguous", ["one"]],
    ["that was not sent does not count", "notSent", ["one", "two"]],
  ] as const)("a call %s", async (_, kind, names) => {
    const { gate, passenger, pass, passed, clock } = await setUpTold('"minute";r=2;t=60');
    const failed = new RunpodError(safe`failed`, { kind });
    await expect(gate.run(passenger("fails"), () => Promise.reject(failed))).rejects.toBe(failed);
    void pass("one");
    void pass("two");
    await clock.advance(59_999);
    expect(passed).toEqual(names);
    await clock.advance(1);
    expect(passed).toEqual(["one", "two"]);
  });

  test("an answer without headers counts as one call", async () => {
    const { pass, passed, clock } = await setUpTold('"minute";r=2;t=60');
    for (const name of ["one", "two", "three"]) {
      void pass(name);
    }
    await clock.advance(59_999);
    expect(passed).toEqual(["one", "two"]);
  });

  test("a window that the server no longer reports is forgotten once it has ended", async () => {
    const { pass, passed, clock } = await setUpTold('"minute";r=0;t=60');
    await clock.advance(60_000);
    await pass("one");
    await Promise.all([pass("two"), pass("three"), pass("four")]);
    expect(passed).toEqual(["one", "two", "three", "four"]);
  });
});

describe("the order of calls", () => {
  test("is deletes, then reads, then the rest, each in the order of arrival", async () => {
    const { clock, pass, passed } = await setUpTold('"minute";r=0;t=60');
    const asked = ["create 1", "read 1", "delete 1", "create 2", "delete 2", "read 2", "create 3"];
    for (const name of asked) {
      void pass(name, { priority: name.split(" ")[0] as Priority });
    }
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

  test("reserves some calls of a window against creates, and fewer against reads", async () => {
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

  test("gives an unused reserve to creates before the window ends", async () => {
    const { clock, sendMany, server } = setUp();
    void sendMany(100, "create");
    await clock.advance(53_000);
    expect(server.seen).toHaveLength(54);
    await clock.advance(2_000);
    expect(server.seen).toHaveLength(60);
  });

  test("reserves nothing against the last waiting calls", async () => {
    const { clock, sendMany, server } = setUp();
    const calls = sendMany(60, "create");
    await clock.advance(1_000);
    await calls;
    expect(server.perWindow(60)).toEqual([60]);
  });

  test("reserves nothing against them because of calls before or behind them", async () => {
    const { gate, passenger, clock, pass, passed } = await setUpTold(
      '"minute";r=10;t=60',
      '"minute";q=60;w=60',
    );
    const never = () => new Promise<Told>(() => {});
    for (let n = 0; n < 5; n++) {
      void gate.run(passenger(`delete ${n}`, { priority: "delete" }), never);
    }
    void pass("create");
    await clock.advance(0);
    expect(passed).toEqual(["create"]);
    const second = await setUpTold('"minute";r=3;t=60', '"minute";q=60;w=60');
    for (let n = 0; n < 5; n++) {
      void second.gate.run(second.passenger(`create ${n}`), never);
    }
    await second.pass("read", { priority: "read" });
    expect(second.passed).toEqual(["read"]);
  });

  test("reserves at most ten calls of a long window", async () => {
    const { clock, sendMany, server } = setUp([HOUR]);
    server.spend(2_900);
    sendMany(500, "create").catch(() => {});
    await clock.advance(60_000);
    expect(server.seen).toHaveLength(90);
  });
});

describe("a 429", () => {
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
    "that says %j closes it for increasing times, and one call tries",
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
      for (let n = 0; n < 3; n++) {
        keepAsking().catch(() => {});
      }
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

  test("makes the window's state unknown: one call goes ahead after it", async () => {
    const { gate, passenger, clock, passed, pass } = await setUpTold('"minute";r=50;t=60');
    await clock.advance(1);
    await gate.run(passenger("refused"), async () => refused({ "retry-after": "1" }));
    void gate.run(passenger("scout"), () => new Promise<Told>(() => {}));
    void pass("one");
    await clock.advance(2_999);
    expect(passed).toEqual([]);
  });

  test("needs a new call ahead: one from before it is not waited for", async () => {
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
