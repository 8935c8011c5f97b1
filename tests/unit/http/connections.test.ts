import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server as NetServer,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../provider/src/core/clock";
import { randomId } from "../../../provider/src/core/token";
import { createClient } from "../../../provider/src/http/client";
import { openConnections } from "../../../provider/src/http/connections";
import { path } from "../../../provider/src/http/path";
import { startServer, type TestServer } from "./test-server";

const call = { method: "GET", path: path`/pods`, operation: "listing pods" } as const;
const environment = { ...process.env };

let proxy: Server;
/** What the proxy was asked for. */
let asked: string[];
let answer: (socket: Socket) => void;
let server: TestServer;

beforeEach(async () => {
  jest.spyOn(Math, "random").mockReturnValue(0);
  asked = [];
  answer = (socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  proxy.on("connect", (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url} ${Object.keys(request.headers).toSorted().join(" ")}`);
    socket.on("error", () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  server = await startServer();
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  process.env = { ...environment, HTTPS_PROXY: url, HTTP_PROXY: url };
});

afterEach(async () => {
  process.env = environment;
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await server.close();
});

function client(baseUrl: string, apiKey = `rpa_${randomId(8)}`) {
  return createClient({ baseUrl, apiKey, userAgent: "runpod-stack", clock: systemClock });
}

/** A port of this machine where nobody listens. */
async function closedPort(): Promise<number> {
  const other = await startServer();
  await other.close();
  return Number(new URL(other.url).port);
}

test("a proxy of the environment is not used by default", async () => {
  const nobody = `https://localhost:${await closedPort()}`;
  await expect(client(nobody).request(call)).rejects.toMatchObject({ kind: "notSent" });
  await client(server.url).request(call);
  expect(asked).toEqual([]);
});

describe("a connection", () => {
  let silent: NetServer;
  /** What its client says first. */
  let hello: Promise<Buffer>;
  let origin: string;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    silent = createNetServer();
    hello = new Promise((resolve) => {
      silent.on("connection", (socket) => {
        sockets.push(socket);
        socket.on("error", () => {});
        socket.once("data", resolve);
      });
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => silent.close(resolve));
  });

  test("that is not made in time is abandoned", async () => {
    const connections = await openConnections(10);
    await expect(connections.request({ origin, path: "/", method: "GET" })).rejects.toMatchObject({
      code: "UND_ERR_CONNECT_TIMEOUT",
    });
    await connections.destroy();
  });

  test("is offered for HTTP/1.1 only, whose phases are known", async () => {
    const connections = await openConnections(10_000);
    const asked = connections.request({ origin, path: "/", method: "GET" });
    asked.catch(() => {});
    expect((await hello).toString("latin1")).not.toContain("\u0002h2");
    await connections.destroy();
  });
});

test("a server with an untrusted certificate gets no request", async () => {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const options = ["-newkey", "rsa:2048", "-nodes", "-keyout", keyFile, "-out", certFile];
  execFileSync("openssl", ["req", "-x509", ...options, "-subj", "/CN=localhost"], {
    stdio: "ignore",
  });
  let requests = 0;
  const impostor = createTlsServer(
    { key: readFileSync(keyFile), cert: readFileSync(certFile) },
    (_request, response) => {
      requests += 1;
      response.end("{}");
    },
  );
  rmSync(folder, { recursive: true });
  await new Promise<void>((resolve) => impostor.listen(0, "127.0.0.1", resolve));
  const url = `https://localhost:${(impostor.address() as AddressInfo).port}`;
  await expect(client(url).request(call)).rejects.toMatchObject({
    detail: expect.stringContaining("self-signed certificate"),
  });
  expect(requests).toBe(0);
  await new Promise((resolve) => impostor.close(resolve));
});

describe("if the machine's owner says so", () => {
  beforeEach(() => {
    process.env["RUNPOD_STACK_USE_PROXY"] = "1";
  });

  test.each(["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"])(
    "calls go through the tunnel of %s, which does not get the key",
    async (name) => {
      const url = process.env["HTTPS_PROXY"];
      for (const other of ["HTTPS_PROXY", "HTTP_PROXY"]) {
        delete process.env[other];
      }
      process.env[name] = url;
      const lost = client("https://api.runpod.io/v2").request(call);
      await expect(lost).rejects.toMatchObject({
        kind: "notSent",
        detail: "Proxy response (403) !== 200 when HTTP Tunneling",
      });
      expect(asked[0]).toBe("CONNECT api.runpod.io:443 connection host proxy-connection");
      expect(asked).toHaveLength(5);
    },
  );

  test.each(["HTTPS_PROXY", "https_proxy"])(
    "the tunnel of %s is preferred to one that is meant for http",
    async (name) => {
      const url = process.env["HTTPS_PROXY"];
      delete process.env["HTTPS_PROXY"];
      const closed = `http://127.0.0.1:${await closedPort()}`;
      Object.assign(process.env, { HTTP_PROXY: closed, http_proxy: closed, [name]: url });
      await expect(client("https://api.runpod.io/v2").request(call)).rejects.toThrow();
      expect(asked).toHaveLength(5);
    },
  );

  test("the tunnel carries TLS, so that the proxy cannot read the key", async () => {
    const read = new Promise<Buffer>((resolve) => {
      answer = (socket) => {
        socket.once("data", (bytes) => {
          resolve(bytes);
          socket.destroy();
        });
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      };
    });
    const lost = client("https://api.runpod.io/v2", "rpa_canary").request(call);
    await expect(lost).rejects.toMatchObject({ kind: "notSent" });
    const bytes = await read;
    const TLS_HANDSHAKE = 0x16;
    expect(bytes[0]).toBe(TLS_HANDSHAKE);
    expect(bytes.toString("latin1")).not.toContain("rpa_canary");
  });

  test("unencrypted calls stay on this machine", async () => {
    await client(server.url).request(call);
    await client(server.url.replace("127.0.0.1", "localhost")).request(call);
    expect(server.received).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  test("NO_PROXY is heeded", async () => {
    const port = await closedPort();
    process.env["NO_PROXY"] = "localhost";
    await expect(client(`https://localhost:${port}`).request(call)).rejects.toMatchObject({
      kind: "notSent",
    });
    expect(asked).toEqual([]);
  });

  test("without a proxy, calls go directly", async () => {
    for (const name of ["HTTPS_PROXY", "HTTP_PROXY"]) {
      delete process.env[name];
    }
    await client(server.url).request(call);
    expect(server.received).toHaveLength(1);
  });
});
