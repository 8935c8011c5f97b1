import { safe } from "@runpod-stack/kit";
import { type ErrorKind, RunpodError } from "../../../provider/src/core/errors";
import { fingerprint } from "../../../provider/src/core/token";
import { Identities } from "../../../provider/src/http/identity";
import { ManualClock } from "../../support/manual-clock";
import { apiKey, client, create, get, server } from "./client-scene";
import { json, problem } from "./test-server";

/** An API that accepts one key, and records its requests. */
function setUp(validKey: string, secondKey: string | undefined = "rpa_env") {
  const asked: string[] = [];
  const onUnauthorized = jest.fn(() => secondKey);
  const identities = new Identities(
    "rpa_stored",
    "https://api.runpod.io",
    new ManualClock(),
    onUnauthorized,
  );
  const ask = (what: string) =>
    identities.ask(async ({ apiKey: key }) => {
      asked.push(`${key} ${what}`);
      if (key !== validKey) {
        throw failure("unauthorized");
      }
      return what;
    });
  return { identities, ask, asked, onUnauthorized };
}

function failure(kind: ErrorKind): RunpodError {
  return new RunpodError(safe`doing it: told ${kind}`, { kind });
}

test("a refused key is replaced by the second one, once", async () => {
  const { identities, ask, asked, onUnauthorized } = setUp("rpa_env");
  expect(identities.current.account.fingerprint).toBe(fingerprint("rpa_stored"));
  expect(await ask("list")).toBe("list");
  expect(await ask("list")).toBe("list");
  expect(asked).toEqual(["rpa_stored list", "rpa_env list", "rpa_env list"]);
  expect(onUnauthorized).toHaveBeenCalledTimes(1);
  expect(identities.current.account.fingerprint).toBe(fingerprint("rpa_env"));
});

test("parallel calls switch to the second key together", async () => {
  const { ask, asked, onUnauthorized } = setUp("rpa_env");
  await Promise.all([ask("list"), ask("get"), ask("list")]);
  expect(asked.filter((call) => call.startsWith("rpa_env"))).toHaveLength(3);
  expect(onUnauthorized).toHaveBeenCalledTimes(1);
});

test("a second key that is refused, too, ends it", async () => {
  const { ask, asked } = setUp("rpa_other");
  await expect(ask("list")).rejects.toThrow("unauthorized");
  await expect(ask("list")).rejects.toThrow("unauthorized");
  expect(asked).toEqual(["rpa_stored list", "rpa_env list", "rpa_env list"]);
});

test("without a second key nothing is repeated", async () => {
  const asked: string[] = [];
  const identities = new Identities("rpa_stored", "https://api.runpod.io", new ManualClock());
  const call = identities.ask(async ({ apiKey: key }) => {
    asked.push(key);
    throw failure("unauthorized");
  });
  await expect(call).rejects.toThrow("unauthorized");
  expect(asked).toEqual(["rpa_stored"]);
});

test.each(["forbidden", "notFound", "server"] as const)(
  "%s is no verdict on the key",
  async (kind) => {
    const { identities, onUnauthorized } = setUp("rpa_env");
    await expect(identities.ask(() => Promise.reject(failure(kind)))).rejects.toMatchObject({
      kind,
    });
    expect(onUnauthorized).not.toHaveBeenCalled();
  },
);

test("an invalid second key is refused as such", async () => {
  const { ask } = setUp("rpa_env", "rpa env");
  await expect(ask("list")).rejects.toThrow("The RunPod API key contains a space");
});

describe("a client whose key is refused", () => {
  const refuseFirst = () => {
    server.answer = ({ headers }, response) =>
      headers["authorization"] === `Bearer ${apiKey}`
        ? problem(response, 401, "unauthorized")
        : json(response, 201, { id: "abc" });
  };

  test("sends even a create again, because a 401 precedes any action", async () => {
    refuseFirst();
    const speaker = client({ hooks: { onUnauthorized: () => "rpa_env" } });
    expect((await speaker.request(create)).status).toBe(201);
    expect(server.received.map(({ headers, body }) => [headers["authorization"], body])).toEqual([
      [`Bearer ${apiKey}`, '{"name":"llm"}'],
      ["Bearer rpa_env", '{"name":"llm"}'],
    ]);
    expect(speaker.account.fingerprint).toBe(fingerprint("rpa_env"));
  });

  test("reads a stream with the second one", async () => {
    refuseFirst();
    const speaker = client({ hooks: { onUnauthorized: () => "rpa_env" } });
    expect((await speaker.stream(get, "text/event-stream")).status).toBe(201);
  });
});

test("a hook around a call includes its repetitions, and may refuse it", async () => {
  const seen: string[] = [];
  const around = async <T>(make: () => Promise<T>) => {
    seen.push("begin");
    return make().finally(() => seen.push("end"));
  };
  await client({ hooks: { around, beforeSend: () => seen.push("sent") } }).request(get);
  expect(seen).toEqual(["begin", "sent", "end"]);
  const refuse = () => Promise.reject(new Error("no key"));
  await expect(client({ hooks: { around: refuse } }).request(get)).rejects.toThrow("no key");
  expect(server.received).toHaveLength(1);
});
