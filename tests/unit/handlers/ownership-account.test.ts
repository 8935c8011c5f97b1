import { deleteForSure } from "../../../provider/src/handlers/gone";
import { ownershipHandler } from "../../../provider/src/handlers/ownership";
import { fakeScene } from "./fake-context";

const stored = (account: { origin?: string; fingerprint?: string }) => {
  const { context } = fakeScene();
  return { __live: { version: 1, createdAt: 0, account: { ...context.api.account, ...account } } };
};

describe("deleting a stack's identity", () => {
  test("is refused at another API than its own: nothing found there proves nothing", async () => {
    const { context } = fakeScene();
    const outputs = stored({ origin: "https://elsewhere.example" });
    await expect(ownershipHandler.delete(context, "aa", outputs)).rejects.toThrow(
      "its objects were created at https://elsewhere.example",
    );
  });

  test("is refused with a key that may be another account's", async () => {
    const { context } = fakeScene();
    const outputs = stored({ fingerprint: "00000000" });
    await expect(ownershipHandler.delete(context, "aa", outputs)).rejects.toThrow(
      "may be another account's",
    );
  });

  test("ends with a new key that has deleted something of the stack before", async () => {
    const { context, runpod } = fakeScene();
    runpod.pods = [];
    const outputs = stored({ fingerprint: "00000000" });
    const isGone = () => true;
    await deleteForSure(
      context,
      "pod",
      {},
      { remove: async () => {}, get: async () => ({}), isGone },
    );
    await ownershipHandler.delete(context, "aa", outputs);
  });
});
