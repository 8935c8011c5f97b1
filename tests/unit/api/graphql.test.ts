import { createRunpodApi, type RunpodApi } from "../../../provider/src/api";
import { systemClock } from "../../../provider/src/core/clock";
import { randomId } from "../../../provider/src/core/token";
import { json, problem, startServer, type TestServer } from "../http/test-server";

let server: TestServer;
let api: RunpodApi;

beforeEach(async () => {
  server = await startServer();
  jest.spyOn(Math, "random").mockReturnValue(0);
  api = createRunpodApi({
    apiKey: `rpa_${randomId(8)}`,
    apiUrl: `${server.url}/v2`,
    graphqlUrl: `${server.url}/graphql`,
    clock: systemClock,
  });
});

afterEach(() => server.close());

const runtime = {
  uptimeInSeconds: 77,
  gpus: [{ id: "GPU-1", gpuUtilPercent: 12, memoryUtilPercent: 88 }],
  container: { cpuPercent: 3, memoryPercent: 20 },
  ports: [{ ip: "1.2.3.4", isIpPublic: true, privatePort: 22, publicPort: 17740, type: "tcp" }],
};

describe("telemetry", () => {
  test("is what runs in the pod", async () => {
    server.answer = (_, response) => json(response, 200, { data: { pod: { runtime } } });
    expect(await api.telemetry("pod1")).toEqual(runtime);
    const [received] = server.received;
    expect(received).toMatchObject({ method: "POST", path: "/graphql" });
    expect(JSON.parse(received?.body ?? "")).toMatchObject({ variables: { podId: "pod1" } });
  });

  test.each([[{ pod: null }], [{ pod: { runtime: null } }]])("is null for %j", async (data) => {
    server.answer = (_, response) => json(response, 200, { data });
    expect(await api.telemetry("pod1")).toBeNull();
  });

  test("may leave out what is not known yet", async () => {
    const young = { uptimeInSeconds: 1, gpus: null, container: null, ports: null };
    server.answer = (_, response) => json(response, 200, { data: { pod: { runtime: young } } });
    expect(await api.telemetry("pod1")).toMatchObject({ uptimeInSeconds: 1 });
  });
});

describe("the balance", () => {
  test("contains the account's balance and spending", async () => {
    const myself = { clientBalance: 12.5, currentSpendPerHr: 0.86 };
    server.answer = (_, response) => json(response, 200, { data: { myself } });
    expect(await api.balance()).toEqual(myself);
  });

  test("is requested again when the server fails, because a query changes nothing", async () => {
    const myself = { clientBalance: 12.5, currentSpendPerHr: 0 };
    server.answer = (_, response, count) =>
      count === 1
        ? problem(response, 502, "bad gateway")
        : json(response, 200, { data: { myself } });
    expect(await api.balance()).toEqual(myself);
  });

  test.each([
    [{ message: "Something went wrong." }, "invalid"],
    [{ message: "Log in.", extensions: { code: "UNAUTHENTICATED" } }, "unauthorized"],
    [{ message: "No.", extensions: { code: "FORBIDDEN" } }, "forbidden"],
    [{ message: "Odd.", extensions: { code: "constructor" } }, "invalid"],
    [{ message: "Odd.", extensions: { code: { toString: "no function" } } }, "invalid"],
  ])("is not available when GraphQL answers %j with 200", async (error, kind) => {
    server.answer = (_, response) => json(response, 200, { errors: [error], data: null });
    await expect(api.balance()).rejects.toMatchObject({
      kind,
      message: `reading the account's balance: ${error.message}`,
    });
  });

  test("is not available when GraphQL gives no reason", async () => {
    server.answer = (_, response) => json(response, 200, { errors: [{}] });
    await expect(api.balance()).rejects.toThrow(
      "reading the account's balance: no reason was given",
    );
  });

  test("is not invented when the answer contains none", async () => {
    server.answer = (_, response) => json(response, 200, { data: {} });
    await expect(api.balance()).rejects.toThrow("the answer contains no usable balance");
  });
});
