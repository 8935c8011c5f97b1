import { createNamed } from "../../../provider/src/handlers/named";
import { Snapshot } from "../../../provider/src/handlers/snapshot";
import type { Values } from "../../../provider/src/schema";
import { apiError, fakeScene } from "./fake-context";

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

const automatic = { name: "cache-abc", size: 1, __token: "t", __defaults: ["name"] };
const chosen = { name: "cache", size: 1, __token: "t", __defaults: ["size"] };
const thing = (id: string, name: string, size = 1): Thing => ({ id, name, size });

function setUp(existing: Thing[] = []) {
  const scene = fakeScene();
  const things = [...existing];
  /** What each create ends with: an object that is answered, or that is there and unanswered. */
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
        noun: "volume",
        snapshot,
        fits: ({ size }) => size === inputs["size"],
        create: () => (creates[sent++] ?? (async () => thing("new", String(inputs["name"]))))(),
        // It grows and never shrinks.
        changes: ({ size }) =>
          size === inputs["size"]
            ? []
            : [{ field: "size", change: size > Number(inputs["size"]) ? "replace" : "update" }],
        update: async (found, fields) => {
          scene.said.push(`update ${found.id}: ${fields}`);
          if (found.id === "stubborn") throw apiError("server");
          return { ...found, size: Number(inputs["size"]) };
        },
        outputs: inputs,
      }),
  };
}

describe("an object with a name of its own", () => {
  test("is created after one look, and needs no second one", async () => {
    const { create, sent, lists, snapshot } = setUp();
    expect(await create(automatic)).toEqual(thing("new", "cache-abc"));
    expect([sent(), lists()]).toEqual([1, 1]);
    expect(await snapshot.list()).toEqual([thing("new", "cache-abc")]);
  });

  test("is adopted where an interrupted run left it", async () => {
    const { create, sent, said, clock } = setUp([thing("old", "cache-abc")]);
    const outcome = create(automatic);
    await clock.advance(3_000);
    expect(await outcome).toEqual(thing("old", "cache-abc"));
    expect(sent()).toBe(0);
    expect(said).toEqual([
      "volume 'cache-abc': adopting old, which an interrupted run of this stack created",
    ]);
  });

  test("is brought to what the program says by now", async () => {
    const { create, said, clock, sent, snapshot } = setUp([thing("old", "cache-abc")]);
    const outcome = create({ ...automatic, size: 2 });
    await clock.advance(3_000);
    expect(await outcome).toEqual(thing("old", "cache-abc", 2));
    expect(await snapshot.list()).toEqual([thing("old", "cache-abc", 2)]);
    expect(said.at(-1)).toBe("update old: size");
    expect(sent()).toBe(0);
  });

  test("is in the state even if that fails", async () => {
    const { create, clock } = setUp([thing("stubborn", "cache-abc")]);
    const inputs = { ...automatic, size: 2 };
    const outcome = create(inputs).catch((error) => error);
    await clock.advance(3_000);
    expect(await outcome).toMatchObject({
      id: "stubborn",
      outputs: inputs,
      reasons: [
        "volume 'cache-abc' (stubborn) exists and is not yet as asked for: doing it: told server",
      ],
    });
  });

  test("is not taken from what this process manages already, nor from what cannot become it", async () => {
    const { create, context, sent, clock, said } = setUp([
      thing("managed", "cache-abc"),
      thing("other", "cache-abc", 2),
    ]);
    context.named.add("managed");
    const outcome = create(automatic);
    await clock.advance(3_000);
    expect(await outcome).toEqual(thing("new", "cache-abc"));
    expect(sent()).toBe(1);
    expect(said).toEqual([expect.stringContaining("has left other of that name.")]);
  });

  test("is not taken from a renamed resource that the engine names a moment later", async () => {
    const { create, context, clock } = setUp([thing("renamed", "cache-abc")]);
    const outcome = create(automatic);
    await clock.advance(2_999);
    context.named.add("renamed");
    await clock.advance(1);
    expect((await outcome).id).toBe("new");
  });

  test("is not adopted without a token: two may overlap then", async () => {
    const { create } = setUp([thing("old", "cache-abc")]);
    const { __token, ...rest } = automatic;
    expect((await create(rest)).id).toBe("new");
  });
});

describe("an object with a name that the program chose", () => {
  test("is refused where another bears it, however well it fits", async () => {
    const { create, sent } = setUp([thing("theirs", "cache")]);
    await expect(create(chosen)).rejects.toThrow(
      "Creating volume 'cache': the account already has one of that name (theirs), which is not in this stack. Choose another name, leave the name out, or set allowDuplicateName: true to have two.",
    );
    expect(sent()).toBe(0);
  });

  test("is refused by a list of its own time: what came since the first one is not a lost answer's", async () => {
    const { create, things, clock, snapshot } = setUp();
    await snapshot.list();
    await clock.advance(6_000);
    things.push(thing("theirs", "cache"));
    await expect(create(chosen)).rejects.toThrow(
      "the account already has one of that name (theirs)",
    );
  });

  test("is created beside another where the program allows it", async () => {
    const { create } = setUp([thing("theirs", "cache")]);
    expect((await create({ ...chosen, allowDuplicateName: true })).id).toBe("new");
  });

  test("is created beside the one that it replaces", async () => {
    const { create, context } = setUp([thing("old", "cache")]);
    context.named.add("old");
    expect((await create(chosen)).id).toBe("new");
  });
});

describe("an answer that was lost", () => {
  /** The object may be there; the answer is broken off a moment later. */
  const lost = (scene: ReturnType<typeof setUp>, created?: Thing) => async () => {
    if (created !== undefined) scene.things.push(created);
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

  test("is looked for while lists may lag, then sent once more and no more", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene), lost(scene), lost(scene));
    const outcome = scene.create(chosen).catch((error: Error) => error.message);
    await scene.clock.advance(44_000);
    expect(scene.sent()).toBe(1);
    await scene.clock.advance(120_000);
    expect(await outcome).toBe(
      "doing it: told ambiguous. The request was sent twice, and nothing has shown up since. If RunPod created it after all, it may be billed: look for volume 'cache' with `npx runpod-stack recover`, or in RunPod's console. Run `pulumi up` again once RunPod answers.",
    );
    expect(scene.sent()).toBe(2);
  });

  test("that shows up late is the object", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene));
    const outcome = scene.create(chosen);
    await scene.clock.advance(20_000);
    scene.things.push(thing("mine", "cache"));
    await scene.clock.advance(3_000);
    expect((await outcome).id).toBe("mine");
    expect(scene.sent()).toBe(1);
  });

  test("that two may be for is nobody's, if the name is anyone's", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene, thing("mine", "cache")));
    scene.things.push(thing("other", "elsewhere"));
    const outcome = scene.create(chosen).catch((error: Error) => error.message);
    scene.things.push(thing("theirs", "cache"));
    await scene.clock.advance(10);
    expect(await outcome).toMatch(
      /two of that name have appeared since, (mine and theirs|theirs and mine)\. .* neither is in the state/,
    );
    expect(scene.sent()).toBe(1);
  });

  test("that two are for is told, if the name is one's own", async () => {
    const scene = setUp();
    scene.creates.push(lost(scene));
    const outcome = scene.create(automatic);
    await scene.clock.advance(1_000);
    scene.things.push(thing("first", "cache-abc"), thing("second", "cache-abc"));
    await scene.clock.advance(3_000);
    expect((await outcome).id).toBe("first");
    expect(scene.said.at(-1)).toEqual(
      expect.stringContaining("has left second of that name. It is not used, and billed"),
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
