import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Agent } from "undici";
import type { Call, ClientOptions } from "../../../provider/src/http/client";
import { ManualClock } from "../../support/manual-clock";
import { client, create, get, server } from "./client-scene";
import { json, problem, until } from "./test-server";

describe("a call that was not sent", () => {
  const unreachable = (code: string) =>
    new Agent({
      connect: (_, callback) =>
        callback(Object.assign(new Error(`connect ${code}`), { code }), null),
    });

  test.each(["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "CERT_HAS_EXPIRED"])(
    "is tried again, a create as well, after %s while connecting",
    async (code) => {
      const beforeSend = jest.fn();
      const call = client({ dispatcher: unreachable(code), hooks: { beforeSend } }).request(create);
      await expect(call).rejects.toMatchObject({
        kind: "notSent",
        message: `creating pod 'llm': ${server.url} could not be reached, so nothing was sent (connect ${code})`,
      });
      expect(beforeSend).not.toHaveBeenCalled();
    },
  );

  test("is sent once a server listens", async () => {
    let refusals = 2;
    const { port } = new URL(server.url);
    const dispatcher = new Agent({
      connect: (_, callback) => {
        refusals -= 1;
        if (refusals >= 0) {
          callback(Object.assign(new Error("no"), { code: "ECONNREFUSED" }), null);
        } else {
          const socket = connect(Number(port), "127.0.0.1", () => callback(null, socket));
        }
      },
    });
    server.answer = (_, response) => json(response, 201, { id: "abc" });
    const { body } = await client({ dispatcher }).request(create);
    expect(body).toEqual({ id: "abc" });
    expect(server.received).toHaveLength(1);
  });

  test("is not sent when its time is up", async () => {
    const clock = new ManualClock();
    const call = { ...create, deadline: clock.monotonic() };
    await expect(client({ clock }).request(call)).rejects.toMatchObject({
      kind: "notSent",
      message: "creating pod 'llm': this operation ran out of time; nothing was sent",
    });
    expect(server.received).toHaveLength(0);
  });

  test("is not sent if it is canceled while connecting", async () => {
    const abort = new AbortController();
    const { port } = new URL(server.url);
    const dispatcher = new Agent({
      connect: (_, callback) => {
        const socket = connect(Number(port), "127.0.0.1", () => {
          abort.abort();
          callback(null, socket);
        });
      },
    });
    const beforeSend = jest.fn();
    const hooks = { beforeSend };
    const call = client({ dispatcher, hooks }).request({ ...create, signal: abort.signal });
    await expect(call).rejects.toMatchObject({ kind: "aborted" });
    expect(beforeSend).not.toHaveBeenCalled();
    expect(server.received).toHaveLength(0);
    await dispatcher.destroy();
  });

  test("does not reach a server that does not speak TLS", async () => {
    const baseUrl = `${server.url.replace("http:", "https:")}/v2`;
    await expect(client({ baseUrl }).request(create)).rejects.toMatchObject({ kind: "notSent" });
    expect(server.received).toHaveLength(0);
  });
});

describe("an answer that is lost", () => {
  let raw: Server;
  let connections = 0;
  let treat: (socket: Socket) => void;

  beforeEach(async () => {
    connections = 0;
    raw = createServer((socket) => {
      connections += 1;
      socket.on("error", () => {});
      socket.once("data", () => treat(socket));
    });
    await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => new Promise<unknown>((resolve) => raw.close(resolve)));

  const toRaw = (more: Partial<ClientOptions> = {}) =>
    client({ baseUrl: `http://127.0.0.1:${(raw.address() as AddressInfo).port}/v2`, ...more });

  test.each(["POST", "PATCH"] as const)(
    "makes a %s ambiguous, and is not repeated",
    async (method) => {
      treat = (socket) => socket.resetAndDestroy();
      await expect(toRaw().request({ ...create, method })).rejects.toMatchObject({
        kind: "ambiguous",
        message: expect.stringContaining(
          "creating pod 'llm': the answer was lost, so the request may have been carried out (",
        ),
      });
      expect(connections).toBe(1);
    },
  );

  test("repeatedly is reported in the end", async () => {
    treat = (socket) => socket.resetAndDestroy();
    await expect(toRaw().request(get)).rejects.toMatchObject({
      kind: "ambiguous",
      message: "reading pod abc: the answer was lost (read ECONNRESET)",
    });
    expect(connections).toBe(5);
  });

  test.each(["GET", "DELETE"] as const)("is repeated by %s", async (method) => {
    treat = (socket) => {
      if (connections < 3) {
        socket.resetAndDestroy();
      } else {
        socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
      }
    };
    expect(await toRaw().request({ ...get, method })).toMatchObject({ status: 204 });
    expect(connections).toBe(3);
  });

  test("in the middle, at any byte, is lost as well", async () => {
    const whole =
      'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{"id":"abc"}';
    for (let length = 0; length < whole.length; length++) {
      treat = (socket) => socket.end(whole.slice(0, length));
      await expect(toRaw().request(create)).rejects.toMatchObject({ kind: "ambiguous" });
    }
    treat = (socket) => socket.end(whole);
    expect(await toRaw().request(create)).toMatchObject({ body: { id: "abc" } });
  });

  test("because its body falls silent is lost before the whole time is up", async () => {
    treat = (socket) => socket.write("HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{");
    await expect(toRaw({ timeouts: { silence: 10 } }).request(create)).rejects.toMatchObject({
      kind: "ambiguous",
      detail: "Body Timeout Error",
    });
  });

  test("because its head is endless is lost, too", async () => {
    treat = (socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(`x-more: ${"x".repeat(1_000)}\r\n`)) {}
        if (!socket.destroyed) {
          socket.once("drain", more);
        }
      };
      socket.write("HTTP/1.1 201 Created\r\n");
      more();
    };
    await expect(toRaw().request(create)).rejects.toMatchObject({
      kind: "ambiguous",
      detail: "Headers Overflow Error",
    });
  });

  test.each([
    ["a create", create, 60_000, "1m"],
    ["a read", { ...get, isIdempotent: false }, 30_000, "30s"],
  ] as const)("because it takes too long is lost, too: %s", async (_, call, limit, told) => {
    const clock = new ManualClock();
    let isHeard = false;
    treat = () => {
      isHeard = true;
    };
    const asked = toRaw({ clock }).request(call);
    asked.catch(() => {});
    await until(() => isHeard);
    await clock.advance(limit - 1);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    await expect(asked).rejects.toMatchObject({
      kind: "ambiguous",
      detail: `no answer within ${told}`,
    });
  });

  test("because its body trickles is lost when the time is up", async () => {
    const clock = new ManualClock();
    await clock.advance(1_000);
    let isHeard = false;
    treat = (socket) => {
      socket.write(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
      );
      isHeard = true;
    };
    const call = toRaw({ clock }).request({ ...get, deadline: 6_000 });
    call.catch(() => {});
    await until(() => isHeard);
    await clock.advance(5_000);
    await expect(call).rejects.toMatchObject({ kind: "ambiguous", detail: "no answer within 5s" });
  });
});

describe("the rate limit", () => {
  test("delays a refused create for as long as the server says, and then sends it", async () => {
    const clock = new ManualClock();
    server.answer = (_, response, count) =>
      count === 1
        ? problem(response, 429, "slow down", { "retry-after": "7" })
        : json(response, 201, { id: "abc" });
    const told: string[] = [];
    const call = client({ clock }).request({ ...create, onProgress: (text) => told.push(text) });
    await until(() => told.length > 0);
    await clock.advance(6_999);
    expect(server.received).toHaveLength(1);
    await clock.advance(1);
    expect(await call).toMatchObject({ status: 201 });
    expect(told).toEqual(["rate limit: next call in 7 s"]);
  });

  test("is kept by all clients of the account once an answer shows that it is used up", async () => {
    const clock = new ManualClock();
    const log: string[] = [];
    server.answer = (_, response) =>
      json(response, 200, {}, { ratelimit: '"minute";r=0;t=12, "hour";r=0;t=40, "day";r=9;t=80' });
    await client({ clock }).request(get);
    const second = client({ clock, log: (text) => log.push(text) }).request(get);
    await until(() => log.length > 0);
    await clock.advance(39_999);
    expect(server.received).toHaveLength(1);
    await clock.advance(1);
    await second;
    expect(server.received).toHaveLength(2);
  });

  test("is read from several header lines", async () => {
    const log: string[] = [];
    server.answer = (_, response) => {
      const lines = ['"minute";r=9;t=12', '"hour";r=0;t=40'];
      response.writeHead(204, { ratelimit: lines }).end();
    };
    const clock = new ManualClock();
    const own = client({ clock, log: (text) => log.push(text) });
    await own.request(get);
    const second = own.request(get);
    await until(() => log.length > 0);
    expect(log).toEqual(["rate limit: next call in 40 s"]);
    await clock.advance(40_000);
    await second;
  });

  test("is kept by streams as well", async () => {
    const clock = new ManualClock();
    server.answer = (_, response) => json(response, 200, {}, { ratelimit: '"minute";r=0;t=12' });
    await client({ clock }).stream(get, "text/event-stream");
    const second = client({ clock }).stream(get, "text/event-stream");
    await clock.advance(11_999);
    expect(server.received).toHaveLength(1);
    await clock.advance(1);
    await second;
    expect(server.received).toHaveLength(2);
  });

  test("sends calls that stop a charge first, then reads, then all others", async () => {
    const clock = new ManualClock();
    const limit = { ratelimit: '"minute";r=0;t=60' };
    server.answer = (_, response) => json(response, 200, {}, limit);
    const own = client({ clock });
    await own.request(get);
    const asked: readonly Call[] = [
      { ...create, method: "PUT" },
      { ...create, priority: "read" },
      { ...get, method: "HEAD" },
      get,
      { ...get, method: "DELETE" },
    ];
    let waits = 0;
    const calls = asked.map((call) => own.request({ ...call, onProgress: () => waits++ }));
    for (const turn of asked.keys()) {
      await until(() => waits > turn);
      await clock.advance(60_000);
    }
    await Promise.all(calls);
    const methods = server.received.map(({ method }) => method);
    expect(methods).toEqual(["GET", "DELETE", "POST", "HEAD", "GET", "PUT"]);
  });

  test("that lasts longer than a call may is reported immediately", async () => {
    server.answer = (_, response) => json(response, 200, {}, { ratelimit: '"hour";r=0;t=1800' });
    await client().request(get);
    await expect(client().request(create)).rejects.toMatchObject({ kind: "rateLimited" });
    expect(server.received).toHaveLength(1);
  });
});
