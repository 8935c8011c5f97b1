import * as pulumi from "@pulumi/pulumi";
import { Pod } from "../../../provider/src/resources/pod";
import { PodEndpoint } from "../../../provider/src/resources/pod-endpoint";
import { Provider } from "../../../provider/src/resources/provider";
import { Template } from "../../../provider/src/resources/template";
import { Volume } from "../../../provider/src/resources/volume";
import { type MockedEngine, mockEngine } from "./mocked-engine";

const KINDS = { Pod, PodEndpoint, Template, Volume };
const podArgs = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };
let engine: MockedEngine;

// biome-ignore lint/suspicious/noExplicitAny: what no compiler has read
type Untyped = any;

beforeEach(async () => {
  engine = await mockEngine();
  pulumi.runtime.setAllConfig({});
});

/** The message of a refused program, from an error whose stack Pulumi does not print. */
function refused(program: () => unknown): string {
  try {
    program();
  } catch (error) {
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(engine.registered).toEqual([]);
    return (error as Error).message;
  }
  throw new Error("it was accepted");
}

describe.each(Object.entries(KINDS))("%s", (kind, type) => {
  const make = (...values: unknown[]) => refused(() => new (type as Untyped)(...values));

  test("needs a name", () => {
    for (const name of [undefined, "", 7, podArgs]) {
      expect(make(name)).toBe(
        `${kind} needs a name as its first argument, as in new ${kind}("llm", { … }).`,
      );
    }
  });

  test.each([
    [undefined, "undefined"],
    [null, "null"],
    ["rpa_something", "a string"],
    [["a"], "a list"],
    [pulumi.output(podArgs), "an output or a promise"],
    [Promise.resolve(podArgs), "an output or a promise"],
  ])("needs an object of inputs, not %p", (args, shown) => {
    expect(make("llm", args)).toBe(
      `${kind} 'llm': the second argument must be an object of inputs, not ${shown}. Pass the inputs directly; any of their values may be an output.`,
    );
  });

  test.each([
    [null, "null"],
    ["eu", "a string"],
  ])("takes no options %p", (opts, shown) => {
    expect(make("llm", {}, opts)).toContain(
      `the third argument must be an object of options, not ${shown}.`,
    );
  });

  test.each(["import", "id"])("has no option %s, and the error names the other ways", (option) => {
    const text = make("llm", {}, { [option]: "abc123" });
    expect(text).toContain(`${kind} 'llm': the option ${option} is not available:`);
    expect(text).toContain(
      'describe it in a file for `pulumi import --file`; see "Importing existing resources" in docs/import.md.',
    );
  });

  if (kind !== "PodEndpoint") {
    test("has no option deletedWith, because RunPod deletes no object", () => {
      const text = make("llm", {}, { deletedWith: {} });
      expect(text).toContain(`${kind} 'llm': the option deletedWith is not available:`);
    });
  }

  test("has no get, and the error names the other ways", () => {
    const text = refused(() => type.get("llm", "abc123"));
    expect(text).toContain(`${kind}.get is not available:`);
    expect(text).toContain("`pulumi import --file`");
  });

  test.each([
    ["dependson", "dependsOn"],
    ["protects", "protect"],
    ["retain-on-delete", "retainOnDelete"],
    ["provider_", "provider"],
  ])("has no option %s", (option, meant) => {
    expect(make("llm", {}, { [option]: true })).toBe(
      `${kind} 'llm': ${option} is not an option. Did you mean ${meant}?`,
    );
  });

  test("takes no options among its inputs", () => {
    expect(make("llm", { protect: true })).toBe(
      `${kind} 'llm': protect is an option, not an input. Move it to the third argument: { protect: … }.`,
    );
  });

  test("accepts no invalid provider", () => {
    expect(make("llm", {}, { provider: "research" })).toContain(
      "the option provider must be a Provider, not a string.",
    );
  });
});

test("an empty or unknown option is ignored", async () => {
  new Pod("llm", podArgs, { import: "", somethingOfTheFuture: 1 } as Untyped);
  expect(await engine.inputsOf("llm", "Pod")).toMatchObject(podArgs);
});

test("a provider in place of the options is refused", () => {
  const text = () => new Pod("llm", podArgs, new Provider("eu", { apiKey: "rpa_a" }) as Untyped);
  expect(text).toThrow("must be an object of options, not a pulumi-nodejs.");
});

describe("a resource among the inputs", () => {
  test("is refused if a value is needed", () => {
    const volume = new Volume("cache", { size: 20, dataCenterId: "EU-RO-1" });
    expect(() => new Pod("llm", { ...podArgs, networkVolumeId: volume as Untyped })).toThrow(
      "Pod 'llm': networkVolumeId must be a value, not a Volume. Pass one of its outputs, such as its id.",
    );
  });

  test.each([
    ["abcdefghij", '"abcdefghij"'],
    [pulumi.output("abcdefghij"), "an output or a promise"],
    [7, "a number"],
    [{ id: "abcdefghij" }, "an object"],
  ])("is needed as template and as pod, not %p", (value, shown) => {
    expect(refused(() => new Pod("llm", { ...podArgs, template: value as Untyped }))).toBe(
      `Pod 'llm': template must be a Template of this program, not ${shown}. To use an id, set templateId instead.`,
    );
    expect(refused(() => new PodEndpoint("llm", { pod: value as Untyped, port: 1 }))).toBe(
      `PodEndpoint 'llm': pod must be a Pod of this program, not ${shown}. To use an id, set podId instead.`,
    );
  });

  test("is of the right kind, and comes without an id", () => {
    const pod = new Pod("p", podArgs);
    const template = new Template("t", { imageName: "a" });
    expect(() => new Pod("llm", { ...podArgs, template: pod as Untyped })).toThrow("not a Pod.");
    expect(() => new Pod("llm", { ...podArgs, template, templateId: "abcdefghij" })).toThrow(
      "templateId cannot be combined with template. Remove one of them.",
    );
    expect(() => new PodEndpoint("llm", { pod, podId: "abcdefghij", port: 1 } as Untyped)).toThrow(
      "podId cannot be combined with pod. Remove one of them.",
    );
  });

  test("may be missing", async () => {
    new Pod("llm", { ...podArgs, template: null as Untyped });
    new PodEndpoint("llm", { pod: null, podId: "abcdefghij", port: 1 } as Untyped);
    expect(await engine.inputsOf("llm", "Pod")).not.toHaveProperty("templateId");
    expect(await engine.inputsOf("llm", "PodEndpoint")).toMatchObject({ podId: "abcdefghij" });
  });
});

describe("a Provider", () => {
  test.each([
    [
      undefined,
      "the second argument must be an object, not undefined. Pass an object such as { apiKey }.",
    ],
    [
      "rpa_a",
      "the second argument must be an object, not a string. Pass an object such as { apiKey }.",
    ],
    [{ apikey: "rpa_a" }, "apikey is not an argument of a Provider. Did you mean apiKey?"],
    [
      { token: "rpa_a" },
      "token is not an argument of a Provider. Use apiKey, apiUrl, graphqlUrl, proxyUrl, serverlessUrl, loadBalancerUrl.",
    ],
  ])("does not take %p", (args, text) => {
    expect(refused(() => new Provider("eu", args as Untyped))).toBe(`Provider 'eu': ${text}`);
  });
});

describe("a misspelled key of the stack's configuration", () => {
  const make = () => new Volume("cache", { size: 20, dataCenterId: "EU-RO-1" });

  test.each([
    ["runpod:apikey", "--secret runpod:apiKey <key>"],
    ["runpod:apiKye", "--secret runpod:apiKey <key>"],
    ["runpod:api-key", "--secret runpod:apiKey <key>"],
    ["runpod:apiURL", "runpod:apiUrl <url>"],
    ["runpod:proxyurl", "runpod:proxyUrl <url>"],
    ["RunPod:apiKey", "--secret runpod:apiKey <key>"],
  ])("%s is refused, without its value", (key, remedy) => {
    pulumi.runtime.setAllConfig({ [key]: "canary" });
    const setting = remedy.split(" ").find((word) => word.includes(":"));
    expect(refused(make)).toBe(
      `${key} in the stack's configuration is not a setting. Did you mean ${setting}? Run \`pulumi config set ${remedy}\` and \`pulumi config rm ${key}\`.`,
    );
  });

  test.each(["runpod:apiKey", "runpod:token", "runpod:region", "project:apikey", "aws:apiKey"])(
    "%s is not one",
    async (key) => {
      pulumi.runtime.setAllConfig({ [key]: "value" });
      make();
      expect(await engine.inputsOf("cache", "Volume")).toMatchObject({ size: 20 });
    },
  );

  test("is ignored by a resource with an explicit provider, or with its parent's", async () => {
    pulumi.runtime.setAllConfig({ "runpod:api_key": "rpa_a" });
    const provider = new Provider("eu", { apiKey: "rpa_a" });
    const parent = new pulumi.ComponentResource("my:C", "c", {}, { providers: [provider] });
    new Pod("own", podArgs, { provider });
    new Pod("inherited", podArgs, { parent });
    expect(await engine.inputsOf("inherited", "Pod")).toMatchObject(podArgs);
  });
});

describe("customTimeouts", () => {
  test.each([
    [{ create: "1h" }, {}, "1h"],
    [{ update: "10m" }, {}, "10m"],
    [{ create: "1h", update: "10m" }, {}, "1h"],
    [{ create: "1h" }, { timeout: "5m" }, "5m"],
    [{ delete: "1h" }, {}, undefined],
  ])("%j with %j make an endpoint's timeout %s", async (customTimeouts, args, timeout) => {
    new PodEndpoint("llm", { podId: "abcdefghij", port: 1, ...args }, { customTimeouts });
    expect((await engine.inputsOf("llm", "PodEndpoint"))["timeout"]).toBe(timeout);
  });

  test("of other kinds are ignored, with one message per kind", () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined as never);
    for (const name of ["a", "b"]) {
      new Pod(name, podArgs, { customTimeouts: { create: "1h" } });
    }
    expect(warn.mock.calls).toEqual([[expect.stringContaining("customTimeouts have no effect")]]);
  });
});
