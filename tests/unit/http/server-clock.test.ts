import { ServerClock } from "../../../provider/src/http/server-clock";
import { ManualClock } from "../../support/manual-clock";

const NOON = "Mon, 23 Nov 2026 12:00:00 GMT";
let clock: ManualClock;
let server: ServerClock;

beforeEach(() => {
  clock = new ManualClock(0);
  server = new ServerClock(clock);
});

test("is unknown before an answer has shown it", () => {
  expect(server.now()).toBeUndefined();
});

test("continues from the last answer, whatever the machine's clock shows", async () => {
  await clock.advance(5_000);
  server.hear({ date: NOON });
  await clock.advance(90_000);
  expect(server.now()).toBe(Date.parse(NOON) + 90_000);
  server.hear({ date: "Mon, 23 Nov 2026 14:00:00 GMT" });
  expect(server.now()).toBe(Date.parse(NOON) + 2 * 3_600_000);
});

test("is the machine's if the two agree except for parts of a second", async () => {
  const right = new ManualClock(Date.parse(NOON) + 900);
  const exact = new ServerClock(right);
  exact.hear({ date: NOON });
  await right.advance(50);
  expect(exact.now()).toBe(Date.parse(NOON) + 950);
});

test.each([
  "",
  "soon",
  "1",
  "2026-11-23T12:00:00Z",
  "Mon, 99 Nov 2026 12:00:00 GMT",
  `${NOON}, ${NOON}`,
])("ignores the date %j", (date) => {
  server.hear({ date });
  expect(server.now()).toBeUndefined();
  server.hear({ date: NOON });
  server.hear({ date });
  server.hear({});
  expect(server.now()).toBe(Date.parse(NOON));
});
