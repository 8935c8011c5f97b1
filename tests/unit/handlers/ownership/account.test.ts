import { deleteForSure } from "../../../../provider/src/handlers/lifecycle/gone";
import { ownershipHandler } from "../../../../provider/src/handlers/ownership/handler";
import { exported, OWNER, ownership, resource, token } from "../../../support/exported-state";
import { fakeScene } from "../fake-context";

interface Asked {
  readonly origin: string;
  readonly fingerprint: string;
}

/** A stack with an interrupted create, and the result of its last lookup. */
function setUp(asked: Partial<Asked> | undefined, outputs: object = {}) {
  const scene = fakeScene();
  const { context, runpod } = scene;
  const inputs = { __account: asked && { ...runpod.account, ...asked } };
  runpod.pods = [];
  runpod.state = exported([ownership()], [resource("Pod", "a", { inputs })]);
  context.endedTokens.set(token("Pod", "a"), "");
  const remove = () => ownershipHandler.delete(context, OWNER, { ...outputs });
  return { ...scene, remove };
}

const proven = async ({ context }: ReturnType<typeof setUp>) =>
  deleteForSure(
    context,
    "pod",
    { __live: { version: 1, createdAt: 0, account: { origin: "o", fingerprint: "00000000" } } },
    { remove: async () => {}, get: async () => ({}), isGone: () => true },
  );

describe("after an interrupted create, a stack's identity", () => {
  test("is deleted at the create's API, with the same key", async () => {
    await setUp({}).remove();
  });

  test("is kept at another API, because finding nothing there proves nothing", async () => {
    const scene = setUp({ origin: "https://elsewhere.example" });
    const refusal =
      /it was creating urn:.*::a at https:\/\/elsewhere\.example, but the API in use is https:\/\/api\.runpod\.io\. Set runpod:apiUrl/;
    await expect(scene.remove()).rejects.toThrow(refusal);
    expect(scene.runpod.calls).toEqual([]);
    await proven(scene);
    await expect(scene.remove()).rejects.toThrow(refusal);
  });

  test("is kept with a key that may be another account's, until the key has deleted something", async () => {
    const scene = setUp({ fingerprint: "00000000" });
    await expect(scene.remove()).rejects.toThrow(
      "with the API key 00000000 (a fingerprint), but the key in use is aaaa1111. Use the first key.",
    );
    await proven(scene);
    await scene.remove();
  });

  test("is checked against what older releases recorded with it, if the create records nothing", async () => {
    const __live = {
      version: 1,
      createdAt: 0,
      account: { origin: "https://elsewhere.example", fingerprint: "aaaa1111" },
    };
    await expect(setUp(undefined, { __live }).remove()).rejects.toThrow("elsewhere.example");
    await setUp({}, { __live }).remove();
    await setUp(undefined).remove();
  });
});

test("without an interrupted create, a stack's identity is deleted with any key", async () => {
  const { remove, runpod } = setUp({ fingerprint: "00000000" });
  runpod.state = exported([ownership()]);
  await remove();
});
