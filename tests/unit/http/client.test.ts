import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { systemClock } from "../../../provider/src/core/clock";
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

  test("gives status, headers, body and request id of its answer", async () => {
    server.answer = (_, response) =>
      json(response, 200, { id: "abc" }, { "x-request-id": "req-1" });
    expect(await client().request(get)).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json" },
      body: { id: "abc" },
      requestId: "req-1",
    });
  });

  test("says just before it goes out that it does", async () => {
    const seen: number[] = [];
    await client().request({ ...get, onSent: () => seen.push(server.received.length) });
    expect(seen).toEqual([0]);
  });

  test("stands for an account: the API's origin and the key's fingerprint", () => {
    expect(client().account).toEqual({ origin: server.url, fingerprint: fingerprint(apiKey) });
  });

  test("shows nothing of a server's words that would give the key away", () => {
    expect(client().presentable(`\u001b[31mkey ${apiKey}`)).toBe("key [secret]");
  });

  test("is not made with a key that would break its header", () => {
    expect(() => client({ apiKey: "rpa_1\r\nx-other: 2" })).toThrow(
      "The RunPod API key holds a space, a line break or another character that no key has. Set runpod:apiKey or RUNPOD_API_KEY anew, to the key alone.",
    );
  });

  test("is made to a host that is not RunPod's only where the machine trusts it", () => {
    const baseUrl = "https://gateway.example/v2";
    expect(() => client({ baseUrl })).toThrow("https://gateway.example is not RunPod's");
    const machine = { usesProxy: false, trustedHosts: ["gateway.example"] };
    expect(client({ baseUrl, machine }).account.origin).toBe("https://gateway.example");
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
    const { connect } = await import("node:net");
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
    const call = { ...create, deadline: systemClock.monotonic() };
    await expect(client().request(call)).rejects.toMatchObject({
      kind: "notSent",
      message: "creating pod 'llm': the time for this operation is up; nothing was sent",
    });
    expect(server.received).toHaveLength(0);
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

  test("makes a create ambiguous, and is not asked for again", async () => {
    treat = (socket) => socket.resetAndDestroy();
    await expect(toRaw().request(create)).rejects.toMatchObject({
      kind: "ambiguous",
      message: expect.stringContaining(
        "creating pod 'llm': the answer was lost, so it may have been carried out (",
      ),
    });
    expect(connections).toBe(1);
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

  test("because it takes too long is lost too", async () => {
    const clock = new ManualClock();
    let isHeard = false;
    treat = () => {
      isHeard = true;
    };
    const call = toRaw({ clock }).request(create);
    call.catch(() => {});
    await until(() => isHeard);
    await clock.advance(59_999);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    await expect(call).rejects.toMatchObject({
      kind: "ambiguous",
      detail: "no answer within 1m",
    });
  });

  test("because its body trickles is lost when the time is up", async () => {
    const clock = new ManualClock();
    let isHeard = false;
    treat = (socket) => {
      socket.write(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
      );
      isHeard = true;
    };
    const call = toRaw({ clock }).request({ ...get, deadline: 5_000 });
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
    [create, "ambiguous"],
    [get, "aborted"],
  ] as const)("while it is answered: %#", async (call, kind) => {
    const abort = new AbortController();
    server.answer = () => abort.abort();
    await expect(client().request({ ...call, signal: abort.signal })).rejects.toMatchObject({
      kind,
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
});
