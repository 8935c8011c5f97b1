import { oneOfEach } from "../../support/every-kind";
import { heldBy, printed, pulumiScene } from "../../support/pulumi-scene";
import {
  SCENARIO_KINDS as KINDS,
  type ScenarioKind,
  type ScenarioName,
  scenariosIn,
} from "../../support/scenarios.mts";
import { failure, type TestStack } from "../../support/stack";

jest.setTimeout(300_000);

const KEY = "rpa_first";
const scene = pulumiScene({ apiKeys: [KEY] });

/** The ids of a stack's resources, by kind. */
async function idsOf(stack: TestStack): Promise<Map<ScenarioKind, string>> {
  const held = [...(await stack.held())].map(([name, id]) => [name.split(" ")[0], id] as const);
  return new Map(KINDS.flatMap((kind) => held.filter(([of]) => of === kind) as never));
}

/** What was sent to RunPod since the requests were cleared. */
async function sent(): Promise<string[]> {
  return (await scene.emulator.requests())
    .filter(({ method, path }) => method !== "GET" && path.startsWith("/v2/"))
    .map(({ method, path }) => `${method} ${path}`);
}

/** Steps for each of the kinds, and for no other. */
function expectSteps(steps: readonly string[], kinds: readonly ScenarioKind[]): void {
  const found = steps.map((step) => step.split(" ")[1]);
  const of = KINDS.filter((kind) => found.includes(kind));
  expect(of).toEqual(kinds);
}

describe("One resource of every kind", () => {
  const done: ScenarioName[] = [];
  beforeEach(() => {
    done.length = 0;
  });
  async function scenario(name: ScenarioName, act: () => Promise<void>): Promise<void> {
    done.push(name);
    await act().catch((error: Error) => {
      error.message = `${name}: ${error.message}`;
      throw error;
    });
  }

  test("stays what it is, or is replaced once", async () => {
    const all = { kinds: KINDS, name: "b" };
    const stack = await scene.stack(
      `const account = new Provider("account", { apiKey: "${KEY}" });
      class All extends pulumi.ComponentResource {
        constructor() {
          super("my:All", "all", {}, { providers: [account] });
          const parent = this;
          ${oneOfEach({ ...all, name: "a", options: () => "parent" })}
        }
      }
      new All();`,
    );
    const urns = (name: string) =>
      Promise.all(KINDS.map(async (kind) => stack.urn(`${kind} ${name}`)));
    const flags = (flag: string, of: readonly string[]) => of.flatMap((urn) => [flag, urn]);

    await scenario("component", async () => {
      expectSteps((await stack.up()).steps, KINDS);
    });
    const live = await scene.live();
    const ids = await idsOf(stack);
    const expectSame = async () => {
      expect(await idsOf(stack)).toEqual(ids);
      expect(await scene.live()).toEqual(live);
    };

    await scene.emulator.clearRequests();
    await scenario("rename", async () => {
      const old = await urns("a");
      const options = (kind: ScenarioKind) => `aliases: ["${old[KINDS.indexOf(kind)]}"]`;
      stack.write(oneOfEach({ ...all, options }));
      expectSteps((await stack.up()).steps, []);
      await expectSame();
    });
    await scenario("ignoreChanges", async () => {
      const options = () => `protect: true, ignoreChanges: ["*"]`;
      stack.write(oneOfEach({ ...all, edition: 2, options }));
      expect((await stack.up("--refresh")).steps).toEqual([]);
    });
    await scenario("protect", async () => {
      const refused = printed(await failure(stack.destroy()));
      // The engine does not try to delete what a protected resource depends on.
      const tried = KINDS.filter((kind) => kind !== "Pod" && kind !== "ServerlessEndpoint");
      for (const kind of tried) {
        const urn = await stack.urn(`${kind} b`);
        expect(refused).toContain(`resource "${urn}" cannot be deleted`);
      }
      await expectSame();
      expect(await sent()).toEqual([]);
    });

    stack.write(oneOfEach({ ...all, edition: 2, options: () => "deleteBeforeReplace: true" }));
    await scenario("target", async () => {
      const half = Math.floor(KINDS.length / 2);
      const { steps } = await stack.up(...flags("--target", (await urns("b")).slice(0, half)));
      expectSteps(steps, KINDS.slice(0, half));
      await expectSame();
    });
    await scenario("replace", async () => {
      expectSteps((await stack.up(...flags("--replace", await urns("b")))).steps, KINDS);
      const now = await scene.live();
      expect(now).toHaveLength(live.length);
      expect(now.filter((id) => live.includes(id))).toEqual([]);
      expect(await heldBy(stack)).toEqual(now);
    });
    expect(done).toEqual(scenariosIn("stays what it is, or is replaced once"));
  });
});
