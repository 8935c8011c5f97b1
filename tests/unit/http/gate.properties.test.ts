import fc from "fast-check";
import type { Priority } from "../../../provider/src/http/gate";
import { setUp } from "./gate-scene";

test("whatever the windows, latencies and callers, no call is refused or forgotten, and no window is wasted", async () => {
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
      // The windows that the calls fill, one to begin in, and one that is only partly used.
      const enough = (Math.ceil(callers.length / quota) + 2) * seconds * 1_000 + 10_000;
      await clock.advance(enough);
      await Promise.all(calls);
      expect(done).toHaveLength(callers.length);
      expect(refusals()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
