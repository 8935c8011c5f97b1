import { systemClock } from "../../../provider/src/core/clock";
import { randomId } from "../../../provider/src/core/token";
import {
  type Call,
  type ClientOptions,
  createClient,
  type HttpClient,
} from "../../../provider/src/http/client";
import { path } from "../../../provider/src/http/path";
import { startServer, type TestServer } from "./test-server";

export const get: Call = {
  method: "GET",
  path: path`/pods/${"abc"}`,
  operation: "reading pod abc",
};
export const create: Call = {
  method: "POST",
  path: path`/pods`,
  body: { name: "llm" },
  operation: "creating pod 'llm'",
};

export let server: TestServer;
/** Each test has its own account, because all clients of an account share a gate. */
export let apiKey: string;

beforeEach(async () => {
  server = await startServer();
  apiKey = `rpa_${randomId(8)}`;
  // No pause between attempts.
  jest.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(() => server.close());

/** A client of that server. */
export function client(more: Partial<ClientOptions> = {}): HttpClient {
  const baseUrl = `${server.url}/v2`;
  return createClient({ baseUrl, apiKey, userAgent: "runpod-stack", clock: systemClock, ...more });
}
