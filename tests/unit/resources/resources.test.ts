import * as pulumi from "@pulumi/pulumi";
import { Pod } from "../../../provider/src/resources/pod";
import { PodEndpoint } from "../../../provider/src/resources/pod-endpoint";
import { Provider } from "../../../provider/src/resources/provider";
import { Template } from "../../../provider/src/resources/template";
import { Volume } from "../../../provider/src/resources/volume";
import { handlerLine, KINDS, typeToken } from "../../../provider/src/schema";
import { type MockedEngine, mockEngine } from "./mocked-engine";

const podArgs = { imageName: "a", gpuTypeIds: ["NVIDIA L4"] };
let engine: MockedEngine;

beforeEach(async () => {
  engine = await mockEngine();
});

describe.each(KINDS)("%s", (kind) => {
  test("has its own type, and a line in the state that never changes and stays short", () => {
    expect(typeToken(kind)).toBe(`pulumi-nodejs:dynamic/runpod:${kind}`);
    const line = `exports.handler=()=>require("@runpod-stack/provider/handlers").get("${kind}")`;
    expect(handlerLine(kind)).toBe(line);
    expect(Buffer.byteLength(line)).toBeLessThan(100);
  });
});

test("each resource has its kind's line, and nothing else of the provider", async () => {
  const pod = new Pod("p", podArgs);
  new Template("t", { imageName: "a" });
  new Volume("v", { size: 20, dataCenterId: "EU-RO-1" });
  new PodEndpoint("e", { pod, port: 8000 });
  for (const [name, kind] of [
    ["p", "Pod"],
    ["t", "Template"],
    ["v", "Volume"],
    ["e", "PodEndpoint"],
  ] as const) {
    expect((await engine.inputsOf(name, kind))["__provider"]).toBe(handlerLine(kind));
  }
});

test("each class recognizes its resources, and those of another copy of the package", () => {
  const own = {
    Pod: new Pod("p", podArgs),
    Template: new Template("t", { imageName: "a" }),
    Volume: new Volume("v", { size: 20, dataCenterId: "EU-RO-1" }),
    PodEndpoint: new PodEndpoint("e", { podId: "p", port: 1 }),
  };
  for (const [kind, type] of Object.entries({ Pod, Template, Volume, PodEndpoint })) {
    expect(type.__pulumiType).toBe(`pulumi-nodejs:dynamic/runpod:${kind}`);
    for (const [otherKind, resource] of Object.entries(own)) {
      expect(type.isInstance(resource)).toBe(kind === otherKind);
    }
    expect(type.isInstance({ __pulumiType: type.__pulumiType })).toBe(true);
    for (const other of [null, undefined, {}, "text"]) {
      expect(type.isInstance(other)).toBe(false);
    }
  }
});

test("every input can be read as an output, also one that the program leaves out", async () => {
  const read = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
  jest.spyOn(engine, "newResource").mockImplementation(({ name, inputs }) => ({
    id: `${name}-id`,
    state: {
      containerDiskInGb: 50,
      interval: "5s",
      category: "NVIDIA",
      type: "STANDARD",
      ...inputs,
    },
  }));
  const pod = new Pod("p", { ...podArgs, locked: pulumi.secret(true) });
  const endpoint = new PodEndpoint("e", { pod, port: 8000 });
  const template = new Template("t", { imageName: "a" });
  const volume = new Volume("v", { size: 20, dataCenterId: "EU-RO-1" });
  expect(await read(pod.gpuTypeIds)).toEqual(["NVIDIA L4"]);
  expect(await read(pod.containerDiskInGb)).toBe(50);
  expect(await read(pod.minCudaVersion)).toBeUndefined();
  expect(await pulumi.isSecret(pod.locked)).toBe(true);
  expect(await pulumi.isSecret(pod.env)).toBe(true);
  expect(await pulumi.isSecret(pod.containerDiskInGb)).toBe(false);
  expect(await read(endpoint.port)).toBe(8000);
  expect(await read(endpoint.interval)).toBe("5s");
  expect(await read(template.category)).toBe("NVIDIA");
  expect(await read(volume.type)).toBe("STANDARD");
});

test("an endpoint gets its pod's ports only if the program has them", async () => {
  new PodEndpoint("e", { pod: new Pod("p", podArgs), port: 8000 });
  expect(await engine.inputsOf("e", "PodEndpoint")).not.toHaveProperty("__podPorts");
});

test("an endpoint gets its pod's id, revision, ports and wanted status", async () => {
  const pod = new Pod("p", { ...podArgs, ports: ["8000/http"], desiredStatus: "EXITED" });
  new PodEndpoint("e", { pod, port: 8000, expectModel: "qwen" });
  expect(await engine.inputsOf("e", "PodEndpoint")).toMatchObject({
    podId: "p-id",
    revision: 1,
    __podPorts: ["8000/http"],
    __desiredStatus: "EXITED",
    port: 8000,
    expectModel: "qwen",
  });
});

test("an endpoint knows its URN, whose row shows its progress", async () => {
  const parent = new pulumi.ComponentResource("my:Group", "group");
  new PodEndpoint("alone", { podId: "p", port: 8000 });
  new PodEndpoint("inside", { podId: "p", port: 8000 }, { parent });
  const type = typeToken("PodEndpoint");
  expect(await engine.inputsOf("alone", "PodEndpoint")).toMatchObject({
    __urn: `urn:pulumi:stack::project::${type}::alone`,
  });
  expect(await engine.inputsOf("inside", "PodEndpoint")).toMatchObject({
    __urn: `urn:pulumi:stack::project::my:Group$${type}::inside`,
  });
});

test("an endpoint uses the account of its pod, unless it is given another", async () => {
  const [one, two] = ["one", "two"].map((name) => new Provider(name, { apiKey: `rpa_${name}` }));
  const provider = one as Provider;
  const pod = new Pod("p", podArgs, { provider });
  const inGroup = new pulumi.ComponentResource("my:Group", "group", {}, { providers: [provider] });
  const podInside = new Pod("i", podArgs, { parent: inGroup });
  const providerOf = (endpoint: PodEndpoint) => endpoint.getProvider(typeToken("PodEndpoint"));
  expect(providerOf(new PodEndpoint("a", { pod, port: 8000 }))).toBe(one);
  expect(providerOf(new PodEndpoint("b", { pod: podInside, port: 8000 }))).toBe(one);
  expect(providerOf(new PodEndpoint("c", { pod, port: 8000 }, { provider: two as Provider }))).toBe(
    two,
  );
  expect(providerOf(new PodEndpoint("d", { podId: "p", port: 8000 }))).toBeUndefined();
  await engine.inputsOf("d", "PodEndpoint");
});

describe("ownership", () => {
  const owners = () => engine.registered.filter(({ type }) => type === typeToken("Ownership"));

  test("is registered once for a provider, however many resources depend on it", async () => {
    const research = new Provider("research", { apiKey: "rpa_research" });
    new Pod("a", podArgs, { provider: research });
    new Volume("b", { size: 20, dataCenterId: "EU-RO-1" }, { provider: research });
    const inputs = await engine.inputsOf("a", "Pod");
    expect(inputs["__identity"]).toMatchObject({ owner: "runpod-research-id" });
    expect((await engine.inputsOf("b", "Volume"))["__identity"]).toMatchObject({
      owner: "runpod-research-id",
    });
    expect(owners().map(({ name }) => name)).toEqual(["runpod-research"]);
  });

  test("differs for another provider", async () => {
    new Pod("a", podArgs, { provider: new Provider("one", { apiKey: "rpa_one" }) });
    new Pod("b", podArgs, { provider: new Provider("two", { apiKey: "rpa_two" }) });
    await engine.inputsOf("b", "Pod");
    expect(owners().map(({ name }) => name)).toEqual(["runpod-one", "runpod-two"]);
  });

  test("is shared by all copies of this package that a process has loaded", async () => {
    const provider = new Provider("shared", { apiKey: "rpa_shared" });
    for (const name of ["a", "b"]) {
      jest.isolateModules(() => {
        jest.doMock("@pulumi/pulumi", () => pulumi);
        const copy = jest.requireActual<{ Pod: typeof Pod }>("../../../provider/src");
        expect(copy.Pod).not.toBe(Pod);
        new copy.Pod(name, podArgs, { provider });
      });
    }
    await engine.inputsOf("b", "Pod");
    expect(owners().map(({ name }) => name)).toEqual(["runpod-shared"]);
  });

  test("comes with random digits for each resource, which end with the run's, and without a URN", async () => {
    new Pod("plain", podArgs);
    new Pod("retained", podArgs, { retainOnDelete: true });
    new Volume(
      "overlapping",
      { size: 20, dataCenterId: "EU-RO-1" },
      { deleteBeforeReplace: false },
    );
    const all = [
      await engine.inputsOf("plain", "Pod"),
      await engine.inputsOf("retained", "Pod"),
      await engine.inputsOf("overlapping", "Volume"),
    ];
    const nonces = all.map(({ __identity }) => String(Object(__identity).nonce));
    for (const nonce of nonces) {
      expect(nonce).toMatch(/^[0-9a-f]{24}$/);
    }
    expect(new Set(nonces).size).toBe(3);
    expect(new Set(nonces.map((nonce) => nonce.slice(-8))).size).toBe(1);
    for (const inputs of all) {
      expect(inputs).not.toHaveProperty("__urn");
    }
    expect(all[0]?.["__identity"]).toMatchObject({ logicalName: "plain", owner: "runpod-id" });
  });

  test("has no digits in a preview, so that an update can follow its plan", async () => {
    engine = await mockEngine({ isPreview: true });
    new Pod("plain", podArgs);
    const { __identity } = await engine.inputsOf("plain", "Pod");
    expect(Object(__identity).nonce).toMatchObject({ __pulumiUnknown: true });
  });
});
