import { KINDS, UNKNOWN } from "@runpod-stack/provider/schema";
import { type Plugin, startPlugin } from "../support/plugin";

jest.setTimeout(30_000);

let plugin: Plugin | undefined;

afterEach(async () => {
  await plugin?.close();
});

test("a URL of another API fails the check of every kind, without a key and without a call", async () => {
  plugin = await startPlugin({ "runpod:apiUrl": "https://api.runpod.io/graphql/" });
  for (const kind of KINDS) {
    expect((await plugin.check(kind, {}, { __owner: UNKNOWN })).failures).toEqual([
      {
        property: "",
        reason:
          'runpod:apiUrl "https://api.runpod.io/graphql/" is the address of a GraphQL API, not of the REST API v2. Set it to https://api.runpod.io/v2, or remove it with `pulumi config rm runpod:apiUrl`.',
      },
    ]);
  }
  await expect(plugin.read("Pod", "abcdefghij", { name: "llm" })).rejects.toThrow(
    "is the address of a GraphQL API",
  );
});

test("an unknown host's URL without /v2 gives one warning", async () => {
  plugin = await startPlugin({ "runpod:apiUrl": "http://127.0.0.1:9/" });
  for (const kind of KINDS) {
    await plugin.check(kind, {}, { __owner: UNKNOWN });
  }
  expect(plugin.output().match(/warning: .+/g)).toEqual([
    "warning: the URL of RunPod's REST API, http://127.0.0.1:9, does not end in /v2, as RunPod's own does. If /v2 is missing, add it to runpod:apiUrl (RUNPOD_REST_V2_URL).",
  ]);
});

test("a key under another name is mentioned if none is found", async () => {
  plugin = await startPlugin(
    { "test:apiKey": "rpa_project", "runpod:token": "rpa_native" },
    { RUNPOD_APIKEY: "rpa_env" },
  );
  const pod = { name: "llm", imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] };
  await expect(plugin.create("Pod", pod)).rejects.toThrow(
    /^No RunPod API key is set\. .+ Ignored: apiKey in the project's own namespace; runpod:token, a setting of another provider; RUNPOD_APIKEY\.$/,
  );
});
