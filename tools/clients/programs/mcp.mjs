// A client of the Model Context Protocol over standard input and output.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts a server and introduces itself. */
export async function connect(command, args) {
  const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  createInterface({ input: server.stdout }).on("line", (line) => {
    const { id, result, error } = JSON.parse(line);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) {
      reject?.(new Error(error.message));
    } else {
      resolve?.(result);
    }
  });
  server.once("exit", () => {
    for (const { reject } of waiting.values()) {
      reject(new Error("the server ended"));
    }
  });
  let last = 0;
  const send = (message) =>
    server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const request = (method, params) => {
    last += 1;
    send({ id: last, method, params });
    return new Promise((resolve, reject) => waiting.set(last, { resolve, reject }));
  };
  const clientInfo = { name: "clients", version: "1.0.0" };
  await request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
  send({ method: "notifications/initialized" });

  return {
    tools: async () => (await request("tools/list")).tools.map(({ name }) => name),
    /** What a tool answers, as JSON. @throws the tool's error */
    call: async (name, args = {}) => {
      const { content, isError } = await request("tools/call", { name, arguments: args });
      const text = content.map((part) => part.text).join("");
      if (isError) {
        throw new Error(text);
      }
      return text === "" ? null : JSON.parse(text);
    },
    close: async () => {
      server.stdin.end();
      server.kill();
      await once(server, "exit");
    },
  };
}
