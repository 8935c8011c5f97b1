import { writeFileSync } from "node:fs";
import path from "node:path";
import { importFile, oneOfEach } from "../../support/every-kind";
import { COLLECTIONS } from "../../support/faults";
import { heldBy, printed, pulumiScene, recoverAsNamed } from "../../support/pulumi-scene";
import {
  SCENARIO_KINDS as KINDS,
  kindsIn,
  type ScenarioKind,
  type ScenarioName,
  scenariosIn,
} from "../../support/scenarios.mts";
import { failure, type TestStack } from "../../support/stack";

jest.setTimeout(300_000);

const [FIRST, SECOND] = ["rpa_first", "rpa_second"];
const scene = pulumiScene({ apiKeys: [FIRST, SECOND] });

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

/** Deletes every object as another tool would. */
async function deleteAll(ids: ReadonlyMap<ScenarioKind, string>): Promise<void> {
  await scene.emulator.call("PUT", COLLECTIONS.SshKeys, { keys: [] });
  for (const [kind, collection] of Object.entries(COLLECTIONS)) {
    await scene.emulator.call("DELETE", `${collection}/${ids.get(kind as ScenarioKind)}`);
  }
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
      `const account = new Provider("account", { apiKey: "${FIRST}" });
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

  test("belongs to the stack and the account that have it", async () => {
    const program = { kinds: KINDS, name: "b" };
    const stack = await scene.stack(oneOfEach(program));
    const to = await scene.stack(oneOfEach(program), { beside: stack, name: "to" });
    await stack.up();
    let live = await scene.live();
    const ids = await idsOf(stack);

    await scenario("account", async () => {
      stack.env["RUNPOD_API_KEY"] = SECOND;
      const refused = printed(await failure(stack.destroy("--continue-on-error")));
      expect(refused).toContain("but that is inconclusive");
      // A wait holds nothing, so its state may go.
      const held = [...ids].filter(([kind]) => kind !== "PodEndpoint" && kind !== "EndpointReady");
      expect(await idsOf(stack)).toEqual(new Map(held));
      expect(await scene.live()).toEqual(live);
      stack.env["RUNPOD_API_KEY"] = FIRST;
      await stack.up();
      expect(await idsOf(stack)).toEqual(ids);
    });
    await scenario("move", async () => {
      await stack.move(to, ...KINDS.map((kind) => `${kind} b`));
      expect((await to.up()).steps).toEqual(["create Ownership runpod"]);
      stack.write("");
      await stack.destroy();
      expect(await idsOf(to)).toEqual(ids);
      expect(await scene.live()).toEqual(live);
    });
    await scenario("import", async () => {
      await to.run("state", "delete", "--all", "--yes");
      expect(await heldBy(to)).toEqual([]);
      const file = path.join(to.scratch, "import.json");
      writeFileSync(file, importFile(program, ids));
      const quietly = ["--generate-code=false", "--protect=false", "--yes"];
      await to.run("import", "--file", file, ...quietly);
      await scene.emulator.clearRequests();
      expectSteps((await to.up("--refresh")).steps, []);
      expect(await idsOf(to)).toEqual(ids);
      expect(await sent()).toEqual([]);
    });
    await scenario("elsewhere", async () => {
      await deleteAll(ids);
      expect(await scene.live()).toEqual([]);
      // An object is believed to be gone once it is a minute old.
      to.env["RUNPOD_STACK_CLOCK_SPEED"] = "10";
      expectSteps((await to.up("--refresh")).steps, KINDS);
      expect(await heldBy(to)).toEqual(await scene.live());
      delete to.env["RUNPOD_STACK_CLOCK_SPEED"];
    });
    live = await scene.live();
    await scenario("retain", async () => {
      to.write(oneOfEach({ ...program, options: () => "retainOnDelete: true" }));
      await to.up();
      await to.destroy();
      expect(await heldBy(to)).toEqual([]);
      expect(await scene.live()).toEqual(live);
    });
    expect(done).toEqual(scenariosIn("belongs to the stack and the account that have it"));
  });

  test("whose create is killed is adopted by the next up, or named by destroy and deleted by recover", async () => {
    const title =
      "whose create is killed is adopted by the next up, or named by destroy and deleted by recover";
    const kinds = kindsIn("kill", title);
    const stack = await scene.stack(oneOfEach({ kinds, name: "a" }), {
      env: { PULUMI_PARALLEL: "32", RUNPOD_STACK_CLOCK_SPEED: "10" },
    });
    await scenario("kill", async () => {
      await scene.killUp(stack, kinds.length);
      const lost = await scene.live();
      expect(lost).toHaveLength(kinds.length);
      await stack.up();
      const held = await heldBy(stack);
      expect(held).toEqual(await scene.live());
      // RunPod does not show which password the lost credentials have: they are created again.
      const renewed = (await idsOf(stack)).get("RegistryAuth");
      expect(held.filter((id) => !lost.includes(id))).toEqual([renewed]);
      await stack.destroy();
      expect(await scene.live()).toEqual([]);

      await scene.killUp(stack, kinds.length);
      const refused = await failure(stack.destroy());
      for (const id of await scene.live()) {
        expect(printed(refused)).toContain(id);
      }
      await recoverAsNamed(stack, refused);
      await stack.destroy();
      expect(await scene.live()).toEqual([]);
    });
    expect(done).toEqual(scenariosIn(title));
  });
});
