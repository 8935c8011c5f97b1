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

  test("GPU types need no key", async () => {
    const noHeader = { authorization: "" };
    const post = async (query: string) => {
      const { status, body } = await emulator.call("POST", "/graphql", { query }, noHeader);
      return { status, data: body.data };
    };
    const types = '{ types: gpuTypes(input: { id: "NVIDIA B200" }) { id } }';
    expect(await post(types)).toEqual({ status: 200, data: { types: [{ id: "NVIDIA B200" }] } });
    for (const query of [
      "{ gpuTypes { id } myself { id } }",
      "{ ... on Query { myself { id } } }",
      "query a { gpuTypes { id } } query b { myself { id } }",
      "{ ...own } fragment own on Query { myself { id } }",
      'mutation { podTerminate(input: { podId: "x" }) }',
    ]) {
      expect(await post(query)).toEqual({ status: 401, data: undefined });
    }
    const wrong = { authorization: "Bearer rpa_wrong" };
    expect((await emulator.call("POST", "/graphql", { query: types }, wrong)).status).toBe(401);
  });

  test("GPU types have their stock by CUDA version", async () => {
    const price = async (versions: string) => {
      const input = `{ gpuCount: 1, allowedCudaVersions: [${versions}] }`;
      const fields = "stockStatus gpuTypeCudaVersions { cudaVersion availability }";
      const query = `{ gpuTypes(input: { id: "NVIDIA B200" }) { lowestPrice(input: ${input}) { ${fields} } } }`;
      return (await ask(query)).data.gpuTypes[0].lowestPrice;
    };
    expect(await price('"13.0"')).toEqual({
      stockStatus: "High",
      gpuTypeCudaVersions: [{ cudaVersion: "13.0", availability: "AVAILABLE" }],
    });
    expect(await price('"11.8"')).toEqual({ stockStatus: null, gpuTypeCudaVersions: [] });
  });

  test("an unknown field is reported in errors[]", async () => {
    expect((await ask("{ myself { wealth } }")).errors[0].message).toMatch(/wealth/);
    expect((await emulator.call("POST", "/graphql", "no json")).status).toBe(400);
  });
});
