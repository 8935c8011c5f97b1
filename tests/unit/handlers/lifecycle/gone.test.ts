import { isRunpodError } from "../../../../provider/src/core/errors";
import { deleteForSure } from "../../../../provider/src/handlers/lifecycle/gone";
import { confirm } from "../../../../provider/src/handlers/lifecycle/look-up";
import { apiError, type FakeScene, fakeScene } from "../fake-context";

const WHAT = "pod 'llm' (pod1)";

const AGAIN =
  "Run the same command again; if that fails too, delete it in RunPod's console and run `pulumi refresh`.";

function setUp() {
  const scene = fakeScene();
  return { ...scene, account: scene.runpod.account };
}

/** The stored outputs of an object of this age. */
const stored = ({ clock, runpod }: FakeScene, ageMs: number) => ({
  __live: { version: 1, account: { ...runpod.account }, createdAt: clock.now() - ageMs },
});
const missing = () => Promise.reject(apiError("notFound"));

describe("an object that a list does not show", () => {
  test("still exists if a GET finds it", async () => {
    const scene = setUp();
    expect(await confirm(scene.context, WHAT, stored(scene, 0), async () => "found")).toBe("found");
    expect(scene.clock.slept).toEqual([]);
  });

  test.each([
    ["a minute old", 60_000],
    ["of a time to come: the clock was set back", -1],
  ])("is gone if it is not found and %s", async (_, age) => {
    const scene = setUp();
    expect(await confirm(scene.context, WHAT, stored(scene, age), missing)).toBeUndefined();
    expect(scene.clock.slept).toEqual([]);
  });

  test("is gone if it is not found and its age is unknown", async () => {
    const { context } = setUp();
    expect(await confirm(context, WHAT, {}, missing)).toBeUndefined();
  });

  test("is looked up until it is a minute old, and the user sees one message", async () => {
    const scene = setUp();
    const outcome = confirm(scene.context, WHAT, stored(scene, 41_000), missing);
    await scene.clock.advance(20_000);
    expect(await outcome).toBeUndefined();
    expect(scene.clock.slept).toEqual([5_000, 5_000, 5_000, 5_000]);
    expect(scene.said).toEqual([
      "pod 'llm' (pod1) was not found. It was created 41s ago and may not be listed yet; retrying until it is 1m old",
    ]);
  });

  test("is not gone because RunPod fails", async () => {
    const scene = setUp();
    const failing = () => Promise.reject(apiError("server"));
    await expect(confirm(scene.context, WHAT, stored(scene, 1e6), failing)).rejects.toMatchObject({
      kind: "server",
    });
  });

  test.each([
    [
      "another key",
      { fingerprint: "bbbb2222" },
      "the API key in use (fingerprint bbbb2222) is not the one that last managed it (fingerprint aaaa1111)",
    ],
    [
      "another API",
      { origin: "http://127.0.0.1:8787" },
      "the API in use is http://127.0.0.1:8787, and it was created at https://api.runpod.io",
    ],
  ])("is not gone because %s does not know it", async (_, account, difference) => {
    const scene = setUp();
    const old = stored(scene, 1e6);
    scene.runpod.account = { ...scene.runpod.account, ...account };
    await expect(confirm(scene.context, WHAT, old, missing)).rejects.toThrow(
      `pod 'llm' (pod1) was not found, but that is inconclusive: ${difference}. It is kept in the state and may still be billed.`,
    );
  });
});

describe("a deletion", () => {
  test("is complete once a GET shows the object gone", async () => {
    const scene = setUp();
    const answers = [async () => "there", async () => "there", missing];
    const outcome = deleteForSure<string>(
      scene.context,
      WHAT,
      {},
      {
        remove: async () => {},
        get: () => (answers.shift() ?? missing)(),
      },
    );
    await scene.clock.advance(10_000);
    await outcome;
    expect(scene.clock.slept).toEqual([5_000, 5_000]);
  });

  test("is complete if the found object counts as gone", async () => {
    const { context, clock } = setUp();
    const calls = {
      remove: async () => {},
      get: async () => "TERMINATED",
      isGone: (found: string) => found === "TERMINATED",
    };
    await deleteForSure(context, WHAT, {}, calls);
    expect(clock.slept).toEqual([]);
  });

  test("of an object that is gone already is not an error, and costs one call to check", async () => {
    const scene = setUp();
    const get = jest.fn(missing);
    await deleteForSure(scene.context, WHAT, stored(scene, 60_000), { remove: missing, get });
    expect(get).toHaveBeenCalledTimes(1);
    expect(scene.clock.slept).toEqual([]);
    expect(scene.said).toEqual([]);
  });

  test("that is answered with 404 is sent again while a GET finds the object", async () => {
    const scene = setUp();
    const answers = [missing, missing, async () => {}];
    const remove = jest.fn(() => (answers.shift() ?? missing)());
    const get = async () => (answers.length > 0 ? "there" : missing());
    const outcome = deleteForSure<string>(scene.context, WHAT, stored(scene, 1e6), { remove, get });
    await scene.clock.advance(10_000);
    await outcome;
    expect(remove).toHaveBeenCalledTimes(3);
  });

  test("that is answered with 404 for a minute, though a GET finds the object, fails", async () => {
    const scene = setUp();
    const calls = {
      remove: missing,
      get: async () => "there",
      bill: () => "billed at 0.86 $/h",
    };
    const outcome = deleteForSure(scene.context, WHAT, {}, calls).catch((error: Error) => error);
    await scene.clock.advance(60_000);
    expect(((await outcome) as Error).message).toBe(
      `Deleting pod 'llm' (pod1) failed: doing it: told notFound. It still exists and is billed at 0.86 $/h. ${AGAIN}`,
    );
  });

  test("that is answered with 404 is checked for a young object, which may be listed late", async () => {
    const scene = setUp();
    let isVisible = false;
    let isDeleted = false;
    const remove = async () => {
      if (!isVisible) {
        return missing();
      }
      isDeleted = true;
    };
    const get = async () => (isVisible && !isDeleted ? "there" : missing());
    const outcome = deleteForSure<string>(scene.context, WHAT, stored(scene, 5_000), {
      remove,
      get,
    });
    await scene.clock.advance(40_000);
    isVisible = true;
    await scene.clock.advance(10_000);
    await outcome;
    expect(isDeleted).toBe(true);
    expect(scene.said).toEqual([
      "pod 'llm' (pod1) was not found. It was created 5s ago and may not be listed yet; retrying until it is 1m old",
    ]);
  });

  test("whose answer is lost is complete if a GET shows the object gone", async () => {
    const scene = setUp();
    for (const kind of ["server", "ambiguous", "protocol"] as const) {
      const remove = () => Promise.reject(apiError(kind));
      await deleteForSure(scene.context, WHAT, stored(scene, 1e6), { remove, get: missing });
    }
  });

  test.each(["conflict", "server", "rateLimited"] as const)(
    "that ends with %s reports the cost and the remedy",
    async (kind) => {
      const { context } = setUp();
      const outcome = deleteForSure(
        context,
        WHAT,
        {},
        {
          remove: () => Promise.reject(apiError(kind)),
          get: async () => "there",
          bill: (found) => `billed, ${found}`,
        },
      );
      await expect(outcome).rejects.toMatchObject({
        kind,
        message: `Deleting pod 'llm' (pod1) failed: doing it: told ${kind}. It still exists and is billed, there. ${AGAIN}`,
      });
    },
  );

  test("that fails while nothing can be read reports that the object may still be billed", async () => {
    const { context } = setUp();
    const failing = () => Promise.reject(apiError("server"));
    const outcome = deleteForSure(context, WHAT, {}, { remove: failing, get: failing });
    await expect(outcome).rejects.toMatchObject({
      kind: "server",
      message: `Deleting pod 'llm' (pod1) failed: doing it: told server. It may still exist; if so, it is billed. ${AGAIN}`,
    });
    const unseen = deleteForSure(context, WHAT, {}, { remove: async () => {}, get: failing });
    await expect(unseen).rejects.toThrow(
      "RunPod accepted the deletion of pod 'llm' (pod1) but did not confirm that it is gone: doing it: told server. It may still exist; if so, it is billed.",
    );
  });

  test("of an object that another account does not find is an error", async () => {
    const scene = setUp();
    const old = stored(scene, 1e6);
    scene.runpod.account = { ...scene.runpod.account, fingerprint: "bbbb2222" };
    const outcome = deleteForSure(scene.context, WHAT, old, { remove: missing, get: missing });
    await expect(outcome).rejects.toThrow("that is inconclusive");
  });

  test("by another key is complete once the object is gone for that key", async () => {
    const scene = setUp();
    const old = stored(scene, 1e6);
    scene.runpod.account = { ...scene.runpod.account, fingerprint: "bbbb2222" };
    await deleteForSure(scene.context, WHAT, old, { remove: async () => {}, get: missing });
  });

  test("that does not show within a minute fails, because the object may be billed", async () => {
    const { context, clock } = setUp();
    const outcome = deleteForSure(
      context,
      WHAT,
      {},
      {
        remove: async () => {},
        get: async () => "there",
      },
    ).catch((error: Error) => error);
    await clock.advance(61_000);
    const error = (await outcome) as Error;
    expect(isRunpodError(error)).toBe(false);
    expect(error.message).toBe(
      `RunPod accepted the deletion of pod 'llm' (pod1) a minute ago but still shows it. It may still exist; if so, it is billed. ${AGAIN}`,
    );
  });
});
