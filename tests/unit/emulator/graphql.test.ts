import { startTestEmulator, type TestEmulator } from "../../support/emulator";
import { podBody } from "./bodies";

describe("/graphql", () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const form = { "content-type": "application/x-www-form-urlencoded" };
  const ask = async (query: string, headers = {}) =>
    (await emulator.call("POST", "/graphql", { query }, headers)).body;

  test("the guide's curl works unchanged: form content type, raw line breaks in the string", async () => {
    const { id } = (await emulator.call("POST", "/v2/pods", podBody())).body;
    const printed = `{"query":"{ pod(input:{podId:\\"${id}\\"}) { 
    runtime { 
      uptimeInSeconds 
      gpus { memoryUtilPercent } 
    } 
  } }"}`;
    const answer = await emulator.call("POST", "/graphql", printed, form);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        data: {
          pod: {
            runtime: {
              uptimeInSeconds: expect.any(Number),
              gpus: [{ memoryUtilPercent: expect.any(Number) }],
            },
          },
        },
      },
    });
  });

  test("the whole telemetry query, with variables", async () => {
    const { id } = (await emulator.call("POST", "/v2/pods", podBody())).body;
    const query = `query Telemetry($id: String) { pod(input: { podId: $id }) {
      id name desiredStatus
      runtime { ports { ip isIpPublic privatePort publicPort type }
        gpus { id gpuUtilPercent memoryUtilPercent } container { cpuPercent memoryPercent } }
    } }`;
    const { body } = await emulator.call("POST", "/graphql", { query, variables: { id } });
    expect(body.data.pod).toMatchObject({ id, name: "serve", desiredStatus: "RUNNING" });
    expect(body.data.pod.runtime.ports).toEqual([
      { ip: null, isIpPublic: false, privatePort: 8000, publicPort: null, type: "http" },
      {
        ip: expect.any(String),
        isIpPublic: true,
        privatePort: 22,
        publicPort: expect.any(Number),
        type: "tcp",
      },
    ]);
  });

  test("a stopped pod has no runtime, and a missing pod is null without an error", async () => {
    const { id } = (await emulator.call("POST", "/v2/pods", podBody())).body;
    await emulator.call("POST", `/v2/pods/${id}/action`, { action: "stop" });
    const query = `{ pod(input: { podId: "${id}" }) { desiredStatus runtime { uptimeInSeconds } } }`;
    expect(await ask(query)).toEqual({ data: { pod: { desiredStatus: "EXITED", runtime: null } } });
    expect(await ask('{ pod(input: { podId: "nope" }) { id } }')).toEqual({ data: { pod: null } });
  });

  test("the balance falls with what is spent", async () => {
    const pod = (await emulator.call("POST", "/v2/pods", podBody())).body;
    await emulator.advance(3600);
    const { myself } = (await ask("{ myself { clientBalance currentSpendPerHr pods { id } } }"))
      .data;
    expect(myself.currentSpendPerHr).toBeCloseTo(3.99 + (60 * 0.1) / 730, 5);
    expect(myself.clientBalance).toBeCloseTo(10_000 - myself.currentSpendPerHr, 2);
    expect(myself.pods).toEqual([{ id: pod.id }]);
  });

  test("GPU types have prices and stock", async () => {
    const query = `{ gpuTypes(input: { id: "NVIDIA B200" }) {
      id memoryInGb secureCloud communityCloud securePrice communityPrice
      lowestPrice(input: { gpuCount: 1 }) { uninterruptablePrice stockStatus } } }`;
    expect((await ask(query)).data.gpuTypes).toEqual([
      {
        id: "NVIDIA B200",
        memoryInGb: 180,
        secureCloud: true,
        communityCloud: false,
        securePrice: 6.79,
        communityPrice: null,
        lowestPrice: { uninterruptablePrice: 6.79, stockStatus: "High" },
      },
    ]);
  });

  test("the key may be in the query, and is required", async () => {
    const body = { query: "{ myself { id } }" };
    const noHeader = { authorization: "" };
    const inQuery = await emulator.call("POST", "/graphql?api_key=rpa_emulator", body, noHeader);
    expect(inQuery.body).toEqual({ data: { myself: { id: "user_1" } } });
    expect(await emulator.call("POST", "/graphql", body, noHeader)).toMatchObject({
      status: 401,
      body: { errors: [{ message: "missing bearer token" }] },
    });
  });

  test("an unknown field is reported in errors[]", async () => {
    expect((await ask("{ myself { wealth } }")).errors[0].message).toMatch(/wealth/);
    expect((await emulator.call("POST", "/graphql", "no json")).status).toBe(400);
  });
});
