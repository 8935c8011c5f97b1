import { LIVE_RATE_LIMIT } from "@runpod-stack/emulator";
import { parseRateLimit } from "../../../emulator/src/http/rate-limit";
import { startTestEmulator, type TestEmulator } from "../../support/emulator";

describe("The rate limit", () => {
  let emulator: TestEmulator;
  afterEach(() => emulator.close());

  const start = async (rateLimit = LIVE_RATE_LIMIT) => {
    emulator = await startTestEmulator({ rateLimit, apiKeys: ["rpa_one", "rpa_two"] });
  };
  const get = (key = "rpa_one", path = "/v2/templates") =>
    emulator.call("GET", path, undefined, { authorization: `Bearer ${key}` });

  test("every authenticated answer tells what is left", async () => {
    await start();
    const { headers } = await get();
    expect(headers.get("ratelimit-policy")).toBe('"minute";q=60;w=60, "hour";q=3000;w=3600');
    expect(headers.get("ratelimit")).toMatch(/^"minute";r=59;t=\d+, "hour";r=2999;t=\d+$/);
    expect((await get("rpa_one", "/v2/templates/nope")).headers.get("ratelimit")).toMatch("r=58");
    expect((await get("rpa_wrong")).headers.get("ratelimit")).toBeNull();
  });

  test("beyond it there is a 429 with whole seconds to wait, after which it goes on", async () => {
    await start([{ quota: 2, seconds: 60 }]);
    expect([(await get()).status, (await get()).status]).toEqual([200, 200]);
    const refused = await get();
    expect(refused).toMatchObject({
      status: 429,
      body: {
        title: "Too Many Requests",
        status: 429,
        detail: "rate limit exceeded for the minute window",
      },
    });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.headers.get("ratelimit")).toMatch(/^"minute";r=0;t=\d+$/);
    const wait = refused.headers.get("retry-after") ?? "";
    expect(wait).toMatch(/^\d+$/);
    await emulator.advance(Number(wait));
    expect((await get()).status).toBe(200);
  });

  test("a refused request creates nothing and is not counted", async () => {
    await start([
      { quota: 1, seconds: 60 },
      { quota: 2, seconds: 3600 },
    ]);
    await get();
    const body = { name: "t", image: "a:1" };
    const key = { authorization: "Bearer rpa_one" };
    expect((await emulator.call("POST", "/v2/templates", body, key)).status).toBe(429);
    expect((await emulator.ledger()).templates).toEqual([]);
    await emulator.advance(60);
    expect((await get()).headers.get("ratelimit")).toMatch('"hour";r=0');
  });

  test("Retry-After speaks of the shortest spent window only", async () => {
    await start([
      { quota: 1, seconds: 60 },
      { quota: 1, seconds: 3600 },
    ]);
    await get();
    const { headers } = await get();
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(headers.get("ratelimit")).toMatch(/"minute";r=0;.*"hour";r=0;/);
    await emulator.advance(60);
    const later = await get();
    expect([later.status, later.body.detail]).toEqual([
      429,
      "rate limit exceeded for the hour window",
    ]);
    expect(Number(later.headers.get("retry-after"))).toBeGreaterThan(60);
  });

  test("each account has its own, control plane and proxy have none", async () => {
    await start([{ quota: 1, seconds: 60 }]);
    await get();
    expect((await get("rpa_two")).status).toBe(200);
    for (let round = 0; round < 3; round++) {
      expect((await emulator.call("GET", "/_emulator/ledger")).status).toBe(200);
      expect((await emulator.call("GET", "/proxy/nope-8000/")).status).toBe(404);
    }
    expect((await get()).status).toBe(429);
  });
});

describe("parseRateLimit", () => {
  test("reads requests/seconds by comma, and off", () => {
    expect(parseRateLimit("60/60,3000/3600")).toEqual(LIVE_RATE_LIMIT);
    expect(parseRateLimit("off")).toBeNull();
  });

  test.each(["", "60", "60/", "0/60", "60/60;1/1"])(
    "%j is refused with the form it wants",
    (text) => {
      expect(() => parseRateLimit(text)).toThrow(
        'It must be requests/seconds, as in "60/60,3000/3600", or "off".',
      );
    },
  );
});
