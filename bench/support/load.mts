// Sends requests to an HTTP server as fast as it answers.
import { connect, type Socket } from "node:net";

const CONNECTIONS = 16;
const HEAD_END = "\r\n\r\n";
const STATUS_AT = "HTTP/1.1 ".length;

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** A server of RunPod's API. */
export interface Server {
  readonly origin: string;
  readonly apiKey: string;
}

/** Sends requests for this many seconds. */
export function during(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() < end;
}

/** Sends this many requests. */
export function times(count: number): () => boolean {
  let asked = 0;
  return () => asked++ < count;
}

/** @returns answers per second @throws if an answer is not a success */
export async function load(
  server: Server,
  question: Question,
  goesOn: () => boolean,
): Promise<number> {
  const { hostname, port } = new URL(server.origin);
  const bytes = bytesOf(server, question);
  const begun = performance.now();
  const counts = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => ask(connect(Number(port), hostname), bytes, goesOn)),
  );
  const answers = counts.reduce((sum, count) => sum + count, 0);
  return (answers / (performance.now() - begun)) * 1000;
}

/**
 * Sends the next request as soon as one is answered. An HTTP client would take longer to read an
 * answer than a fast server to send it; this one reads its length and counts bytes.
 * @returns the number of answers
 */
function ask(socket: Socket, question: Buffer, goesOn: () => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let answers = -1;
    let head = "";
    let missing = 0;
    const next = () => {
      answers += 1;
      head = "";
      if (goesOn()) {
        socket.write(question);
      } else {
        socket.end(() => resolve(answers));
      }
    };
    const hear = (chunk: Buffer) => {
      if (missing > 0) {
        missing -= chunk.length;
      } else {
        head += chunk.toString("latin1");
        const end = head.indexOf(HEAD_END);
        if (end < 0) {
          return;
        }
        missing = lengthOf(head) - (head.length - end - HEAD_END.length);
      }
      if (missing <= 0) {
        next();
      }
    };
    socket.setNoDelay(true).on("connect", next).on("error", reject);
    socket.on("close", () => reject(new Error("the server closed a connection")));
    socket.on("data", (chunk: Buffer) => {
      try {
        hear(chunk);
      } catch (error) {
        socket.destroy();
        reject(error);
      }
    });
  });
}

function lengthOf(head: string): number {
  const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(head) ?? [];
  if (head[STATUS_AT] !== "2" || length === undefined) {
    throw new Error(`unexpected: ${head}`);
  }
  return Number(length);
}

function bytesOf({ origin, apiKey }: Server, { method, path, body }: Question): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    `host: ${new URL(origin).host}`,
    `authorization: Bearer ${apiKey}`,
    ...(body === undefined
      ? []
      : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(head.join("\r\n") + HEAD_END + (body ?? ""));
}
