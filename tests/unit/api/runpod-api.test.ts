import { createRunpodApi, type RunpodApi } from "../../../provider/src/api";
import { systemClock } from "../../../provider/src/core/clock";
import { fingerprint, randomId } from "../../../provider/src/core/token";
import { ManualClock } from "../../support/manual-clock";
import { json, problem, startServer, type TestServer, until } from "../http/test-server";
import { pod, template } from "./fixtures";

let server: TestServer;
let api: RunpodApi;
let apiKey: string;
let log: string[];

beforeEach(async () => {
  server = await startServer();
  apiKey = `rpa_${randomId(8)}`;
  log = [];
  api = createRunpodApi({
    apiKey,
    apiUrl: `${server.url}/v2`,
    graphqlUrl: `${server.url}/graphql`,
    clock: systemClock,
    log: (text) => log.push(text),
  });
});

afterEach(() => server.close());

const volume = { id: "vol1", name: "cache", size: 100, dataCenter: "EU-RO-1", type: "STANDARD" };

test("an API is identified by its origin and the key's fingerprint", () => {
  expect(api.account).toEqual({ origin: server.url, fingerprint: fingerprint(apiKey) });
});

test("the GraphQL URL is checked when it is needed", async () => {
  const graphqlUrl = "http://elsewhere.example/graphql";
  const careless = createRunpodApi({ apiKey, apiUrl: server.url, graphqlUrl, clock: systemClock });
  await expect(careless.balance()).rejects.toThrow("only over https");
});

describe.each([
  ["pods", "/v2/pods", "pods", pod],
  ["templates", "/v2/templates", "templates", template],
  ["volumes", "/v2/network-volumes", "networkVolumes", volume],
] as const)("%s", (kind, root, key, item) => {
  test("are created, read, listed, changed and deleted", async () => {
    server.answer = ({ method, path }, response) => {
      if (method === "DELETE") {
        response.writeHead(204).end();
      } else if (method === "GET" && path === root) {
        json(response, 200, { [key]: [item] });
      } else {
        json(response, method === "POST" ? 201 : 200, item);
      }
    };
    const collection = api[kind] as typeof api.pods;
    expect(await collection.create({ name: item.name })).toEqual(item);
    expect(await collection.get(item.id)).toEqual(item);
    expect(await collection.list()).toEqual([item]);
    expect(await collection.update(item.id, { name: "new" })).toEqual(item);
    expect(await collection.delete(item.id)).toBeUndefined();
    expect(server.received.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", root, `{"name":"${item.name}"}`],
      ["GET", `${root}/${item.id}`, ""],
      ["GET", root, ""],
      ["PATCH", `${root}/${item.id}`, '{"name":"new"}'],
      ["DELETE", `${root}/${item.id}`, ""],
    ]);
  });

  test("that do not exist are reported as not found, by deleting as well", async () => {
    server.answer = (_, response) => problem(response, 404, "not found");
    await expect(api[kind].get("x1")).rejects.toMatchObject({ kind: "notFound" });
    await expect(api[kind].delete("x1")).rejects.toMatchObject({ kind: "notFound" });
  });

  test("with an empty id are never requested: that would be the list", async () => {
    await expect(async () => api[kind].get("")).rejects.toThrow("is not a RunPod id");
    await expect(async () => api[kind].delete("")).rejects.toThrow("is not a RunPod id");
    await expect(async () => api[kind].delete("..")).rejects.toThrow("is not a RunPod id");
    expect(server.received).toEqual([]);
  });
});

describe("a list", () => {
  const pages = (answers: Readonly<Record<string, unknown>>) => {
    server.answer = ({ path }, response) => {
      const cursor = new URL(path, server.url).searchParams.get("cursor") ?? "";
      json(response, 200, answers[cursor]);
    };
  };
  const named = (...ids: string[]) => ids.map((id) => ({ ...pod, id }));
  const ids = async () => (await api.pods.list()).map(({ id }) => id);

  test("is followed from page to page", async () => {
    pages({
      "": { pods: named("a", "b"), pagination: { nextCursor: "c 1", hasNextPage: true } },
      "c 1": { pods: named("c"), pagination: { nextCursor: "c 2", hasNextPage: true } },
      "c 2": { pods: named("d"), pagination: { nextCursor: null, hasNextPage: false } },
    });
    expect(await ids()).toEqual(["a", "b", "c", "d"]);
    expect(server.received).toHaveLength(3);
  });

  test("ends when no further page is announced, whatever the cursor", async () => {
    pages({ "": { pods: named("a"), pagination: { nextCursor: "c1", hasNextPage: false } } });
    expect(await ids()).toEqual(["a"]);
  });

  test("ends when a cursor is repeated", async () => {
    pages({
      "": { pods: named("a"), pagination: { nextCursor: "c1", hasNextPage: true } },
      c1: { pods: named("b"), pagination: { nextCursor: "c1", hasNextPage: true } },
    });
    expect(await ids()).toEqual(["a", "b"]);
    expect(server.received).toHaveLength(2);
  });

  test("is abandoned if it does not end", async () => {
    server.answer = (_, response, count) =>
      json(response, 200, { pods: [], pagination: { nextCursor: `c${count}`, hasNextPage: true } });
    await expect(api.pods.list()).rejects.toMatchObject({
      kind: "protocol",
      detail: "the list did not end after 500 pages",
    });
    expect(server.received).toHaveLength(500);
  });

  test("has one deadline for all its pages", async () => {
    const clock = new ManualClock();
    let waits = 0;
    const patient = createRunpodApi({
      apiKey: `rpa_${randomId(8)}`,
      apiUrl: `${server.url}/v2`,
      graphqlUrl: `${server.url}/graphql`,
      clock,
      log: () => {
        waits += 1;
      },
    });
    server.answer = (_, response, count) => {
      const pagination = { nextCursor: `c${count}`, hasNextPage: true };
      json(response, 200, { pods: [], pagination }, { ratelimit: '"minute";r=0;t=59' });
    };
    const listing = expect(patient.pods.list()).rejects.toMatchObject({
      kind: "rateLimited",
      operation: "listing pods",
    });
    for (let minute = 1; minute <= 10; minute++) {
      await until(() => waits === minute);
      await clock.advance(59_000);
    }
    await listing;
    expect(server.received).toHaveLength(11);
  });

  test.each([[{ pods: [] }], [{ pods: [], pagination: null }]])(
    "may be empty: %j",
    async (answer) => {
      pages({ "": answer });
      expect(await ids()).toEqual([]);
    },
  );

  test.each([[[]], [{ data: [] }], ["text"]])(
    "that is not a list of pods is not read as an empty one: %j",
    async (answer) => {
      pages({ "": answer });
      await expect(api.pods.list()).rejects.toMatchObject({ kind: "protocol" });
    },
  );
});

describe("an action", () => {
  test("returns the pod, if RunPod answers with it", async () => {
    server.answer = (_, response) => json(response, 200, { ...pod, status: "EXITED" });
    expect(await api.pods.act("pod1", "stop")).toMatchObject({ status: "EXITED" });
    expect(server.received[0]).toMatchObject({
      path: "/v2/pods/pod1/action",
      body: '{"action":"stop"}',
    });
  });

  test("returns nothing if RunPod answers with nothing", async () => {
    expect(await api.pods.act("pod1", "terminate")).toBeUndefined();
  });
});

describe("a command that the server does not know as lists", () => {
  const body = { name: "llm", image: "i", entrypoint: ["bash", "-c"], cmd: ["echo $A"] };

  test.each(["pods", "templates"] as const)("is sent again as `args`, for %s", async (kind) => {
    server.answer = (_, response, count) =>
      count === 1
        ? json(response, 422, {
            title: "T",
            status: 422,
            detail: "Bad",
            errors: ["unknown field: cmd"],
          })
        : json(response, 201, kind === "pods" ? pod : template);
    await api[kind].create(body);
    expect(server.received.map((received) => JSON.parse(received.body))).toEqual([
      body,
      { name: "llm", image: "i", args: '{"entrypoint":["bash","-c"],"cmd":["echo $A"]}' },
    ]);
  });

  test("is refused with the first answer's message if neither form works", async () => {
    server.answer = (_, response, count) =>
      problem(response, 422, count === 1 ? "cmd is bad" : "args is bad");
    await expect(api.pods.create(body)).rejects.toMatchObject({ detail: "cmd is bad" });
    expect(server.received).toHaveLength(2);
  });

  test.each([
    [422, "disk is bad", body],
    [400, "cmd is bad", body],
    [422, "cmd is bad", { name: "llm", image: "i" }],
  ])("is sent again for no other refusal: %d %j", async (status, detail, sent) => {
    server.answer = (_, response) => problem(response, status, detail);
    await expect(api.pods.create(sent)).rejects.toMatchObject({ status, detail });
    expect(server.received).toHaveLength(1);
  });
});

test("no value of the environment is shown when RunPod quotes it", async () => {
  server.answer = ({ body }, response) => problem(response, 400, `bad request: ${body}`);
  const env = { HF_TOKEN: "quite-secret" };
  for (const call of [
    () => api.pods.create({ name: "llm", env }),
    () => api.pods.update("pod1", { env }),
  ]) {
    await expect(call()).rejects.toMatchObject({
      message: expect.not.stringContaining("quite-secret"),
    });
  }
});

test("a created pod whose answer cannot be used is ambiguous, and the error has its id", async () => {
  server.answer = (_, response) => json(response, 201, { id: "pod1", name: 7 });
  await expect(api.pods.create({ name: "llm" })).rejects.toMatchObject({
    kind: "ambiguous",
    message: expect.stringContaining("its id is pod1"),
  });
});

describe("the catalog", () => {
  const gpu = {
    id: "NVIDIA L40S",
    name: "L40S",
    pool: null,
    manufacturer: "NVIDIA",
    memory: 48,
    secure: true,
    community: true,
    price: { secure: 0.86, community: 0.79 },
    maxCount: { secure: 10, community: 8 },
  };

  test("has GPU types", async () => {
    server.answer = (_, response) => json(response, 200, { gpus: [gpu] });
    expect(await api.catalog.gpus()).toEqual([gpu]);
    expect(server.received[0]?.path).toBe("/v2/catalog/gpus");
  });

  test("requests stock together with the product that RunPod requires", async () => {
    server.answer = (_, response) => json(response, 200, { gpus: [] });
    await api.catalog.gpus({ availability: true, count: 2, cloud: "SECURE" });
    expect(server.received[0]?.path).toBe(
      "/v2/catalog/gpus?include=AVAILABILITY&product=POD&count=2&cloud=SECURE",
    );
  });

  test("has data centers", async () => {
    const center = {
      id: "EU-RO-1",
      name: "Romania",
      region: "EUROPE",
      globalNetwork: true,
      networkVolumeTypes: ["STANDARD"],
      compliance: [],
    };
    server.answer = (_, response) => json(response, 200, { dataCenters: [center] });
    expect(await api.catalog.dataCenters()).toEqual([center]);
    expect(server.received[0]?.path).toBe(
      "/v2/catalog/datacenters?include=GPU_AVAILABILITY%2CCPU_AVAILABILITY",
    );
  });
});
