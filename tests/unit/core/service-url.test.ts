import { UserError } from "../../../provider/src/core/errors";
import { readSettings } from "../../../provider/src/core/settings";

const REST = "https://api.runpod.io/v2";
const GRAPHQL = "https://api.runpod.io/graphql";

/** The settings of a stack whose configuration has the values. */
function configured(values: Record<string, string>, env: Record<string, string> = {}) {
  return readSettings((key) => values[key], env);
}

function refused(values: Record<string, string>, env: Record<string, string> = {}): string {
  try {
    configured(values, env);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error("it was accepted");
}

describe("runpod:apiUrl", () => {
  test.each([
    ["https://api.runpod.io", REST],
    ["https://api.runpod.io/", REST],
    ["https://api.runpod.io/v2/", REST],
    ["https://API.RunPod.io/v2//", REST],
    ["https://api.runpod.io/v2?x=1#y", REST],
    ["https://rest.eu.runpod.io/v2", "https://rest.eu.runpod.io/v2"],
    ["http://127.0.0.1:8787/v2/", "http://127.0.0.1:8787/v2"],
    // A host that is not RunPod's may have other paths.
    ["http://localhost:8787", "http://localhost:8787"],
    ["https://gateway.example/runpod/", "https://gateway.example/runpod"],
    ["https://gateway.example/v1", "https://gateway.example/v1"],
  ])("%j becomes %s", (value, url) => {
    const env = { RUNPOD_STACK_TRUSTED_HOSTS: "gateway.example" };
    expect(configured({ "runpod:apiUrl": value }, env).apiUrl).toBe(url);
  });

  const remedy = `. Set it to ${REST}, or remove it with \`pulumi config rm runpod:apiUrl\`.`;
  test.each([
    [GRAPHQL, "is the address of a GraphQL API, not of the REST API v2"],
    [
      "https://rest.runpod.io/v1",
      "is the address of REST API v1, which RunPod has switched off, not of the REST API v2",
    ],
    ["https://www.runpod.io/console/pods", "is not the address of RunPod's REST API v2"],
    ["https://console.runpod.io", "is not the address of RunPod's REST API v2"],
    ["https://api.runpod.io/v2/pods", "is not the address of RunPod's REST API v2"],
    ["https://api.runpod.ai/v2", "is the API of serverless jobs, not the REST API v2"],
    ["https://abc-8000.proxy.runpod.net", "is the proxy URL of a pod, not of an API"],
    [
      "https://{podId}-{port}.proxy.runpod.net",
      "is a template for proxy URLs of pods, not the URL of an API",
    ],
    ["https://gateway.example/graphql", "is the address of a GraphQL API, not of the REST API v2"],
    [
      "http://api.runpod.io/v2",
      "cannot be used: the API key is sent only over https or to this machine",
    ],
    ["api.runpod.io/v2", "cannot be used: the API key is sent only over https or to this machine"],
    ["", "cannot be used: the API key is sent only over https or to this machine"],
  ])("%j is refused", (value, rule) => {
    const text = refused({ "runpod:apiUrl": value });
    expect(text).toBe(`runpod:apiUrl ${JSON.stringify(value)} ${rule}${remedy}`);
  });

  test("of another API of an emulator is refused with the correct one", () => {
    for (const other of ["graphql", "v1"]) {
      expect(refused({ "runpod:apiUrl": `http://127.0.0.1:8787/${other}` })).toContain(
        "Set it to http://127.0.0.1:8787/v2, or",
      );
    }
  });

  test("of a host that the machine does not trust is refused, and the error explains how to allow it", () => {
    expect(refused({ "runpod:apiUrl": "https://gateway.example/v2" })).toBe(
      'runpod:apiUrl "https://gateway.example/v2" cannot be used: https://gateway.example is not RunPod\'s, so the API key is not sent there. Correct the URL. If it is a gateway that you trust, set RUNPOD_STACK_TRUSTED_HOSTS=gateway.example in the environment.',
    );
  });

  test("never shows what may be a key", () => {
    const canary = "canary0123456789";
    for (const value of [
      `https://user:${canary}@api.runpod.io/v2`,
      `${GRAPHQL}?api_key=${canary}`,
      `rpa_${canary}`,
    ]) {
      expect(refused({ "runpod:apiUrl": value })).not.toContain(canary);
    }
  });
});

describe("the setting that an error names", () => {
  test.each([
    [
      { RUNPOD_REST_V2_URL: GRAPHQL },
      `RUNPOD_REST_V2_URL "${GRAPHQL}" is the address of a GraphQL API, not of the REST API v2. Set it to ${REST}, or unset it.`,
    ],
    [
      { RUNPOD_API_BASE_URL: GRAPHQL },
      `RUNPOD_API_BASE_URL "${GRAPHQL}" is the address of a GraphQL API, not of the REST API v2. Set it to https://api.runpod.io, or unset it.`,
    ],
    [
      { RUNPOD_GRAPHQL_URL: REST },
      `RUNPOD_GRAPHQL_URL "${REST}" is the address of a REST API, not of the GraphQL API. Set it to ${GRAPHQL}, or unset it.`,
    ],
  ])("is the variable that it came from: %j", (env, text) => {
    expect(refused({}, env)).toBe(text);
  });

  test("is an explicit provider's argument", () => {
    expect(refused({ "runpod:explicit": "true", "runpod:apiUrl": GRAPHQL })).toBe(
      `the Provider's apiUrl "${GRAPHQL}" is the address of a GraphQL API, not of the REST API v2. Set it to ${REST}, or leave it out.`,
    );
  });
});

describe("RUNPOD_API_BASE_URL", () => {
  test.each(["https://api.runpod.io", "https://api.runpod.io/", REST, `${REST}/`])(
    "%s becomes the URL of REST v2",
    (value) => {
      expect(configured({}, { RUNPOD_API_BASE_URL: value }).apiUrl).toBe(REST);
    },
  );
});

describe("runpod:proxyUrl", () => {
  test.each([
    "http://127.0.0.1:8787/proxy/{podId}-{port}",
    "https://{podId}.gateway.example",
    "https://{podId}-{port}.proxy.runpod.net",
  ])("may be %s", (value) => {
    expect(configured({ "runpod:proxyUrl": value }).proxyUrl).toBe(value);
  });

  test.each([
    ["https://abc-8000.proxy.runpod.net", "must contain {podId}"],
    [REST, "must contain {podId}"],
    ["http://{podId}-{port}.gateway.example", "must begin with https://, except on this machine"],
    ["{podId}-{port}.proxy.runpod.net", "must begin with https://, except on this machine"],
  ])("may not be %s", (value, rule) => {
    const text = refused({ "runpod:proxyUrl": value });
    expect(text).toContain(`runpod:proxyUrl "${value}" ${rule}`);
    expect(text).toContain("Set it to https://{podId}-{port}.proxy.runpod.net, or remove it");
  });
});

describe("runpod:serverlessUrl", () => {
  test.each([
    ["https://api.runpod.ai", "https://api.runpod.ai/v2"],
    ["https://api.runpod.ai/v2/", "https://api.runpod.ai/v2"],
    ["http://127.0.0.1:8787/serverless/v2", "http://127.0.0.1:8787/serverless/v2"],
  ])("%j becomes %s", (value, url) => {
    expect(configured({ "runpod:serverlessUrl": value }).serverlessUrl).toBe(url);
    expect(configured({}, { RUNPOD_ENDPOINT_BASE_URL: value }).serverlessUrl).toBe(url);
  });

  test.each([
    [REST, "is not the address of RunPod's API of serverless jobs"],
    ["http://api.runpod.ai/v2", "cannot be used: the API key is sent only over https"],
    ["https://jobs.example/v2", "cannot be used: https://jobs.example is not RunPod's"],
    ["https://e1.api.runpod.ai/v2", "cannot be used: https://e1.api.runpod.ai is not RunPod's"],
  ])("may not be %s", (value, rule) => {
    const text = refused({ "runpod:serverlessUrl": value });
    expect(text).toContain(`runpod:serverlessUrl "${value}" ${rule}`);
  });
});

describe("runpod:loadBalancerUrl", () => {
  test.each(["http://127.0.0.1:8787/lb/{endpointId}", "https://{endpointId}.api.runpod.ai"])(
    "may be %s",
    (value) => {
      expect(configured({ "runpod:loadBalancerUrl": value }).loadBalancerUrl).toBe(value);
    },
  );

  test("may be a gateway that the machine trusts", () => {
    const value = "https://gateway.example/{endpointId}";
    const env = { RUNPOD_STACK_TRUSTED_HOSTS: "gateway.example" };
    expect(configured({ "runpod:loadBalancerUrl": value }, env).loadBalancerUrl).toBe(value);
  });

  test.each([
    ["https://e1.api.runpod.ai", "must contain {endpointId}"],
    ["http://{endpointId}.api.runpod.ai", "must begin with https://, except on this machine"],
    ["https://{endpointId}.example", "cannot be used: https://endpoint.example is not RunPod's"],
    ["https://u:p@{endpointId}.api.runpod.ai", "must not contain a user name or a password"],
  ])("may not be %s", (value, rule) => {
    expect(refused({ "runpod:loadBalancerUrl": value })).toContain(rule);
  });
});
