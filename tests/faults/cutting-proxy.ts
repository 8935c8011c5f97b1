import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A request that passes the proxy, and the answer to it, byte for byte. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly answer: Buffer;
}

/** Forwards requests to a server, and a given part of each answer. */
export interface CuttingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** @param keep how many bytes of an answer are forwarded, its head included; undefined for all */
export async function startCuttingProxy(
  target: string,
  keep: (passing: Passing) => number | undefined,
): Promise<CuttingProxy> {
  const server = createServer(async (request) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const answer = await ask(target, request, body);
    const { method = "", url: path = "" } = request;
    const length = keep({ method, path, body: body.toString(), answer });
    // Writes to the socket, because Node's response would repair the cut answer.
    request.socket.end(answer.subarray(0, length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole answer of a server that closes the connection after it. */
async function ask(target: string, request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const { port, host } = new URL(target);
  const headers = Object.entries({ ...request.headers, host, connection: "close" });
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  socket.write(body);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
