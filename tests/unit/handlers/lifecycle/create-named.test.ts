import { markedName } from "../../../../provider/src/core/mark";
import { createNamed } from "../../../../provider/src/handlers/lifecycle/create-named";
import { Snapshot } from "../../../../provider/src/handlers/lifecycle/snapshot";
import type { Values } from "../../../../provider/src/schema";
import {
  exported,
  legacyToken,
  OWNER,
  ownership,
  PRESENT,
  resource,
  token,
} from "../../../support/exported-state";
import { apiError, fakeScene } from "../fake-context";

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

const present = token("Volume", "cache", OWNER, PRESENT);
const identity = { __token: present, __logicalName: "cache" };
/** The names that the interrupted run chose, and this one. */
const oldName = markedName("cache", token("Volume", "cache"));
const newName = markedName("cache", present);
const automatic = { name: newName, size: 1, ...identity, __defaults: ["name"] };
const chosen = { name: "cache", size: 1, ...identity, __defaults: ["size"] };
const cutOff = resource("Volume", "cache");
const underWay = resource("Volume", "cache", { token: present });
const pending = exported([ownership()], [cutOff, underWay]);
const thing = (id: string, name: string, size = 1): Thing => ({ id, name, size });

function setUp(existing: Thing[] = [], state: unknown = exported([ownership()], [underWay])) {
  const scene = fakeScene();
  scene.runpod.state = state;
  const things = [...existing];
  /** The result of each create: an answered object, or one without an answer. */
  const creates: (() => Promise<Thing>)[] = [];
  let sent = 0;
  let lists = 0;
  const snapshot = new Snapshot<Thing>(async () => {
    lists += 1;
    return [...things];
  }, scene.clock);
  return {
    ...scene,
    things,
    creates,
    snapshot,
    sent: () => sent,
    lists: () => lists,
    create: (inputs: Values) =>
      createNamed(scene.context, inputs, {
        kind: "Volume",
        noun: "volume",
        snapshot,
        fits: ({ size }) => size === inputs["size"],
        create: () => (creates[sent++] ?? (async () => thing("new", String(inputs["name"]))))(),
        // It grows and never shrinks.
        changes: ({ name, size }) => [
          ...(name === inputs["name"] ? [] : [{ field: "name", change: "update" } as const]),
          ...(size === inputs["size"]
            ? []
            : [
                {
                  field: "size",
                  change: size > Number(inputs["size"]) ? "replace" : "update",
                } as const,
              ]),
        ],
        update: async (found, fields) => {
          scene.said.push(`update ${found.id}: ${fields}`);
          if (found.id === "stubborn") {
            throw apiError("server");
          }
          return { ...found, name: String(inputs["name"]), size: Number(inputs["size"]) };
        },
        sharesNames: true,
        outputs: () => inputs,
      }),
  };
}

describe("an object with an automatic name", () => {
  test("is created without a lookup: no other can have its name", async () => {
    const { create, sent, lists, snapshot } = setUp([thing("old", oldName)]);
    expect(await create(automatic)).toEqual(thing("new", newName));
    expect([sent(), lists()]).toEqual([1, 0]);
    expect(await snapshot.list()).toEqual([thing("old", oldName), thing("new", newName)]);
  });

  test("is adopted if an interrupted run left it, and gets this run's name", async () => {
    const { create, sent, said, snapshot } = setUp([thing("old", oldName)], pending);
    expect(await create(automatic)).toEqual(thing("old", newName));
    expect(sent()).toBe(0);
    expect(said).toEqual([
      `volume '${newName}': adopting old, which an interrupted run of this stack created`,
      "update old: name",
    ]);
    expect(await snapshot.list()).toEqual([thing("old", newName)]);
  });

  test("is updated to the current program", async () => {
    const { create, said, sent } = setUp([thing("old", oldName)], pending);
    expect(await create({ ...automatic, size: 2 })).toEqual(thing("old", newName, 2));
    expect(said.at(-1)).toBe("update old: name,size");
    expect(sent()).toBe(0);
  });

  test("gets the name that the program has chosen since", async () => {
    const { create } = setUp([thing("old", oldName)], pending);
    expect(await create(chosen)).toEqual(thing("old", "cache"));
  });

  test("is in the state even if the update fails", async () => {
    const { create } = setUp([thing("stubborn", oldName)], pending);
    const inputs = { ...automatic, size: 2 };
    expect(await create(inputs).catch((error) => error)).toMatchObject({
      id: "stubborn",
      outputs: inputs,
      reasons: [
        `volume '${oldName}' (stubborn) was created but is not fully configured: doing it: told server`,
      ],
    });
  });

  test("is never an object of the state, nor one that cannot be updated to it, which is reported", async () => {
    const known = resource("Volume", "renamed", { id: "managed" });
    const state = exported([ownership(), known], [cutOff, underWay]);
    const { create, sent, said } = setUp(
      [thing("managed", oldName), thing("other", oldName, 2)],
      state,
    );
    expect(await create(automatic)).toEqual(thing("new", newName));
    expect(sent()).toBe(1);
    expect(said).toEqual([expect.stringContaining(`left other '${oldName}'. It is not used`)]);
  });

  test("is the first of two, and the other is reported and kept, because it may hold data", async () => {
    const { create, said } = setUp([thing("one", oldName), thing("two", oldName)], pending);
    expect((await create(automatic)).id).toBe("one");
    expect(said[0]).toBe(
      `volume '${newName}': an interrupted run, or a request that was carried out twice, left two '${oldName}'. It is not used, but is billed if it is a volume or a cluster. Run \`npx -p @runpod-stack/provider runpod-stack recover\` to see it`,
    );
  });

  test("is adopted only by the resource whose create was interrupted", async () => {
    const other = resource("Volume", "old-name", { inputs: { name: oldName } });
    const state = exported([ownership()], [other, underWay]);
    expect((await setUp([thing("old", oldName)], state).create(automatic)).id).toBe("new");
  });

  test("is not adopted again once it was removed from the state: it has another name since", async () => {
    const { create } = setUp([thing("old", "cache-renamed")], pending);
    expect((await create(automatic)).id).toBe("new");
  });

  test("is doubtful if an older release may have made two, and nothing is created", async () => {
    const legacy = resource("Volume", "cache", { token: legacyToken("Volume", "cache") });
    const name = markedName("cache", legacyToken("Volume", "cache"));
    const state = exported([ownership()], [legacy, underWay]);
    const { create, sent } = setUp([thing("old", name), thing("older", name)], state);
    await expect(create(automatic)).rejects.toThrow(
      `Creating volume '${newName}': an interrupted run of an older release may have created old '${name}' for it, but nothing proves it. Nothing was created. To delete it, run \`npx -p @runpod-stack/provider runpod-stack recover --delete old --yes\`;`,
    );
    expect(sent()).toBe(0);
  });

  test("is not created while the state cannot be read and something has the stack mark", async () => {
    const { create, runpod, sent } = setUp([], null);
    const place = { dataCenter: "EU-RO-1", type: "STANDARD" } as const;
    runpod.volumes = [{ ...thing("old", oldName), ...place }];
    await expect(create(automatic)).rejects.toThrow(`  volume old '${oldName}', 1 GB`);
    expect(sent()).toBe(0);
    runpod.volumes = [];
    expect((await setUp([], null).create(automatic)).id).toBe("new");
  });

  test("without a token, as when it was imported and is created again, is simply created", async () => {
    const { create } = setUp([thing("old", oldName)], pending);
    const { __token: _, ...rest } = automatic;
    expect((await create(rest)).id).toBe("new");
  });
});

describe("an object with a name that the program chose", () => {
  test("is refused if another object has it, even an identical one", async () => {
    const { create, sent } = setUp([thing("theirs", "cache")]);
    await expect(create(chosen)).rejects.toThrow(
      "Creating volume 'cache': the account already has one with that name (theirs), which is not in this stack. Choose another name, remove the name, or set allowDuplicateName: true to create a second one.",
    );
    expect(sent()).toBe(0);
  });

  test("is checked in a new list: an object created since the first list is not a lost answer's", async () => {
    const { create, things, clock, snapshot } = setUp();
    await snapshot.list();
    await clock.advance(6_000);
    things.push(thing("theirs", "cache"));
    await expect(create(chosen)).rejects.toThrow(
      "the account already has one with that name (theirs)",
    );
  });

  test("is created next to another if the program allows it", async () => {
    const { create } = setUp([thing("theirs", "cache")]);
    expect((await create({ ...chosen, allowDuplicateName: true })).id).toBe("new");
  });

  test("is created next to the one that it replaces, which is in the state", async () => {
    const known = resource("Volume", "cache", { id: "old", inputs: { name: "cache" } });
    const state = exported([ownership(), known], [underWay]);
    expect((await setUp([thing("old", "cache")], state).create(chosen)).id).toBe("new");
    const both = setUp([thing("old", "cache"), thing("theirs", "cache")], state);
    await expect(both.create(chosen)).rejects.toThrow("one with that name (theirs)");
  });

  test("is never treated as an interrupted run's: it may be anyone's", async () => {
    const explicit = { inputs: { name: "cache" } };
    const state = exported(
      [ownership()],
      [
        resource("Volume", "cache", explicit),
        resource("Volume", "cache", { ...explicit, token: present }),
      ],
    );
    await expect(setUp([thing("theirs", "cache")], state).create(chosen)).rejects.toThrow(
      "the account already has one with that name (theirs)",
    );
  });
});

describe("an answer that was lost", () => {
  /** The object may exist; the answer is cut off a moment later. */
  const lost = (scene: ReturnType<typeof setUp>, created?: Thing) => async () => {
    if (created !== undefined) {
      scene.things.push(created);
    }
    await scene.clock.sleep(10);
    throw apiError("ambiguous");
  };

  test("is found in a later list, and nothing is sent again", async () => {
    const scene = setUp([thing("theirs", "cache")]);
    scene.creates.push(lost(scene, thing("mine", "cache")));
    const outcome = scene.create({ ...chosen, allowDuplicateName: true });
    await scene.clock.advance(10);
    expect((await outcome).id).toBe("mine");
    expect([scene.sent(), scene.lists()]).toEqual([1, 2]);
    expect(scene.said).toEqual([
      "volume 'cache': RunPod gave no clear answer (doing it: told ambiguous); checking whether it was created",
    ]);
  });

  test("is looked up while lists may lag, then sent once more and no more", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene), lost(scene), lost(scene));
    const outcome = scene.create(chosen).catch((error: Error) => error.message);
    await scene.clock.advance(44_000);
    expect(scene.sent()).toBe(1);
    await scene.clock.advance(120_000);
    expect(await outcome).toBe(
      "doing it: told ambiguous. The request was sent twice, and no object has appeared since. If RunPod created one after all, it may be billed. Look for volume 'cache' with `npx -p @runpod-stack/provider runpod-stack recover`, or in RunPod's console. Run `pulumi up` again once RunPod answers.",
    );
    expect(scene.sent()).toBe(2);
  });

  test("is found even if its object is listed late", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene));
    const outcome = scene.create(chosen);
    await scene.clock.advance(20_000);
    scene.things.push(thing("mine", "cache"));
    await scene.clock.advance(8_000);
    expect((await outcome).id).toBe("mine");
    expect(scene.sent()).toBe(1);
  });

  test("is not assigned if two objects match a name that anyone may use", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene, thing("mine", "cache")));
    scene.things.push(thing("other", "elsewhere"));
    const outcome = scene.create(chosen).catch((error: Error) => error.message);
    await scene.clock.advance(5);
    scene.things.push(thing("theirs", "cache"));
    await scene.clock.advance(5);
    expect(await outcome).toMatch(
      /two with that name have appeared since: (mine and theirs|theirs and mine)\. .* neither is in the state/,
    );
    expect(scene.sent()).toBe(1);
  });

  test("is reported if two objects match an automatic name", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene));
    const outcome = scene.create(automatic);
    await scene.clock.advance(1_000);
    scene.things.push(thing("first", newName), thing("second", newName));
    await scene.clock.advance(3_000);
    expect((await outcome).id).toBe("first");
    expect(scene.said.at(-1)).toEqual(
      expect.stringContaining(`left second '${newName}'. It is not used, but is billed`),
    );
  });

  test.each(["invalid", "balance", "notFound", "unauthorized"] as const)(
    "is not one that says %s",
    async (kind) => {
      const { create, creates, lists } = setUp();
      creates.push(() => Promise.reject(apiError(kind)));
      await expect(create(chosen)).rejects.toMatchObject({ kind });
      expect(lists()).toBe(1);
    },
  );
});
