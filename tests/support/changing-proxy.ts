import http from "node:http";
import type { AddressInfo } from "node:net";

/** A request that passes the proxy. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

/** What a test does to the traffic. */
export interface Changes {
  /** Answers instead of the server: a status and a body, which is a string or becomes JSON. */
  answer?(asked: Asked): readonly [status: number, body: unknown] | undefined;
  /** Called with each object in an answer, in a list or alone, to change it. */
  object?(object: Record<string, unknown>, asked: Asked): void;
}

/** Forwards requests to a server, and its answers as a test changes them. */
export interface ChangingProxy {
  readonly url: string;
  close(): Promise<void>;
}

export async function startChangingProxy(target: string, changes: Changes): Promise<ChangingProxy> {
  const server = http.createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const text = await textOf(request);
    const asked = { method, path, body: text === "" ? undefined : JSON.parse(text) };
    const instead = changes.answer?.(asked);
    if (instead !== undefined) {
      const [status, body] = instead;
      const isText = typeof body === "string";
      response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
      response.end(isText ? body : JSON.stringify(body));
      return;
    }
    const onward = http.request(target + path, { method, headers });
    response.on("close", () => onward.destroy());
    onward.on("error", () => response.destroy());
    onward.on("response", async (answer) => {
      const { statusCode = 0, headers } = answer;
      // Logs are endless streams.
      if (!/^application\/json/.test(headers["content-type"] ?? "")) {
        answer.pipe(response.writeHead(statusCode, headers));
        return;
      }
      const body = JSON.parse((await textOf(answer)) || "null");
      if (statusCode < 300) {
        for (const object of objectsOf(body)) {
          changes.object?.(object, asked);
        }
      }
      const { "content-length": _, "transfer-encoding": __, ...kept } = headers;
      response.writeHead(statusCode, kept).end(JSON.stringify(body));
    });
    onward.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The objects of a list under any name, or the answer itself. */
function objectsOf(body: unknown): Record<string, unknown>[] {
  const record = Object(body) as Record<string, unknown>;
  if (typeof record["id"] === "string") {
    return [record];
  }
  return Object.values(record)
    .filter((value) => Array.isArray(value))
    .flat();
}

async function textOf(stream: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
