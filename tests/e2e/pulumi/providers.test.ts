import { heldBy, pod, printed, pulumiScene, SERVING, volume } from "../../support/pulumi-scene";
import { failure } from "../../support/stack";

jest.setTimeout(300_000);

const [FIRST, SECOND] = ["rpa_first", "rpa_second"];
const scene = pulumiScene({ apiKeys: [FIRST, SECOND] });

const provider = (name: string, key: string) =>
  `const account = new Provider("${name}", { apiKey: "${key}" });\n`;
const BOTH = volume("cache", "", "provider: account") + pod("llm", "", "provider: account");

describe("An explicit provider", () => {
  test("is added, renamed and removed without an error, and nothing is replaced or deleted", async () => {
    const stack = await scene.stack(volume("cache") + pod("llm"));
    await stack.up();
    const live = await scene.live();
    const programs = [
      provider("one", FIRST) + BOTH,
      provider("two", FIRST) + BOTH,
      volume("cache") + pod("llm"),
    ];
    for (const program of programs) {
      stack.write(program);
      const { steps } = await stack.up();
      expect(steps.filter((step) => !/^(create|delete) Ownership|^update /.test(step))).toEqual([]);
      expect(await scene.live()).toEqual(live);
    }
    expect((await stack.up("--refresh")).steps).toEqual([]);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });

  test("of another account is refused for existing objects, which stay in the state", async () => {
    const stack = await scene.stack(volume("cache") + pod("llm"));
    await stack.up();
    const live = await scene.live();
    stack.write(provider("other", SECOND) + BOTH);
    // An update in which nothing changes may pass without a call.
    await stack.up().catch(() => {});
    await failure(stack.refresh());
    expect(await scene.live()).toEqual(live);
    expect(await heldBy(stack)).toEqual(live);

    stack.write(volume("cache") + pod("llm"));
    await stack.up();
    expect(await heldBy(stack)).toEqual(live);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("An endpoint of a pod with an explicit provider", () => {
  test("uses that provider's account", async () => {
    const stack = await scene.stack(
      `${provider("other", SECOND)}
      const pod = new Pod("llm", { gpuTypeIds: ["NVIDIA L4"], ${SERVING} }, { provider: account });
      new PodEndpoint("llm", { pod, port: 8000, interval: "250ms", timeout: "1m" });`,
      { env: { RUNPOD_API_KEY: "" } },
    );
    await stack.up();
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("Settings that name another API than the stack's", () => {
  test("are refused by preview and up before anything is created, unless the account has moved there", async () => {
    const stack = await scene.stack(volume("cache") + pod("llm"));
    await stack.up();
    const live = await scene.live();
    const { RUNPOD_REST_V2_URL: home = "" } = stack.env;
    stack.env["RUNPOD_REST_V2_URL"] = home.replace("127.0.0.1", "localhost");
    stack.write(volume("cache") + pod("llm") + pod("new"));
    for (const operation of [() => stack.preview(), () => stack.up()]) {
      const refused = printed(await failure(operation()));
      expect(refused).toContain(`This stack's resources are at ${new URL(home).origin}`);
    }
    expect(await scene.live()).toEqual(live);

    stack.write(volume("cache") + pod("llm"));
    stack.env["RUNPOD_STACK_FORMER_API_URL"] = home;
    await stack.up();
    delete stack.env["RUNPOD_STACK_FORMER_API_URL"];
    expect((await stack.up("--refresh")).steps).toEqual([]);
    expect(await scene.live()).toEqual(live);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("A first `pulumi up` with a mistyped key", () => {
  test("fails, and a destroy or a later up with the right key works", async () => {
    const stack = await scene.stack(pod("llm"));
    const withKey = (key: string) => {
      stack.env["RUNPOD_API_KEY"] = key;
    };
    withKey("rpa_wrong");
    await failure(stack.up());
    withKey(FIRST);
    await stack.destroy();

    withKey("rpa_wrong");
    await failure(stack.up());
    withKey(FIRST);
    await stack.up();
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});
