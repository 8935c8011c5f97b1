import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Exchange } from "../support/contract";

/** Forwards everything to another server, and records it. */
export interface RecordingProxy {
  readonly url: string;
  /** Waits until no exchange is under way, then returns all since the last time. */
  take(): Promise<Exchange[]>;
  close(): Promise<void>;
}

/** @param target as "http://127.0.0.1:8787" */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const agent = new http.Agent({ keepAlive: true });
  const exchanges: Exchange[] = [];
  const underWay = new Set<Promise<void>>();

  const server = http.createServer((request, response) => {
    const done = pass(request, response, target, agent).then((exchange) => {
      exchanges.push(exchange);
      underWay.delete(done);
    });
    underWay.add(done);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async take() {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
      return exchanges.splice(0);
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Resolves once the answer has ended, or either side has closed the connection. */
async function pass(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  target: string,
  agent: http.Agent,
): Promise<Exchange> {
  const requestBody = await textOf(request);
  const { method = "", url = "", headers: requestHeaders } = request;
  const asked = { method, url, requestHeaders: flat(requestHeaders), requestBody };
  return new Promise((resolve) => {
    const onward = http.request(target + url, { method, headers: requestHeaders, agent });
    response.on("close", () => onward.destroy());
    onward.on("error", () => {
      response.destroy();
      resolve({ ...asked, status: 0, headers: {}, body: "" });
    });
    onward.on("response", (answer) => {
      const { statusCode: status = 0, headers } = answer;
      response.writeHead(status, headers);
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", () => response.destroy());
      answer.on("close", () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ ...asked, status, headers: flat(headers), body });
      });
      answer.pipe(response);
    });
    onward.end(requestBody);
  });
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
