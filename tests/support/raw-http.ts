import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  /** 0 if the connection was closed without one. */
  status: number;
  /** Everything that was received, headers included. */
  text: string;
}

/** Sends a request byte for byte, including headers that clients do not allow, and reads to the end. */
export async function sendRaw(url: string, lines: string[], body = ""): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  let text = "";
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  // A server that refuses a body may close while it is still being sent.
  socket.on("error", () => {});
  socket.write(`${lines.join("\r\n")}\r\nconnection: close\r\n\r\n${body}`, "latin1");
  await once(socket, "close");
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}
