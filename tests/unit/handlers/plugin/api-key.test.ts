import type { RunpodApi } from "../../../../provider/src/api";
import { withFallbackKey } from "../../../../provider/src/handlers/plugin/api-key";
import { apiError } from "../fake-context";

/** An API that knows one key; what is asked of it is written down. */
function setUp(validKey: string, fallbackKey: string | undefined = "rpa_env") {
  const asked: string[] = [];
  const said: string[] = [];
  const connect = (key: string): RunpodApi => {
    const answer = async (what: string) => {
      asked.push(`${key} ${what}`);
      if (key !== validKey) throw apiError("unauthorized");
      return what;
    };
    return {
      account: { origin: "https://api.runpod.io", fingerprint: `of ${key}` },
      pods: {
        list: () => answer("list"),
        create: (body: object) => answer(`create ${JSON.stringify(body)}`),
      },
      balance: () => answer("balance"),
    } as unknown as RunpodApi;
  };
  const api = withFallbackKey(connect("rpa_stored"), fallbackKey, connect, (line) =>
    said.push(line),
  );
  return { api, asked, said };
}

test("a refused key gives way to the environment's, once, and the user is told", async () => {
  const { api, asked, said } = setUp("rpa_env");
  expect(api.account.fingerprint).toBe("of rpa_stored");
  expect(await api.pods.list()).toBe("list");
  expect(await api.pods.list()).toBe("list");
  expect(asked).toEqual(["rpa_stored list", "rpa_env list", "rpa_env list"]);
  expect(said).toEqual([
    "RunPod refused the API key stored at the last `pulumi up`; going on with RUNPOD_API_KEY. Run `pulumi up` to store the new key.",
  ]);
  expect(api.account.fingerprint).toBe("of rpa_env");
});

test("even a create is asked again: a 401 comes before anything is done", async () => {
  const { api, asked } = setUp("rpa_env");
  const body = { name: "llm" };
  await api.pods.create(body);
  expect(asked).toEqual(['rpa_stored create {"name":"llm"}', 'rpa_env create {"name":"llm"}']);
});

test("calls beside one another turn to the second key together", async () => {
  const { api, asked, said } = setUp("rpa_env");
  await Promise.all([api.pods.list(), api.balance(), api.pods.list()]);
  expect(asked.filter((call) => call.startsWith("rpa_env"))).toHaveLength(3);
  expect(said).toHaveLength(1);
});

test("a second key that is refused too ends it", async () => {
  const { api, asked } = setUp("rpa_other");
  await expect(api.pods.list()).rejects.toThrow("unauthorized");
  await expect(api.pods.list()).rejects.toThrow("unauthorized");
  expect(asked).toEqual(["rpa_stored list", "rpa_env list", "rpa_env list"]);
});

test("without a second key nothing is asked again", async () => {
  const asked: string[] = [];
  const refusing = {
    pods: { list: async () => asked.push("list") && Promise.reject(apiError("unauthorized")) },
  };
  const api = withFallbackKey(
    refusing as unknown as RunpodApi,
    undefined,
    () => refusing as unknown as RunpodApi,
    () => {},
  );
  await expect(api.pods.list()).rejects.toThrow("unauthorized");
  expect(asked).toHaveLength(1);
});

test.each(["forbidden", "notFound", "server"] as const)(
  "%s says nothing of the key",
  async (kind) => {
    let isSecondAsked = false;
    const failing = {
      pods: { list: () => Promise.reject(apiError(kind)) },
    } as unknown as RunpodApi;
    const connect = () => {
      isSecondAsked = true;
      return failing;
    };
    const api = withFallbackKey(failing, "rpa_env", connect, () => {});
    await expect(api.pods.list()).rejects.toMatchObject({ kind });
    expect(isSecondAsked).toBe(false);
  },
);
