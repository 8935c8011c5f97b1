import { inspect } from "node:util";
import fc from "fast-check";
import { createRunpodApi, probe, type RunpodApi } from "../../provider/src/api";
import { systemClock } from "../../provider/src/core/clock";
import { randomId } from "../../provider/src/core/token";
import { startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pod } from "../unit/api/fixtures";
import { json, type Received, startServer, type TestServer } from "../unit/http/test-server";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Does not look like a key, so it is masked only because it is known to be one. */
const KEY = "canary-of-the-account";
const ENV = "canary-in-the-environment";

let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});

afterEach(() => server.close());

function connect(apiKey = `rpa_${randomId(8)}`, url = server.url): RunpodApi {
  const graphqlUrl = `${url}/graphql`;
  return createRunpodApi({ apiKey, apiUrl: `${url}/v2`, graphqlUrl, clock: systemClock });
}

describe("a server that quotes everything that it receives", () => {
  const answers = {
    "a problem": (quote: string) => ({
      type: "application/problem+json",
      text: JSON.stringify({ title: quote, detail: quote, errors: [quote, quote] }),
    }),
    "another API's error": (quote: string) => ({
      type: "application/json",
      text: JSON.stringify({ error: quote, message: quote }),
    }),
    "a page": (quote: string) => ({
      type: "text/html",
      text: `<html><head><title>${quote}</title></head><body>${quote}</body></html>`,
    }),
    "a text": (quote: string) => ({ type: "text/plain", text: quote }),
    "a JSON text that is cut": (quote: string) => ({
      type: "application/json",
      text: JSON.stringify({ id: quote }).slice(0, -1),
    }),
    "an error of GraphQL's": (quote: string) => ({
      type: "application/json",
      text: JSON.stringify({ errors: [{ message: quote, extensions: { code: quote } }] }),
    }),
    "an object of the wrong form": (quote: string) => ({
      type: "application/json",
      text: JSON.stringify({ id: quote, name: { quote }, env: quote, status: quote }),
    }),
  };

  function quoteOf({ headers, body }: Received): string {
    return `${headers.authorization} ${body} ${encodeURIComponent(body)}`;
  }

  test.each(Object.entries(answers))(
    "by %s cannot make an error show the key or the env",
    async (_, form) => {
      for (const status of [200, 201, 302, 400, 401, 403, 404, 409, 418, 422, 500, 503]) {
        server.answer = (received, response) => {
          const quote = quoteOf(received);
          const { type, text } = form(quote);
          const inHeader = quote.replace(/[^\x20-\x7e]/g, "");
          response
            .writeHead(status, {
              "content-type": type,
              "x-request-id": inHeader,
              "cf-ray": inHeader,
              location: `https://elsewhere.example/${inHeader}`,
            })
            .end(text);
        };
        // A separate budget for each: otherwise only the first would be repeated.
        const api = connect(`${KEY}-${randomId(4)}`);
        const body = { name: "llm", image: "ubuntu", env: { TOKEN: ENV } };
        const failures = await Promise.all([
          api.pods.create(body).catch((error: unknown) => error),
          api.pods.update("abc", { env: { TOKEN: ENV } }).catch((error: unknown) => error),
        ]);
        for (const failure of failures) {
          const shown = inspect(failure, { depth: Number.POSITIVE_INFINITY, showHidden: true });
          expect(shown).not.toContain(KEY);
          expect(shown).not.toContain(ENV);
        }
      }
    },
  );

  test("cannot make the plugin print them", async () => {
    server.answer = (received, response) => {
      const quote = quoteOf(received);
      json(response, received.method === "POST" ? 400 : 200, { detail: quote, pods: [] });
    };
    const plugin = await startPlugin({ "runpod:apiKey": KEY, "runpod:apiUrl": `${server.url}/v2` });
    try {
      const resource = new TestResource(plugin, "Pod", "llm");
      const inputs = { imageName: "ubuntu", gpuTypeIds: ["NVIDIA L4"], env: { TOKEN: ENV } };
      const failure = await resource.up(inputs).catch((error: Error) => error);
      expect(server.received.some(({ body }) => body.includes(ENV))).toBe(true);
      for (const text of [inspect(failure), plugin.output()]) {
        expect(text).not.toContain(KEY);
        expect(text).not.toContain(ENV);
      }
    } finally {
      await plugin.close();
    }
  });
});

describe("an endless answer", () => {
  /** Sends up to a gigabyte, as fast as the client reads. */
  let sent: number;

  beforeEach(() => {
    sent = 0;
    server.answer = (_, response) => {
      const chunk = Buffer.alloc(65_536, "x");
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && sent < GIB) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    };
  });

  async function growth(act: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage().rss;
    await act();
    return process.memoryUsage().rss - before;
  }

  test("is read up to 8 MiB by the API's client, which keeps no more in memory", async () => {
    const api = connect();
    const grown = await growth(() =>
      expect(api.pods.create({ name: "llm" })).rejects.toMatchObject({
        kind: "ambiguous",
        detail: "an answer of more than 8388608 bytes",
      }),
    );
    expect(sent).toBeLessThan(64 * MIB);
    expect(grown).toBeLessThan(256 * MIB);
  });

  test("is read up to 1 MiB by a probe", async () => {
    const grown = await growth(async () => {
      const { status, body } = await probe(`${server.url}/v1/models`);
      expect(status).toBe(200);
      expect(body).toHaveLength(MIB);
    });
    expect(sent).toBeLessThan(64 * MIB);
    expect(grown).toBeLessThan(256 * MIB);
  });

  test("is read up to 1 MiB as a log", async () => {
    await expect(connect().pods.logs("abc")).resolves.toEqual([]);
    expect(sent).toBeLessThan(64 * MIB);
  });
});

describe("an endless list", () => {
  test("is abandoned", async () => {
    server.answer = (_, response, count) =>
      json(response, 200, {
        pods: [],
        pagination: { nextCursor: `page${count}`, hasNextPage: true },
      });
    await expect(connect().pods.list()).rejects.toMatchObject({
      kind: "protocol",
      message: "listing pods: the list did not end after 500 pages",
    });
    expect(server.received).toHaveLength(500);
  });
});

describe("an id", () => {
  test("leads to its object or fails, whatever it is", async () => {
    server.answer = (_, response) => json(response, 200, pod);
    const api = connect();
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom(
        "",
        ".",
        "..",
        "%2e%2e",
        "..%2f",
        "a/b",
        "a\\b",
        "a?b=c",
        "a#b",
        "a\r\nHost: b",
        "а",
      ),
      fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (id) => {
        server.received.length = 0;
        const calls = [
          () => api.pods.get(id),
          () => api.pods.delete(id),
          () => api.pods.update(id, {}),
          () => api.pods.act(id, "stop"),
          () => api.templates.get(id),
          () => api.volumes.delete(id),
        ];
        await Promise.allSettled(calls.map((call) => call()));
        const isId = /^[A-Za-z0-9_.-]+$/.test(id) && id !== "." && id !== "..";
        const paths = [
          `/v2/pods/${id}`,
          `/v2/pods/${id}/action`,
          `/v2/templates/${id}`,
          `/v2/network-volumes/${id}`,
        ];
        for (const { path } of server.received) {
          expect(paths).toContain(path);
        }
        expect(server.received).toHaveLength(isId ? calls.length : 0);
      }),
    );
  });
});

describe("a key", () => {
  test.each(["rpa_a\r\nX-Evil: 1", "rpa_a\nb", "rpa a", "rpa_ä", "\u0000", ""])(
    "that is invalid in a header is refused, and not shown: %j",
    (apiKey) => {
      expect(() => connect(apiKey)).toThrow(
        /^The RunPod API key contains a space, newline or other/,
      );
      expect(server.received).toEqual([]);
    },
  );

  test("of a service that is invalid in a header is not sent", async () => {
    const { error } = await probe(server.url, { bearer: "canary\r\nX-Evil: 1" });
    expect(error).toBe("invalid authorization header");
    expect(server.received).toEqual([]);
  });

  test.each([301, 302, 303, 307, 308])("is not sent after a redirect by %d", async (status) => {
    const thief = await startServer();
    server.answer = (_, response) =>
      response.writeHead(status, { location: `${thief.url}/v2/pods` }).end();
    const api = connect(KEY);
    await expect(api.pods.list()).rejects.toMatchObject({ kind: "protocol", status });
    await expect(api.pods.create({ name: "llm" })).rejects.toMatchObject({ kind: "protocol" });
    await expect(api.pods.logs("abc")).rejects.toMatchObject({ kind: "protocol" });
    await expect(api.balance()).rejects.toMatchObject({ kind: "protocol" });
    expect(await probe(server.url, { bearer: "of-the-service" })).toMatchObject({ status });
    expect(thief.received).toEqual([]);
    await thief.close();
  });

  test.each([
    "https://attacker.example",
    "http://10.0.0.1",
    "https://api.runpod.io.attacker.example",
  ])("is not sent to %s", (url) => {
    expect(() => connect(KEY, url)).toThrow(/is not RunPod's|only over https/);
  });

  test("of a service is not sent unencrypted", async () => {
    const { error } = await probe("http://pod-8000.proxy.runpod.net/v1/models", { bearer: KEY });
    expect(error).toBe(
      "http://pod-8000.proxy.runpod.net/v1/models was not requested: services are requested only over https or on this machine",
    );
  });
});

describe("names of JavaScript's built-in properties", () => {
  const names = fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
  );
  const value = fc.oneof(fc.string(), fc.constant({ polluted: "yes" }), fc.constant(null));

  test("change nothing but their answer", async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const api = connect();
    await fc.assert(
      fc.asyncProperty(names, value, names, async (name, inner, other) => {
        // Object literals would set the prototype: JSON does not.
        const entry = `${JSON.stringify(name)}:${JSON.stringify(inner)}`;
        const nested = `{${entry},${JSON.stringify(other)}:{${entry}}}`;
        const text = JSON.stringify(pod).slice(0, -1);
        const answer = `${text},${entry},"env":${nested},"mounts":${nested},"gpu":${nested}}`;
        server.answer = ({ method }, response) => {
          response.writeHead(method === "POST" ? 201 : 200, { "content-type": "application/json" });
          response.end(
            method === "GET" ? `{"pods":[${answer}],${entry},"pagination":${nested}}` : answer,
          );
        };
        await Promise.allSettled([
          api.pods.list(),
          api.pods.create({ name: "llm", env: JSON.parse(`{${entry}}`) }),
        ]);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
        expect(({} as { polluted?: string }).polluted).toBeUndefined();
      }),
    );
  });

  test("in the env of a pod are sent to RunPod like any other", async () => {
    server.answer = (_, response) => json(response, 201, pod);
    const env = JSON.parse('{"__proto__":"a","constructor":"b"}');
    await connect().pods.create({ name: "llm", env });
    expect(server.received[0]?.body).toBe(
      '{"name":"llm","env":{"__proto__":"a","constructor":"b"}}',
    );
  });
});
