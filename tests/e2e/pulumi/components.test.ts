import { pod, pulumiScene, SERVING, volume } from "../../support/pulumi-scene";

jest.setTimeout(300_000);

const scene = pulumiScene({ apiKeys: ["rpa_first", "rpa_second"] });

describe("Several resources in one component", () => {
  test("are created together, unchanged by a second up, and deleted together", async () => {
    const stack = await scene.stack(`
      class Service extends pulumi.ComponentResource {
        constructor(name) {
          super("my:Service", name);
          const parent = this;
          const cache = ${volume("cache", "", "parent")}
          const template = new Template("vllm", { ${SERVING} }, { parent });
          const llm = new Pod("llm", {
            template, gpuTypeIds: ["NVIDIA L4"], networkVolumeId: cache.volumeId,
            volumeMountPath: "/root/.cache/huggingface", dataCenterIds: [cache.dataCenterId],
          }, { parent });
          for (const path of ["/v1/models", "/health"]) {
            new PodEndpoint("llm" + path, { pod: llm, port: 8000, path, interval: "250ms", timeout: "1m" }, { parent });
          }
          ${pod("unrelated", "", "parent")}
          cache.volumeId.apply(() => { ${pod("late", "", "parent")} });
        }
      }
      new Service("service");`);
    expect((await stack.up()).steps.toSorted()).toEqual([
      "create Ownership runpod",
      "create Pod late",
      "create Pod llm",
      "create Pod unrelated",
      "create PodEndpoint llm/health",
      "create PodEndpoint llm/v1/models",
      "create Service service",
      "create Template vllm",
      "create Volume cache",
    ]);
    expect(await scene.live()).toHaveLength(5);

    expect((await stack.up("--refresh")).steps).toEqual([]);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });

  test("use the component's providers, given as a list, as a map or to a parent", async () => {
    const stack = await scene.stack(`
      const account = new Provider("second", { apiKey: "rpa_second" });
      class Pair extends pulumi.ComponentResource {
        constructor(name, options) {
          super("my:Pair", name, {}, options);
          for (const child of ["a", "b"]) {
            new Pod(name + "-" + child, { imageName: "ubuntu:24.04", gpuTypeIds: ["NVIDIA L4"] }, { parent: this });
          }
        }
      }
      new Pair("list", { providers: [account] });
      const map = new Pair("map", { providers: { "pulumi-nodejs": account } });
      new Pair("inner", { parent: map });
      new Pair("plain");`);
    await stack.up();
    const { pods } = await scene.emulator.ledger();
    const accountOf = (start: string) =>
      pods.filter(({ name }) => name.startsWith(start)).map(({ account }) => account);
    expect(["list", "map", "inner", "plain"].map(accountOf)).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
      [1, 1],
    ]);
    expect([...(await stack.held()).keys()]).toEqual(
      expect.arrayContaining(["Ownership runpod", "Ownership runpod-second"]),
    );
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("A resource transform that gives pods a provider", () => {
  test("works from the first pod to the end of the stack", async () => {
    const stack = await scene.stack(
      `const account = new Provider("second", { apiKey: "rpa_second" });
      pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
        type.endsWith(":Pod") ? { props, opts: { ...opts, provider: account } } : undefined);
      ${pod("llm")}`,
      { env: { RUNPOD_API_KEY: "" } },
    );
    await stack.up();
    expect((await scene.emulator.ledger()).pods).toMatchObject([{ account: 2 }]);
    expect((await stack.up()).steps).toEqual([]);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});
