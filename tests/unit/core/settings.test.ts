import { proxyUrl, readSettings, settingsIn } from "../../../provider/src/core/settings";

const nothing = () => undefined;

describe("readSettings", () => {
  test("uses RunPod by default", () => {
    expect(readSettings(nothing, {})).toEqual({
      apiKey: undefined,
      fallbackApiKey: undefined,
      apiUrl: "https://api.runpod.io/v2",
      graphqlUrl: "https://api.runpod.io/graphql",
      proxyUrl: "https://{podId}-{port}.proxy.runpod.net",
      serverlessUrl: "https://api.runpod.ai/v2",
      loadBalancerUrl: "https://{endpointId}.api.runpod.ai",
    });
  });

  test("prefers the stack's configuration to the environment, whose key is kept as a second one", () => {
    const config = (key: string) =>
      ({ "runpod:apiKey": "rpa_config", "runpod:apiUrl": "http://127.0.0.1:1/v2" })[key];
    const env = { RUNPOD_API_KEY: "rpa_env", RUNPOD_REST_V2_URL: "http://127.0.0.1:2/v2" };
    expect(readSettings(config, env)).toMatchObject({
      apiKey: "rpa_config",
      fallbackApiKey: "rpa_env",
      apiUrl: "http://127.0.0.1:1/v2",
    });
  });

  test("never gives the environment's key to an explicit provider", () => {
    const config = (key: string) => ({ "runpod:explicit": "true" })[key];
    expect(readSettings(config, { RUNPOD_API_KEY: "rpa_env" })).toMatchObject({
      apiKey: undefined,
      fallbackApiKey: undefined,
    });
  });
});

describe("settingsIn", () => {
  test("makes the URL of REST v2 from the base URL, if it is not set separately", () => {
    const env = { RUNPOD_API_BASE_URL: "http://127.0.0.1:3/" };
    expect(settingsIn(env)("runpod:apiUrl")).toBe("http://127.0.0.1:3/v2");
    const both = { ...env, RUNPOD_REST_V2_URL: "http://127.0.0.1:4/v2" };
    expect(settingsIn(both)("runpod:apiUrl")).toBe("http://127.0.0.1:4/v2");
  });

  test("treats an empty variable as absent", () => {
    expect(settingsIn({ RUNPOD_API_KEY: "" })("runpod:apiKey")).toBeUndefined();
  });
});

test("a proxy URL has no slash at its end", () => {
  expect(proxyUrl("http://127.0.0.1:5/proxy/{podId}-{port}/", "p1", 8000)).toBe(
    "http://127.0.0.1:5/proxy/p1-8000",
  );
});
