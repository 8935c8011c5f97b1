import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { sendRaw } from "../../support/raw-http";
import { podBody } from "./bodies";

/** Requests that another web page can make a browser send to this machine. */
describe("Requests of other origins", () => {
  let emulator: TestEmulator;
  let port: string;
  let podId: string;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    port = new URL(emulator.url).port;
  });
  beforeEach(async () => {
    await emulator.reset();
    const body = podBody({ env: { HF_TOKEN: "hf_secret" } });
    podId = (await emulator.call("POST", "/v2/pods", body)).body.id;
  });
  afterAll(() => emulator.close());

  const send = (line: string, headers: Record<string, string>, body = "") =>
    sendRaw(
      emulator.url,
      [
        `${line} HTTP/1.1`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        ...(body ? [`content-length: ${body.length}`] : []),
      ],
      body,
    );
  const here = () => ({ host: `127.0.0.1:${port}` });
  const routes = () => [
    "/_emulator/requests",
    "/_emulator/ledger",
    "/v1/pods",
    "/v2/pods",
    "/graphql",
    `/proxy/${podId}-8000/v1/models`,
    "/nothing",
  ];

  test.each([
    "evil.example",
    "evil.example:PORT",
    "127.0.0.1.evil.example:PORT",
    "localhost.evil.example",
    "evillocalhost",
    "0.0.0.0:PORT",
    "192.168.0.7:PORT",
    "[::ffff:7f00:1]:PORT",
    "[fe80::1]",
  ])("no route answers under the name %s", async (name) => {
    for (const route of routes()) {
      const { status, text } = await send(`GET ${route}`, { host: name.replace("PORT", port) });
      expect([route, status]).toEqual([route, 421]);
      expect(text).toMatch(/content-type: application\/problem\+json/i);
      expect(text).not.toContain("hf_secret");
    }
  });

  test.each([
    "127.0.0.1:PORT",
    "127.0.0.1",
    "127.8.9.10:1",
    "localhost:PORT",
    "LOCALHOST",
    "llm.localhost:PORT",
    "[::1]:PORT",
  ])("this machine's own name %s is served", async (name) => {
    const host = name.replace("PORT", port);
    expect((await send("GET /_emulator/ledger", { host })).status).toBe(200);
  });

  test("a request line that names another host is refused whatever the header says", async () => {
    for (const target of [
      "http://evil.example/_emulator/ledger",
      "http://evil.example:80/v2/pods",
    ]) {
      expect((await send(`GET ${target}`, here())).status).toBe(421);
    }
    const own = `http://127.0.0.1:${port}/_emulator/ledger`;
    expect((await send(`GET ${own}`, { host: "evil.example" })).status).toBe(421);
    expect((await send("GET /_emulator/ledger", {})).status).toBe(400);
  });

  test.each([
    ["an image of another site", { "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" }],
    ["a page of another port", { "sec-fetch-site": "same-site" }],
    ["a site of another origin", { origin: "https://evil.example" }],
    ["a page of another port, by its origin", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed page", { origin: "null" }],
    ["two origins", { origin: "http://127.0.0.1:PORT, https://evil.example" }],
  ])("%s gets nothing", async (_, given) => {
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace("PORT", port)]),
    );
    for (const route of routes()) {
      for (const method of ["GET", "OPTIONS"]) {
        const { status } = await send(`${method} ${route}`, { ...here(), ...headers });
        expect([method, route, status]).toEqual([method, route, 403]);
      }
    }
  });

  test("pages from the emulator's address, and addresses typed into the browser, are served", async () => {
    const own = { origin: emulator.url, "sec-fetch-site": "same-origin" };
    for (const headers of [own, { "sec-fetch-site": "none" }]) {
      const { status } = await send("GET /_emulator/ledger", { ...here(), ...headers });
      expect(status).toBe(200);
    }
  });

  test("a form of another site neither moves the clock nor resets, and is not logged", async () => {
    const foreign = {
      ...here(),
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
      "content-type": "text/plain",
    };
    await emulator.clearRequests();
    for (const path of ["clock", "reset", "faults", "capacity", "accounts/1", `pods/${podId}`]) {
      const { status } = await send(`POST /_emulator/${path}`, foreign, '{"advance":864000}');
      expect([path, status]).toEqual([path, 403]);
    }
    expect((await send("POST /v2/pods", foreign, "{}")).status).toBe(403);
    expect(await emulator.requests()).toEqual([]);
    expect((await emulator.ledger()).pods).toHaveLength(1);
  });

  test.each([
    ["text/plain", "{}"],
    ["application/x-www-form-urlencoded", ""],
    ["multipart/form-data; boundary=x", "--x--"],
    ["application/jsonx", "{}"],
    [undefined, "{}"],
  ])("a browser that names no origin cannot send the control plane %s", async (type, body) => {
    const headers = { ...here(), ...(type && { "content-type": type }) };
    for (const path of ["clock", "reset", "faults", "capacity", "accounts/1", `pods/${podId}`]) {
      const { status, text } = await send(`POST /_emulator/${path}`, headers, body);
      expect([path, status]).toEqual([path, 415]);
      expect(text).toContain("content-type must be application/json");
    }
    expect((await emulator.ledger()).pods).toHaveLength(1);
  });

  test("the documented calls of curl are served", async () => {
    const curl = { ...here(), "user-agent": "curl/8.5.0", accept: "*/*" };
    const json = { ...curl, "content-type": "application/json; charset=utf-8" };
    expect((await send("POST /_emulator/clock", json, '{"advance":1}')).status).toBe(200);
    expect((await send("DELETE /_emulator/requests", curl)).status).toBe(204);
    expect((await send("DELETE /_emulator/faults", curl)).status).toBe(204);
    expect((await send("POST /_emulator/reset", curl)).status).toBe(204);
  });
});
