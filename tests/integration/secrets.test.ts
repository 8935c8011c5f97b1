import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Kind, Values } from "@runpod-stack/provider/schema";
import { type Plugin, startPlugin, unsealed } from "../support/plugin";
import { type Scene, startScene } from "../support/scene";

/** Strings that must never be shown. */
const API_KEY = "rpa_CANARYKEY0123456789";
const ENV_SECRET = "hf_canary_in_env_0123456789";
const SERVICE_KEY = "canary-of-service-0123456789";
const CANARIES = [API_KEY, ENV_SECRET, SERVICE_KEY];

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const sealed = (value: string) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

const env = { HF_TOKEN: ENV_SECRET, VLLM_API_KEY: SERVICE_KEY };
const template: Values = { imageName: "python:3.12", env };
const pod: Values = {
  imageName: "vllm/vllm-openai:v0.20.0",
  dockerStartCmd: ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"],
  gpuTypeIds: ["NVIDIA L4"],
  containerDiskInGb: 30,
  ports: ["8000/http"],
  env,
};
const endpoint: Values = { port: 8000, interval: "250ms", timeout: "5s", apiKey: SERVICE_KEY };

let scene: Scene;

beforeAll(async () => {
  scene = await startScene({ apiKeys: [API_KEY] });
});

afterEach(() => expectNoCanary(scene.plugin.output()));

afterAll(() => scene.close());

test.each<[Kind, Values, Values]>([
  ["Template", template, { ...template, env: { ...env, MORE: ENV_SECRET } }],
  ["Pod", pod, { ...pod, env: { ...env, MORE: ENV_SECRET } }],
])("a %s's env is sealed value by value, in check and in the state", async (kind, one, two) => {
  const { inputs } = await scene.plugin.check(kind, {}, { ...one, name: "sealed" });
  expect(inputs["env"]).toEqual({
    HF_TOKEN: sealed(ENV_SECRET),
    VLLM_API_KEY: sealed(SERVICE_KEY),
  });
  const { id, outputs } = await scene.plugin.create(kind, inputs);
  const updated = await scene.plugin.check(kind, inputs, { ...two, name: "sealed" });
  const after = await scene.plugin.update(kind, id, outputs, updated.inputs);
  const found = await scene.plugin.read(kind, id, after);
  for (const stored of [inputs, outputs, updated.inputs, after, found.inputs, found.outputs]) {
    expectNoCanary(JSON.stringify(withoutSealed(stored)));
    expect(unsealed(stored)["env"]).toMatchObject(env);
  }
  expect(JSON.stringify([inputs, outputs, after, found])).not.toContain(API_KEY);
  await scene.plugin.delete(kind, id, found.outputs);
});

test("an endpoint's key is sealed, in check and in the state", async () => {
  const one = scene.resource("Pod", "serving");
  await one.up(pod);
  const given = { ...endpoint, podId: one.id };
  const { inputs } = await scene.plugin.check("PodEndpoint", {}, given);
  expect(inputs["apiKey"]).toEqual(sealed(SERVICE_KEY));
  const { id, outputs } = await scene.plugin.create("PodEndpoint", inputs);
  const found = await scene.plugin.read("PodEndpoint", id, outputs);
  for (const stored of [inputs, outputs, found.inputs, found.outputs]) {
    expectNoCanary(JSON.stringify(withoutSealed(stored)));
  }
  await one.destroy();
});

test.each<[Kind, Values]>([
  ["Pod", { ...pod, env: { HF_TOKEN: [ENV_SECRET] } }],
  ["Pod", { ...pod, env: { PUBLIC_KEY: `${ENV_SECRET} PRIVATE KEY` } }],
  ["Pod", { ...pod, env: { "1BAD": ENV_SECRET, RUNPOD_API_KEY: API_KEY } }],
  ["Template", { ...template, env: ENV_SECRET }],
  ["Template", { ...template, env: { A: `${ENV_SECRET}\0` } }],
  ["PodEndpoint", { ...endpoint, podId: "x", apiKey: [SERVICE_KEY] }],
])("check refuses a %s without showing its invalid secrets", async (kind, given) => {
  const { failures } = await scene.plugin.check(kind, {}, given);
  expect(failures.length).toBeGreaterThan(0);
  expectNoCanary(JSON.stringify(failures));
});

test("secrets that a container logs are masked", async () => {
  const one = scene.resource("Pod", "talkative");
  const command = ["bash", "-c", "echo token $HF_TOKEN key $VLLM_API_KEY; exit 1"];
  await one.up({ ...pod, imageName: "python:3.12", dockerStartCmd: command });
  const waiting = scene.resource("PodEndpoint", "talkative");
  const { apiKey: _, ...keyless } = endpoint;
  const failure = await failureOf(waiting.up({ ...keyless, podId: one.id }));
  expect(failure).toContain("token [secret] key [secret]");
  expectNoCanary(failure);
  await waiting.destroy();
  await one.destroy();
});

describe("a server that quotes everything that it receives", () => {
  /** The form of the error: RunPod's v2, its v1, or a page. */
  const forms: Record<string, [type: string, write: (status: number, text: string) => string]> = {
    problem: [
      "application/problem+json",
      (status, text) => JSON.stringify({ title: text, status, detail: text, errors: [text] }),
    ],
    v1: ["application/json", (status, text) => JSON.stringify({ error: text, status })],
    page: ["text/html", (_, text) => `<!DOCTYPE html><title>${text}</title><h1>${text}</h1>`],
  };
  let parrot: http.Server;
  let status: number;
  let form: string;
  let plugin: Plugin;

  beforeAll(async () => {
    parrot = http.createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) {
        body += chunk;
      }
      const text = `${CANARIES.join(" ")} ${JSON.stringify(request.headers)} ${body}`;
      const [type, write] = forms[form] ?? ["", () => ""];
      response.writeHead(status, { "content-type": type }).end(write(status, text));
    });
    await new Promise<void>((resolve) => parrot.listen(0, "127.0.0.1", resolve));
    plugin = await startPlugin({
      "runpod:apiKey": API_KEY,
      "runpod:apiUrl": `http://127.0.0.1:${(parrot.address() as AddressInfo).port}/v2`,
    });
  });

  afterAll(async () => {
    await plugin.close();
    parrot.close();
  });

  test.each(
    [400, 401, 402, 403, 404, 409, 422].flatMap((code) =>
      Object.keys(forms).map((name) => [code, name] as const),
    ),
  )("shows none of it by answering %i as a %s", async (code, name) => {
    [status, form] = [code, name];
    for (const [kind, inputs] of [
      ["Template", template],
      ["Pod", pod],
    ] as const) {
      const checked = (await plugin.check(kind, {}, { ...inputs, name: "p" })).inputs;
      const made = { ...checked, createdAt: "2026-01-01T00:00:00Z", costPerHr: 1 };
      const refused = await failureOf(plugin.create(kind, checked));
      expect(refused).toContain("[secret]");
      expectNoCanary(refused);
      const attempts = [
        () => plugin.read(kind, "abc", made),
        () => plugin.update(kind, "abc", made, { ...checked, imageName: "other:1" }),
        () => plugin.delete(kind, "abc", made),
      ];
      for (const attempt of attempts) {
        expectNoCanary(await failureOf(attempt()));
      }
    }
    expectNoCanary(plugin.output());
  });
});

/** Everything that a failed operation reports, or an empty string if it succeeds. */
async function failureOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
    return "";
  } catch (error) {
    const { message, stack, ...rest } = error as Error & { properties?: Values };
    const properties = withoutSealed(rest.properties ?? {});
    return JSON.stringify({ message, ...rest, properties });
  }
}

function expectNoCanary(text: string): void {
  expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
}

/** What the engine would store in plain text. */
function withoutSealed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutSealed);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (Object.hasOwn(value, SIGNATURE)) {
    return "[secret]";
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSealed(item)]));
}
