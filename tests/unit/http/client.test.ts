import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { systemClock } from "../../../provider/src/core/clock";
import { RunpodError } from "../../../provider/src/core/errors";
import { fingerprint, randomId } from "../../../provider/src/core/token";
import {
  type Call,
  type ClientOptions,
  createClient,
  type HttpClient,
} from "../../../provider/src/http/client";
import { path } from "../../../provider/src/http/path";
import { ManualClock } from "../../support/manual-clock";
import { json, problem, startServer, type TestServer, until } from "./test-server";

const get: Call = { method: "GET", path: path`/pods/${"abc"}`, operation: "reading pod abc" };
const create: Call = {
  method: "POST",
  path: path`/pods`,
  body: { name: "llm" },
  operation: "creating pod 'llm'",
};

let server: TestServer;
/** Each test speaks as an account of its own: gates are shared by all who speak as one. */
let apiKey: string;

beforeEach(async () => {
  server = await startServer();
  apiKey = `rpa_${randomId(8)}`;
  // No pause between attempts.
  jest.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(() => server.close());

function client(more: Partial<ClientOptions> = {}): HttpClient {
  const baseUrl = `${server.url}/v2`;
  return createClient({ baseUrl, apiKey, userAgent: "runpod-stack", clock: systemClock, ...more });
}

describe("a request", () => {
  test("carries method, path, query, JSON and who asks", async () => {
    server.answer = (_, response) => json(response, 201, { id: "abc" });
    await client().request({ ...create, query: { a: "1 2" } });
    const [received] = server.received;
    expect(received).toMatchObject({
      method: "POST",
      path: "/v2/pods?a=1+2",
      body: '{"name":"llm"}',
    });
    expect(received?.headers).toMatchObject({
      accept: "application/json",
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      "user-agent": "runpod-stack",
    });
  });

  test("without a body says nothing of a content type", async () => {
    await client().request(get);
    expect(server.received[0]?.headers["content-type"]).toBeUndefined();
  });

  test("gives status, headers and body of its answer", async () => {
    server.answer = (_, response) => json(response, 200, { id: "abc" });
    expect(await client().request(get)).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json" },
      body: { id: "abc" },
    });
  });

  test("leaves no timer behind, which would keep the process from ending", async () => {
    const clock = new ManualClock();
    await client({ clock }).request(get);
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });

  test.each(["", "/", "/v2", "/runpod/v2"])("to an API at %j goes below it", async (below) => {
    await client({ baseUrl: `${server.url}${below}` }).request(get);
    expect(server.received[0]?.path).toBe(`${below.replace(/^\/$/, "")}/pods/abc`);
  });

  test("says just before it goes out that it does", async () => {
    const seen: number[] = [];
    await client().request({ ...get, onSent: () => seen.push(server.received.length) });
    expect(seen).toEqual([0]);
  });

  test("is not made if whoever asked refuses at that moment, and fails as they say", async () => {
    const refused = new RunpodError("the engine has ended", { kind: "aborted" });
    const onSent = () => {
      throw refused;
    };
    await expect(client().request({ ...create, onSent })).rejects.toBe(refused);
    expect(server.received).toHaveLength(0);
  });

  test("may take ten minutes if nothing else is said", async () => {
    const clock = new ManualClock();
    await clock.advance(1_000);
    expect(client({ clock }).deadline()).toBe(601_000);
  });

  test("that is no JSON is the program's own mistake, and told as that", async () => {
    const call = client().request({ ...create, body: { size: 1n } });
    await expect(call).rejects.toThrow(TypeError);
  });

  test("stands for an account: the API's origin and the key's fingerprint", () => {
    expect(client().account).toEqual({ origin: server.url, fingerprint: fingerprint(apiKey) });
  });

  test("shows nothing of a server's words that would give the key away", () => {
    const unlikeKeys = client({ apiKey: `gateway-${apiKey.slice(4)}` });
    expect(unlikeKeys.presentable(`\u001b[31mkey gateway-${apiKey.slice(4)}`)).toBe("key [secret]");
  });

  test.each(["rpa_1\r\nx-other: 2", "rpa_1\n", " rpa_1", ""])(
    "is not made with %j as its key, which would break its header",
    (broken) => {
      expect(() => client({ apiKey: broken })).toThrow(
        "The RunPod API key holds a space, a line break or another character that no key has. Set runpod:apiKey or RUNPOD_API_KEY anew, to the key alone.",
      );
    },
  );

  test("is made to a host that is not RunPod's only where the machine trusts it", () => {
    const baseUrl = "https://gateway.example/v2";
    expect(() => client({ baseUrl })).toThrow("https://gateway.example is not RunPod's");
    const machine = { usesProxy: false, trustedHosts: ["gateway.example"] };
    expect(client({ baseUrl, machine }).account.origin).toBe("https://gateway.example");
  });

  test("is made to one that the environment names", () => {
    const trusted = { RUNPOD_STACK_TRUSTED_HOSTS: "gateway.example" };
    jest.replaceProperty(process, "env", { ...process.env, ...trusted });
    const { account } = client({ baseUrl: "https://gateway.example/v2" });
    expect(account.origin).toBe("https://gateway.example");
  });

  test("is not made to a URL where the key could be overheard", () => {
    expect(() => client({ baseUrl: "http://api.runpod.io/v2" })).toThrow("over https only");
  });
});

describe("what was not sent", () => {
  const unreachable = (code: string) =>
    new Agent({
      connect: (_, callback) =>
        callback(Object.assign(new Error(`connect ${code}`), { code }), null),
    });

  test.each(["ECONNREFUSED", "ENOTFOUND", "ECONNRESET", "CERT_HAS_EXPIRED"])(
    "is tried again, a create as well, after %s while connecting",
    async (code) => {
      const onSent = jest.fn();
      const call = client({ dispatcher: unreachable(code) }).request({ ...create, onSent });
      await expect(call).rejects.toMatchObject({
        kind: "notSent",
        message: `creating pod 'llm': ${server.url} was not reached, so nothing was sent (connect ${code})`,
      });
      expect(onSent).not.toHaveBeenCalled();
    },
  );

  test("is sent once there is somebody to send to", async () => {
    let refusals = 2;
    const { port } = new URL(server.url);
    const dispatcher = new Agent({
      connect: (_, callback) => {
        refusals -= 1;
        if (refusals >= 0) callback(Object.assign(new Error("no"), { code: "ECONNREFUSED" }), null);
        else {
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
      message: "creating pod 'llm': the time for this operation is up; nothing was sent",
    });
    expect(server.received).toHaveLength(0);
  });

  test("is not sent if it is called off while connecting", async () => {
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
    const onSent = jest.fn();
    const call = client({ dispatcher }).request({ ...create, signal: abort.signal, onSent });
    await expect(call).rejects.toMatchObject({ kind: "aborted" });
    expect(onSent).not.toHaveBeenCalled();
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
    "makes a %s ambiguous, and is not asked for again",
    async (method) => {
      treat = (socket) => socket.resetAndDestroy();
      await expect(toRaw().request({ ...create, method })).rejects.toMatchObject({
        kind: "ambiguous",
        message: expect.stringContaining(
          "creating pod 'llm': the answer was lost, so it may have been carried out (",
        ),
      });
      expect(connections).toBe(1);
    },
  );

  test("again and again is told in the end", async () => {
    treat = (socket) => socket.resetAndDestroy();
    await expect(toRaw().request(get)).rejects.toMatchObject({
      kind: "ambiguous",
      message: "reading pod abc: the answer was lost (read ECONNRESET)",
    });
    expect(connections).toBe(5);
  });

  test.each(["GET", "DELETE"] as const)("is asked for again by %s", async (method) => {
    treat = (socket) => {
      if (connections < 3) socket.resetAndDestroy();
      else socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    };
    expect(await toRaw().request({ ...get, method })).toMatchObject({ status: 204 });
    expect(connections).toBe(3);
  });

  test("in the middle, at any byte, is lost all the same", async () => {
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

  test("because its head has no end is lost too", async () => {
    treat = (socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(`x-more: ${"x".repeat(1_000)}\r\n`));
        if (!socket.destroyed) socket.once("drain", more);
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
  ] as const)("because it takes too long is lost too: %s", async (_, call, limit, told) => {
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

describe("an answer", () => {
  test("of more than eight megabytes is not read to its end", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    await expect(client().request(create)).rejects.toMatchObject({
      kind: "ambiguous",
      detail: "an answer of more than 8388608 bytes",
    });
  });

  test("that redirects is not followed, and the key goes nowhere else", async () => {
    const thief = await startServer();
    server.answer = (_, response) =>
      response.writeHead(307, { location: `${thief.url}/v2/pods` }).end();
    await expect(client().request(create)).rejects.toMatchObject({ kind: "protocol", status: 307 });
    expect(thief.received).toEqual([]);
    await thief.close();
  });

  test("that is packed, though nobody asked for that, is not unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(100_000_000));
    server.answer = (_, response) =>
      response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
        .end(packed);
    await expect(client().request({ ...create, isIdempotent: true })).rejects.toMatchObject({
      kind: "ambiguous",
      detail: expect.stringContaining("characters that cannot be read"),
    });
    expect(server.received[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("of a failing server is asked for again by what is idempotent, and not by a create", async () => {
    server.answer = (_, response) => problem(response, 500, "oops");
    await expect(client().request(create)).rejects.toMatchObject({ kind: "server" });
    expect(server.received).toHaveLength(1);
    await expect(client().request(get)).rejects.toMatchObject({ kind: "server" });
    expect(server.received).toHaveLength(6);
    await expect(client().request({ ...create, isIdempotent: true })).rejects.toMatchObject({
      kind: "server",
    });
    expect(server.received).toHaveLength(11);
  });

  test("that quotes the key or a secret of the body shows neither", async () => {
    server.answer = ({ headers, body }, response) =>
      problem(response, 400, `${headers.authorization} ${body}`);
    const body = { env: { HF_TOKEN: "quite-secret" } };
    const call = client().request({ ...create, body, secrets: ["quite-secret"] });
    await expect(call).rejects.toMatchObject({
      detail: expect.not.stringContaining("quite-secret"),
    });
    await expect(call).rejects.toMatchObject({ message: expect.not.stringContaining(apiKey) });
  });
});

describe("the rate limit", () => {
  test("holds a refused create back for as long as the server says, and then sends it", async () => {
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

  test("is kept by whoever speaks as the same account once an answer says that it is used up", async () => {
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

  test("is known also if it is told in several lines", async () => {
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

  test("lets go first what ends a bill, then what somebody waits for, then all else", async () => {
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

  test("that lasts longer than a call may is told at once", async () => {
    server.answer = (_, response) => json(response, 200, {}, { ratelimit: '"hour";r=0;t=1800' });
    await client().request(get);
    await expect(client().request(create)).rejects.toMatchObject({ kind: "rateLimited" });
    expect(server.received).toHaveLength(1);
  });
});

describe("a call that is called off", () => {
  test("before it was sent is aborted", async () => {
    const call = { ...create, signal: AbortSignal.abort() };
    await expect(client().request(call)).rejects.toMatchObject({ kind: "aborted" });
    expect(server.received).toHaveLength(0);
  });

  test.each([
    [
      create,
      "ambiguous",
      "creating pod 'llm': the answer was lost, so it may have been carried out (This operation was aborted)",
    ],
    [get, "aborted", "reading pod abc: cancelled (This operation was aborted)"],
  ] as const)("while it is answered: %#", async (call, kind, message) => {
    const abort = new AbortController();
    server.answer = () => abort.abort();
    await expect(client().request({ ...call, signal: abort.signal })).rejects.toMatchObject({
      kind,
      message,
    });
  });

  test("while it waits its turn is aborted", async () => {
    const clock = new ManualClock();
    server.answer = (_, response) => json(response, 200, {}, { ratelimit: '"minute";r=0;t=60' });
    await client({ clock }).request(get);
    const abort = new AbortController();
    const call = client({ clock }).request({
      ...create,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(call).rejects.toMatchObject({
      kind: "aborted",
      message: "creating pod 'llm': cancelled",
    });
  });
});

describe("a stream", () => {
  test("arrives bit by bit", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      setTimeout(() => response.end("data: 2\n\n"), 5);
    };
    const { body, status } = await client().stream(get, "text/event-stream");
    const parts: string[] = [];
    for await (const part of body) parts.push(part.toString());
    expect(status).toBe(200);
    expect(parts.join("")).toBe("data: 1\n\ndata: 2\n\n");
    expect(server.received[0]?.headers.accept).toBe("text/event-stream");
  });

  test("that is refused is told as any refusal", async () => {
    server.answer = (_, response) => problem(response, 404, "no such pod");
    await expect(client().stream(get, "text/event-stream")).rejects.toMatchObject({
      kind: "notFound",
      detail: "no such pod",
    });
  });

  test("that is a redirect or the like is none", async () => {
    server.answer = (_, response) => response.writeHead(300).end("choose");
    await expect(client().stream(get, "text/event-stream")).rejects.toMatchObject({
      kind: "protocol",
    });
  });

  test("of which the refusal is cut off is told as any lost answer", async () => {
    server.answer = (_, response) => {
      response.writeHead(404, { "content-length": 99 }).write("{");
      setTimeout(() => response.destroy(), 5);
    };
    await expect(client().stream(get, "text/event-stream")).rejects.toMatchObject({
      kind: "ambiguous",
      message: "reading pod abc: the answer was lost (other side closed)",
    });
  });
});
