import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Kind, unpack, type Values } from "@runpod-stack/provider/schema";
import { startTestEmulator, type TestEmulator } from "../support/emulator";
import { EngineState } from "../support/engine-state";
import { type Plugin, startPlugin } from "../support/plugin";
import { TestResource } from "../support/resource";
import { pluginConfig } from "../support/scene";

jest.setTimeout(60_000);

const FAST = { RUNPOD_STACK_CLOCK_SPEED: "30" };
const objects: readonly (readonly [Kind, Values])[] = [
  ["Pod", { imageName: "python:3.12", gpuTypeIds: ["NVIDIA L4"] }],
  ["Volume", { size: 20, dataCenterId: "EU-RO-1" }],
  ["Template", { imageName: "python:3.12" }],
];
const pod = objects[0]?.[1] ?? {};

let emulator: TestEmulator;
let elsewhere: TestEmulator;
/** Plugin processes for the first account, for a second one, and for the first key at another API. */
let own: Plugin;
let otherKey: Plugin;
let otherApi: Plugin;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  emulator = await startTestEmulator({ apiKeys: ["rpa_first", "rpa_second"] });
  elsewhere = await startTestEmulator({ apiKeys: ["rpa_first"] });
  own = await start();
  otherKey = await start({ "runpod:apiKey": "rpa_second" });
  otherApi = await start({ "runpod:apiUrl": `${elsewhere.url}/v2` });
}, 30_000);

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

afterAll(async () => {
  for (const plugin of [own, otherKey, otherApi]) {
    await plugin.close();
  }
  await emulator.close();
  await elsewhere.close();
});

/** A plugin process for an account: its key, and its RunPod URL. */
async function start(
  config: Values = {},
  env: Record<string, string> = {},
  state?: EngineState,
): Promise<Plugin> {
  const all = Object.entries({ ...pluginConfig(emulator), ...config });
  const given = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  return startPlugin(given, { ...FAST, ...env }, state);
}

/** A plugin process for the current test alone. */
async function pluginOf(...given: Parameters<typeof start>): Promise<Plugin> {
  const plugin = await start(...given);
  closing.push(() => plugin.close());
  return plugin;
}

/** The same resource in another plugin process. */
function handedTo(plugin: Plugin, kind: Kind, resource: TestResource): TestResource {
  const handed = new TestResource(plugin, kind, "it");
  handed.state = resource.state;
  return handed;
}

let resources = 0;

async function created(kind: Kind, inputs: Values, plugin = own): Promise<TestResource> {
  resources += 1;
  const resource = new TestResource(plugin, kind, `it-${resources}`);
  await resource.up(inputs);
  return resource;
}

const textOf = (operation: Promise<unknown>) =>
  operation.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );

describe("not found is not gone", () => {
  test.each(objects)("for a %s under another key: the error names both", async (kind, inputs) => {
    const resource = await created(kind, inputs);
    const stranger = handedTo(otherKey, kind, resource);
    const told =
      /was not found, but that is inconclusive: the API key in use \(fingerprint (\w{8})\) is not the one that last managed it \(fingerprint (?!\1)\w{8}\)\. It is kept in the state and may still be billed\./;
    expect(await textOf(stranger.refresh())).toMatch(told);
    expect(await textOf(stranger.destroy())).toMatch(told);
    expect(stranger.state).toBe(resource.state);
  });

  test.each(objects)("for a %s at another API: the error names both", async (kind, inputs) => {
    const resource = await created(kind, inputs);
    const stranger = handedTo(otherApi, kind, resource);
    const told = `inconclusive: the API in use is ${elsewhere.url}, and it was created at ${emulator.url}.`;
    expect(await textOf(stranger.refresh())).toContain(told);
    expect(await textOf(stranger.destroy())).toContain(told);
  });
});

describe("a stack at another API than its objects", () => {
  const told = () =>
    `This stack's resources are at ${emulator.url}, but runpod:apiUrl (or RUNPOD_REST_V2_URL) now points to ${elsewhere.url}.`;

  test.each(objects)(
    "is refused by a preview of a %s, before anything is asked",
    async (kind, inputs) => {
      const resource = await created(kind, inputs);
      await elsewhere.clearRequests();
      expect(await textOf(handedTo(otherApi, kind, resource).up(inputs))).toContain(told());
      expect(await elsewhere.requests()).toEqual([]);
    },
  );

  test.each(objects)(
    "is refused by the update of a %s that an older release created",
    async (kind, inputs) => {
      const resource = await created(kind, inputs);
      const older = handedTo(otherApi, kind, resource);
      const without = (packed: Values) => {
        const { __account: _, ...values } = unpack(packed);
        return values;
      };
      const { state } = resource;
      if (state !== undefined) {
        older.state = { ...state, inputs: without(state.inputs), outputs: without(state.outputs) };
      }
      await elsewhere.clearRequests();
      expect(await textOf(older.up(inputs))).toContain(told());
      expect(await elsewhere.requests()).toEqual([]);
    },
  );
});

describe("the last lookup of what an interrupted create left", () => {
  const owner = "00112233445566778899aabbccddeeff";

  test("is refused with another key or API than the create's, unless it is proven to be the same account", async () => {
    const state = new EngineState();
    closing.push(async () => state.close());
    const first = await pluginOf({}, {}, state);
    const id = await new TestResource(first, "Pod", "cut-off", owner).cutOff(pod);
    const lookWith = async (config: Values) =>
      textOf((await pluginOf(config, {}, state)).delete("Ownership", owner, {}));
    expect(await lookWith({ "runpod:apiKey": "rpa_second" })).toMatch(
      /it was creating urn:.*::cut-off with the API key \w{8} \(a fingerprint\), but the key in use is \w{8}\. Use the first key\./,
    );
    expect(await lookWith({ "runpod:apiUrl": `${elsewhere.url}/v2` })).toContain(
      `at ${emulator.url}, but the API in use is ${elsewhere.url}.`,
    );
    expect(await lookWith({})).toContain(`  pod ${id} '`);
  });
});

test("an object that a new key of the same account finds belongs to that key from then on", async () => {
  const front = await aFront();
  const url = { "runpod:apiUrl": `${front.url}/v2` };
  const resource = await created("Pod", pod, await pluginOf(url));
  front.renewKey("rpa_first", "rpa_renewed");
  const renewed = handedTo(
    await pluginOf({ ...url, "runpod:apiKey": "rpa_renewed" }),
    "Pod",
    resource,
  );
  const accountOf = ({ outputs }: TestResource) =>
    (outputs["__live"] as Values)["account"] as Values;
  expect(await renewed.refresh()).toBe(true);
  expect(accountOf(renewed)["fingerprint"]).not.toBe(accountOf(resource)["fingerprint"]);
  // An object that its own key does not find is gone.
  await emulator.call("DELETE", `/v2/pods/${resource.id}`);
  await renewed.destroy();
  expect(renewed.state).toBeUndefined();
});

test("a pod that RunPod reports as terminated is gone", async () => {
  const front = await aFront();
  const plugin = await pluginOf({ "runpod:apiUrl": `${front.url}/v2` });
  const resource = await created("Pod", pod, plugin);
  front.answerWith((text) => text.replaceAll('"status":"RUNNING"', '"status":"TERMINATED"'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await resource.refresh()).toBe(false);
  expect(resource.state).toBeUndefined();
});

describe("keys", () => {
  const NO_KEY =
    "No RunPod API key is set. Run `pulumi config set --secret runpod:apiKey <key>`, or set RUNPOD_API_KEY. Create a key in RunPod's console under Settings, API Keys.";
  const without = { "runpod:apiKey": undefined };

  test("that are missing are named in an error, and a preview needs none", async () => {
    const resource = new TestResource(await pluginOf(without), "Pod", "it");
    expect(await textOf(resource.up(pod))).toBe(NO_KEY);
    expect(resource.failures).toEqual([]);
  });

  test("come from the environment if the stack has none", async () => {
    const plugin = await pluginOf(without, { RUNPOD_API_KEY: "rpa_first" });
    await created("Pod", pod, plugin);
  });

  test("that are refused are reported as refused, and nothing is created", async () => {
    const resource = new TestResource(
      await pluginOf({ "runpod:apiKey": "rpa_wrong" }),
      "Pod",
      "it",
    );
    const text = await textOf(resource.up(pod));
    expect(text).toContain("401");
    expect(text).toContain("Check the API key: runpod:apiKey or RUNPOD_API_KEY.");
    expect((await emulator.requests()).at(-1)).toMatchObject({ method: "POST", status: 401 });
  });

  test("that were revoked are replaced by the environment's, for a create too", async () => {
    const plugin = await pluginOf(
      { "runpod:apiKey": "rpa_revoked" },
      { RUNPOD_API_KEY: "rpa_first" },
    );
    const resource = await created("Pod", pod, plugin);
    expect((await emulator.ledger()).pods.at(-1)).toMatchObject({ id: resource.id, account: 1 });
    expect(plugin.output()).toContain("continuing with RUNPOD_API_KEY");
  });

  test("of an account that the program chose do not", async () => {
    const config = { "runpod:explicit": "true", "runpod:apiKey": "rpa_revoked" };
    const plugin = await pluginOf(config, { RUNPOD_API_KEY: "rpa_first" });
    const resource = new TestResource(plugin, "Pod", "it");
    expect(await textOf(resource.up(pod))).toContain("401");
    const none = await pluginOf(
      { ...config, "runpod:apiKey": "" },
      { RUNPOD_API_KEY: "rpa_first" },
    );
    expect(await textOf(new TestResource(none, "Pod", "it").up(pod))).toBe(NO_KEY);
  });
});

/** The emulator behind a proxy that can replace a key and change answers. */
async function aFront() {
  const keys = new Map<string, string>();
  let change = (text: string) => text;
  const server = createServer(async (request, response) => {
    const key = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const answer = await fetch(emulator.url + request.url, {
      method: request.method ?? "GET",
      headers: {
        authorization: `Bearer ${keys.get(key) ?? key}`,
        "content-type": "application/json",
      },
      ...(request.method === "POST" && { body: request, duplex: "half" }),
    } as unknown as RequestInit);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(change(await answer.text()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    renewKey(old: string, renewed: string) {
      keys.set(old, "revoked").set(renewed, old);
    },
    answerWith(changed: typeof change) {
      change = changed;
    },
  };
}
