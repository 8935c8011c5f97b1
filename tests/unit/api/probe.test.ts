import { Agent } from "undici";
import { probe } from "../../../provider/src/api";
import { json, startServer, type TestServer } from "../http/test-server";

let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});

afterEach(() => server.close());

describe("a probe", () => {
  test("reports a service's answer", async () => {
    server.answer = (_, response) => json(response, 200, { data: [{ id: "m" }] });
    expect(await probe(`${server.url}/v1/models`)).toEqual({
      status: 200,
      contentType: "application/json",
      body: '{"data":[{"id":"m"}]}',
      json: { data: [{ id: "m" }] },
    });
    expect(server.received[0]).toMatchObject({ method: "GET", path: "/v1/models" });
  });

  test("reports failing statuses and pages unchanged", async () => {
    server.answer = (_, response) =>
      response.writeHead(502, { "content-type": "text/html" }).end("<html>");
    expect(await probe(server.url)).toEqual({
      status: 502,
      contentType: "text/html",
      body: "<html>",
      json: undefined,
    });
  });

  test("sends the service's key only if there is one, and a user agent that proxies accept", async () => {
    await probe(server.url);
    await probe(server.url, { bearer: "service-key" });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      "Bearer service-key",
    ]);
    expect(server.received[0]?.headers["user-agent"]).toBe(
      "Mozilla/5.0 (compatible; runpod-stack)",
    );
  });

  test("does not follow a redirect", async () => {
    server.answer = (_, response) =>
      response.writeHead(302, { location: `${server.url}/login` }).end();
    expect(await probe(server.url, { bearer: "service-key" })).toMatchObject({ status: 302 });
    expect(server.received).toHaveLength(1);
  });

  test("sends no key unencrypted", async () => {
    const url = "http://pod1-8000.proxy.runpod.net/v1/models";
    const dispatcher = new Agent({
      connect: () => {
        throw new Error("it was asked");
      },
    });
    expect(await probe(url, { dispatcher })).toEqual({
      error: `${url} was not requested: services are requested only over https or on this machine`,
    });
  });

  test("reads no more of a body than its limit", async () => {
    server.answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1_000))) {}
        if (!response.destroyed) {
          response.once("drain", more);
        }
      };
      more();
    };
    const { body } = await probe(server.url, { maxBytes: 2_500 });
    expect(body).toBe("x".repeat(2_500));
  });

  test("gives up when the time is up", async () => {
    server.answer = () => {};
    expect(await probe(server.url, { timeoutMs: 20 })).toEqual({
      error: "The operation was aborted due to timeout",
    });
  });

  test("stops when it is canceled", async () => {
    expect(await probe(server.url, { signal: AbortSignal.abort() })).toEqual({
      error: "This operation was aborted",
    });
  });

  test("reports why nothing was reached", async () => {
    const dispatcher = new Agent({
      connect: (_, callback) => callback(new Error("connect ECONNREFUSED"), null),
    });
    expect(await probe("https://pod1-8000.proxy.runpod.net", { dispatcher })).toEqual({
      error: "connect ECONNREFUSED",
    });
  });

  test("reports a broken connection", async () => {
    server.answer = (_, response) => response.destroy();
    expect(await probe(server.url)).toEqual({ error: "other side closed" });
  });

  test("never throws, not even for an invalid URL", async () => {
    expect(await probe("not a url")).toEqual({
      error:
        "not a url was not requested: services are requested only over https or on this machine",
    });
  });
});
