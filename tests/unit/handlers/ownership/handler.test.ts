import type { NetworkVolume, Pod } from "../../../../provider/src/api";
import { markedName } from "../../../../provider/src/core/mark";
import { ownershipHandler } from "../../../../provider/src/handlers/ownership/handler";
import { TOKEN_ENV } from "../../../../provider/src/schema";
import {
  exported,
  legacyToken,
  OWNER,
  ownership,
  resource,
  STRANGER,
  token,
} from "../../../support/exported-state";
import { endpoint, pod } from "../../api/fixtures";
import { apiError, fakeScene } from "../fake-context";

const itsToken = token("Pod", "a");
const named = { inputs: { name: "llm" } };
const ownPod: Pod = { ...pod, env: { [TOKEN_ENV]: itsToken } };
const volume = (name: string): NetworkVolume => ({
  id: "vol1",
  name,
  size: 20,
  dataCenter: "EU-RO-1",
  type: "STANDARD",
});
const ownVolume = volume(markedName("cache", token("Volume", "cache")));
const clean = exported([ownership()]);
const pending = exported([ownership()], [resource("Pod", "a", named), resource("Volume", "cache")]);
const RESEARCH = "urn:pulumi:dev::app::pulumi:providers:pulumi-nodejs::research::1f1f";

function setUp(
  pods: readonly Pod[],
  { volumes = [], state = clean }: { volumes?: readonly NetworkVolume[]; state?: unknown } = {},
) {
  const scene = fakeScene();
  scene.runpod.pods = pods;
  scene.runpod.volumes = volumes;
  scene.runpod.state = state;
  return {
    ...scene,
    remove: (id = OWNER) => ownershipHandler.delete(scene.context, id, {}),
  };
}

describe("a stack's identity", () => {
  test("is random, made without a call, and never changes", async () => {
    const { context, runpod } = setUp([]);
    const [one, other] = [
      await ownershipHandler.create(context, {}),
      await ownershipHandler.create(context, {}),
    ];
    expect(one.id).toMatch(/^[0-9a-f]{32}$/);
    expect(other.id).not.toBe(one.id);
    expect(one.outputs).toEqual({});
    expect(ownershipHandler.diff({ __token: "a" }, { __token: "b" })).toEqual({
      changed: [],
      replaces: [],
    });
    expect(await ownershipHandler.read(context, one.id, {})).toEqual({ inputs: {}, outputs: {} });
    expect(runpod.calls).toEqual([]);
  });

  test("is deleted silently once no object with its mark is left", async () => {
    const strange = [
      { ...pod, env: { [TOKEN_ENV]: "no token" } },
      { ...ownPod, status: "TERMINATED" },
    ];
    const { remove, runpod, said } = setUp([pod, ...strange] as Pod[], {
      volumes: [volume("cache"), volume("cache-0123456789")],
    });
    await remove();
    expect(runpod.calls.sort()).toEqual([
      "list clusters",
      "list endpoints",
      "list pods",
      "list volumes",
    ]);
    expect(said).toEqual([]);
  });

  test("requests a new list: one from before the last deletion would show deleted objects", async () => {
    const { context, remove, runpod, clock, said } = setUp([ownPod]);
    await context.pods.list();
    runpod.pods = [];
    await clock.advance(1);
    await remove();
    expect(said).toEqual([]);
  });
});

describe("an interrupted run's object", () => {
  test("keeps it, and is named with its price and the command that deletes it", async () => {
    const { remove } = setUp([pod, ownPod], { volumes: [ownVolume], state: pending });
    await expect(remove()).rejects.toThrow(
      [
        "An interrupted run of this stack created these objects. They still exist and are billed, but are missing from its state:",
        "  pod pod1 'llm', 0.86 $/h",
        `  volume vol1 '${ownVolume.name}', 20 GB`,
        "Run `npx -p @runpod-stack/provider runpod-stack recover --delete --yes` to delete them (add the ids of any that it shows as check). Then run the same command again.",
      ].join("\n"),
    );
  });

  test("is looked up for a minute, because it may not be listed yet", async () => {
    const { remove, runpod, clock, said } = setUp([], { state: pending });
    const outcome = remove().catch((error: Error) => error.message);
    await clock.advance(50_000);
    runpod.pods = [ownPod];
    await clock.advance(5_000);
    expect(await outcome).toContain("  pod pod1 'llm', 0.86 $/h");
    expect(said).toEqual([
      "An earlier run was interrupted while it created resources. Checking for a minute whether RunPod lists any of them",
    ]);
  });

  test("that is not listed within a minute does not exist", async () => {
    const { remove, clock } = setUp([], { state: pending });
    const outcome = remove();
    await clock.advance(60_000);
    await outcome;
    expect(new Set(clock.slept)).toEqual(new Set([5_000]));
  });

  test("that was adopted and deleted in this run is not waited for", async () => {
    const state = exported([ownership()], [resource("Pod", "a", named)]);
    const { context, remove, clock } = setUp([], { state });
    context.endedTokens.set(itsToken, "");
    await remove();
    expect(clock.slept).toEqual([]);
  });

  test("may be an older release's, whose token proves nothing: it is named as well", async () => {
    const old = legacyToken("Pod", "a");
    const state = exported([ownership()], [resource("Pod", "a", { ...named, token: old })]);
    const { remove } = setUp([{ ...pod, env: { [TOKEN_ENV]: old } }], { state });
    await expect(remove()).rejects.toThrow("  pod pod1 'llm'");
  });

  test("may be a template: templates are checked if a create of one was interrupted", async () => {
    const state = exported([ownership()], [resource("Template", "t")]);
    const { remove, runpod, clock } = setUp([], { state });
    const outcome = remove();
    await clock.advance(60_000);
    await outcome;
    expect(runpod.calls).toContain("list templates");
  });

  test("of another provider is looked up by that provider's Ownership, or by all if it has none", async () => {
    const through = { ...named, provider: RESEARCH };
    const created = [resource("Pod", "a", through)];
    const other = resource("Ownership", "runpod-research", { id: STRANGER, provider: RESEARCH });
    const cared = setUp([ownPod], { state: exported([ownership(), other], created) });
    await cared.remove();
    await expect(
      setUp([ownPod], { state: exported([ownership()], created) }).remove(),
    ).rejects.toThrow("pod pod1");
  });

  test("that is in the state by now is not lost", async () => {
    const known = resource("Pod", "a", { id: "pod1" });
    const state = exported([ownership(), known], [resource("Pod", "a", named)]);
    const { context, remove } = setUp([ownPod], { state });
    context.endedTokens.set(itsToken, "");
    await remove();
  });
});

describe("an object with the stack mark that was not lost", () => {
  const moved: Pod = { ...pod, id: "moved", env: { [TOKEN_ENV]: token("Pod", "b") } };

  test("is named in a warning, and kept", async () => {
    const { remove, runpod, said } = setUp([ownPod, moved], { volumes: [ownVolume] });
    await remove();
    expect(said).toEqual([
      [
        "warning: these objects carry this stack's mark but are not in its state. They are kept:",
        "  pod pod1 'llm', 0.86 $/h",
        "  pod moved 'llm', 0.86 $/h",
        `  volume vol1 '${ownVolume.name}', 20 GB`,
        "They may have been kept on purpose (retainOnDelete, pulumi state delete), moved to another stack, or copied by someone. They are billed until they are deleted in RunPod's console.",
      ].join("\n"),
    ]);
    expect(runpod.calls.every((call) => call.startsWith("list"))).toBe(true);
  });

  test("belongs to another stack if this one has taken over that stack's objects", async () => {
    const stranger = { ...pod, env: { [TOKEN_ENV]: token("Pod", "a", STRANGER) } };
    const { context, remove, said } = setUp([stranger]);
    await remove();
    expect(said).toEqual([]);
    context.endedTokens.set(token("Pod", "b", STRANGER), "");
    await remove();
    expect(said).toEqual([expect.stringContaining("pod pod1")]);
  });

  test("is not one in the state, also of another provider", async () => {
    const known = [resource("Pod", "a", { id: "pod1", provider: RESEARCH })];
    const { remove, said } = setUp([ownPod], { state: exported([ownership(), ...known]) });
    await remove();
    expect(said).toEqual([]);
  });
});

describe("if the state cannot be read, or does not have the identity", () => {
  test.each([null, {}, exported([ownership({ id: STRANGER })])])(
    "an object with the mark may be lost: %j",
    async (state) => {
      await expect(setUp([ownPod], { state }).remove()).rejects.toThrow(
        [
          "Cannot tell whether this stack left anything behind: its state could not be read, and these objects carry its mark:",
          "  pod pod1 'llm', 0.86 $/h",
          "Set RUNPOD_STACK_PULUMI to the Pulumi CLI that runs this stack, and select the stack with `pulumi stack select`. Then run the same command again.",
        ].join("\n"),
      );
    },
  );

  test("the identity is deleted if no object has the mark", async () => {
    await setUp([pod], { state: null }).remove();
  });
});

describe("an account that refuses the key", () => {
  test("blocks the deletion of a stack only if something may be left there", async () => {
    const unused = setUp([]);
    unused.runpod.failures["list pods"] = [apiError("unauthorized")];
    await unused.remove();
    expect(unused.said).toEqual([
      "warning: could not check whether objects of this stack are left in the account: doing it: told unauthorized",
    ]);
    for (const state of [pending, null]) {
      const { remove, runpod } = setUp([], { state });
      runpod.failures["list pods"] = [apiError("unauthorized")];
      await expect(remove()).rejects.toMatchObject({ kind: "unauthorized" });
    }
  });

  test("is different from one that fails", async () => {
    const { remove, runpod } = setUp([]);
    runpod.failures["list pods"] = [apiError("server")];
    await expect(remove()).rejects.toMatchObject({ kind: "server" });
  });
});

describe("a serverless endpoint", () => {
  const endpointToken = token("ServerlessEndpoint", "e");
  const own = { ...endpoint, env: { [TOKEN_ENV]: endpointToken } };
  const creating = exported(
    [ownership()],
    [resource("ServerlessEndpoint", "e", { inputs: { name: "llm" } })],
  );

  test("of an interrupted run keeps it", async () => {
    const { remove, runpod } = setUp([], { state: creating });
    runpod.endpoints = [own];
    await expect(remove()).rejects.toThrow("  endpoint ep1 'llm', 0 to 3 workers");
  });

  test("with the stack mark is reported and kept", async () => {
    const { remove, runpod, said } = setUp([]);
    runpod.endpoints = [own];
    await remove();
    expect(said.join()).toContain("  endpoint ep1 'llm', 0 to 3 workers");
  });

  test("that a repeated request made is ended with the one that it repeats", async () => {
    const { context, remove, runpod } = setUp([]);
    runpod.endpoints = [own];
    context.endedTokens.set(endpointToken, own.createdAt);
    runpod.failures["get ep1"] = [apiError("notFound")];
    await remove();
    expect(runpod.calls).toContain("delete ep1");
  });

  test("is not looked for with a key that may not list any, unless a create was interrupted", async () => {
    const allowed = setUp([]);
    allowed.runpod.failures["list endpoints"] = [apiError("forbidden")];
    await allowed.remove();

    const refused = setUp([], { state: creating });
    refused.runpod.failures["list endpoints"] = [apiError("forbidden", "no rights")];
    await expect(refused.remove()).rejects.toThrow("no rights");
  });

  test("is not taken for the template that RunPod makes for it", async () => {
    const { remove, runpod, clock } = setUp([], { state: creating });
    const bound = { id: "tpl1", name: markedName("e", endpointToken) };
    runpod.templates = [bound as (typeof runpod.templates)[number]];
    const outcome = remove();
    await clock.advance(60_000);
    await outcome;
  });
});
