import { isRunpodError } from "../../../provider/src/core/errors";
import { confirm, deleteForSure } from "../../../provider/src/handlers/gone";
import { apiError, type FakeScene, fakeScene } from "./fake-context";

const WHAT = "pod 'llm' (pod1)";

function setUp() {
  const scene = fakeScene();
  return { ...scene, account: scene.runpod.account };
}

/** What is stored of an object that is so old. */
const stored = ({ clock, runpod }: FakeScene, ageMs: number) => ({
  __live: { version: 1, account: { ...runpod.account }, createdAt: clock.now() - ageMs },
});
const missing = () => Promise.reject(apiError("notFound"));

describe("what a list does not show", () => {
  test("is still there if a GET finds it", async () => {
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

  test("is gone if it is not found and nothing tells its age", async () => {
    const { context } = setUp();
    expect(await confirm(context, WHAT, {}, missing)).toBeUndefined();
  });

  test("is looked for until it is a minute old, and the user is told so once", async () => {
    const scene = setUp();
    const outcome = confirm(scene.context, WHAT, stored(scene, 41_000), missing);
    await scene.clock.advance(20_000);
    expect(await outcome).toBeUndefined();
    expect(scene.clock.slept).toEqual([5_000, 5_000, 5_000, 5_000]);
    expect(scene.said).toEqual([
      "pod 'llm' (pod1) is not to be found. It was created 41s ago and may not show up yet: looking for it until it is 1m old",
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
      "http://127.0.0.1:8787 was asked, and it lives at https://api.runpod.io",
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
  test("is over once a GET shows the object gone", async () => {
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

  test("is over where what is found counts as gone", async () => {
    const { context, clock } = setUp();
    const calls = {
      remove: async () => {},
      get: async () => "TERMINATED",
      isGone: (found: string) => found === "TERMINATED",
    };
    await deleteForSure(context, WHAT, {}, calls);
    expect(clock.slept).toEqual([]);
  });

  test("of what is gone already is no error", async () => {
    const scene = setUp();
    await deleteForSure(scene.context, WHAT, stored(scene, 0), { remove: missing, get: missing });
  });

  test("of what another account does not know is one", async () => {
    const scene = setUp();
    const old = stored(scene, 1e6);
    scene.runpod.account = { ...scene.runpod.account, fingerprint: "bbbb2222" };
    const outcome = deleteForSure(scene.context, WHAT, old, { remove: missing, get: missing });
    await expect(outcome).rejects.toThrow("that is inconclusive");
  });

  test("that another key carries out is over once it is gone for that key", async () => {
    const scene = setUp();
    const old = stored(scene, 1e6);
    scene.runpod.account = { ...scene.runpod.account, fingerprint: "bbbb2222" };
    await deleteForSure(scene.context, WHAT, old, { remove: async () => {}, get: missing });
  });

  test("that does not show within a minute fails loudly: it may be billed", async () => {
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
      "pod 'llm' (pod1) was deleted a minute ago and RunPod still shows it, so it may still be billed. Run `pulumi destroy` again, or remove it in RunPod's console.",
    );
  });
});
