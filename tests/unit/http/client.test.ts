import { gzipSync } from "node:zlib";
import { safe } from "@runpod-stack/kit";
import { RunpodError } from "../../../provider/src/core/errors";
import { fingerprint } from "../../../provider/src/core/token";
import { ManualClock } from "../../support/manual-clock";
import { apiKey, client, create, get, server } from "./client-scene";
import { json, problem, startServer } from "./test-server";

describe("a request", () => {
  test("has method, path, query, JSON and user agent", async () => {
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

  test("without a body has no content type", async () => {
    await client().request(get);
    expect(server.received[0]?.headers["content-type"]).toBeUndefined();
  });

  test("returns status, headers and body of its answer", async () => {
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

  test("is announced just before it is sent", async () => {
    const seen: number[] = [];
    const beforeSend = () => seen.push(server.received.length);
    await client({ hooks: { beforeSend } }).request(get);
    expect(seen).toEqual([0]);
  });

  test("is not made if the caller refuses at that moment, and fails with the caller's error", async () => {
    const refused = new RunpodError(safe`the engine has ended`, { kind: "aborted" });
    const beforeSend = () => {
      throw refused;
    };
    await expect(client({ hooks: { beforeSend } }).request(create)).rejects.toBe(refused);
    expect(server.received).toHaveLength(0);
  });

  test("may take ten minutes by default", async () => {
    const clock = new ManualClock();
    await clock.advance(1_000);
    expect(client({ clock }).deadline()).toBe(601_000);
  });

  test("that is not JSON is the program's mistake, and reported as such", async () => {
    const call = client().request({ ...create, body: { size: 1n } });
    await expect(call).rejects.toThrow(TypeError);
  });

  test("identifies an account by the API's origin and the key's fingerprint", () => {
    expect(client().account).toEqual({ origin: server.url, fingerprint: fingerprint(apiKey) });
  });

  test("shows no part of a server's message that would reveal the key", () => {
    const unlikeKeys = client({ apiKey: `gateway-${apiKey.slice(4)}` });
    expect(unlikeKeys.presentable(`\u001b[31mkey gateway-${apiKey.slice(4)}`)).toBe("key [secret]");
  });

  test.each(["rpa_1\r\nx-other: 2", "rpa_1\n", " rpa_1", ""])(
    "is not made with %j as its key, which would break its header",
    (broken) => {
      expect(() => client({ apiKey: broken })).toThrow(
        "The RunPod API key contains a space, newline or other invalid character. Set runpod:apiKey or RUNPOD_API_KEY to just the key.",
      );
    },
  );

  test("is made to a host that is not RunPod's only if the machine trusts it", () => {
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

  test("is not made to a URL without encryption", () => {
    expect(() => client({ baseUrl: "http://api.runpod.io/v2" })).toThrow("only over https");
  });
});

describe("an answer", () => {
  test("of more than eight megabytes is not read to its end", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536))) {}
        if (!response.destroyed) {
          response.once("drain", more);
        }
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

  test("that is compressed without a request for that is not unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(100_000_000));
    server.answer = (_, response) =>
      response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
        .end(packed);
    await expect(client().request({ ...create, isIdempotent: true })).rejects.toMatchObject({
      kind: "ambiguous",
      detail: expect.stringContaining("unreadable answer of"),
    });
    expect(server.received[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("of a failing server is repeated by idempotent calls, and not by a create", async () => {
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

describe("a call that is canceled", () => {
  test("before it was sent is aborted", async () => {
    const call = { ...create, signal: AbortSignal.abort() };
    await expect(client().request(call)).rejects.toMatchObject({ kind: "aborted" });
    expect(server.received).toHaveLength(0);
  });

  test.each([
    [
      create,
      "ambiguous",
      "creating pod 'llm': the answer was lost, so the request may have been carried out (This operation was aborted)",
    ],
    [get, "aborted", "reading pod abc: canceled (This operation was aborted)"],
  ] as const)("during the answer: %#", async (call, kind, message) => {
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
      message: "creating pod 'llm': canceled",
    });
  });
});

describe("a stream", () => {
  test("arrives in parts", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      setTimeout(() => response.end("data: 2\n\n"), 5);
    };
    const { body, status } = await client().stream(get, "text/event-stream");
    const parts: string[] = [];
    for await (const part of body) {
      parts.push(part.toString());
    }
    expect(status).toBe(200);
    expect(parts.join("")).toBe("data: 1\n\ndata: 2\n\n");
    expect(server.received[0]?.headers.accept).toBe("text/event-stream");
  });

  test("that is refused is reported as any refusal", async () => {
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

  test("whose refusal is cut off is reported as any lost answer", async () => {
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
