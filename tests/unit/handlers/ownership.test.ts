import type { NetworkVolume, Pod } from "../../../provider/src/api";
import { creationToken } from "../../../provider/src/core/mark";
import { ownershipHandler } from "../../../provider/src/handlers/ownership";
import { automaticName } from "../../../provider/src/handlers/token";
import { TOKEN_ENV } from "../../../provider/src/schema";
import { pod } from "../api/fixtures";
import { fakeScene } from "./fake-context";

const OWNER = "0123456789abcdef";
const token = creationToken(OWNER, "urn:pod");
const ownPod: Pod = { ...pod, env: { [TOKEN_ENV]: token } };
const volume = (name: string): NetworkVolume => ({
  id: "vol1",
  name,
  size: 20,
  dataCenter: "EU-RO-1",
  type: "STANDARD",
});
const ownVolume = volume(String(automaticName({ __logicalName: "cache", __token: token })));

function setUp(pods: readonly Pod[], volumes: readonly NetworkVolume[] = []) {
  const scene = fakeScene();
  scene.runpod.pods = pods;
  scene.runpod.volumes = volumes;
  return scene;
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
    expect(ownershipHandler.diff({ a: 1 }, { a: 2 })).toEqual({ changed: [], replaces: [] });
    expect(await ownershipHandler.read(context, one.id, {})).toEqual({ inputs: {}, outputs: {} });
    expect(runpod.calls).toEqual([]);
  });

  test("goes once nothing that bears its mark is left", async () => {
    const { context, runpod } = setUp(
      [pod, { ...ownPod, status: "TERMINATED" }, { ...pod, env: { [TOKEN_ENV]: "no token" } }],
      [volume("cache"), volume("cache-0123456789")],
    );
    await ownershipHandler.delete(context, OWNER, {});
    expect(runpod.calls.sort()).toEqual(["list pods", "list volumes"]);
  });

  test("stays while something does, and names it, its price and the command that removes it", async () => {
    const { context } = setUp([pod, ownPod], [ownVolume]);
    await expect(ownershipHandler.delete(context, OWNER, {})).rejects.toThrow(
      [
        "Objects that this stack created are still there and billed, though its state does not know them (an earlier run was cut off):",
        "  pod pod1 'llm', 0.86 $/h",
        `  volume vol1 '${ownVolume.name}', 20 GB`,
        "`npx runpod-stack recover --delete` shows them, and deletes them with --yes. Then run `pulumi destroy` again.",
      ].join("\n"),
    );
  });

  test("does not mind what another stack owns", async () => {
    const { context } = setUp([ownPod], [ownVolume]);
    await ownershipHandler.delete(context, "fedcba9876543210", {});
  });

  test("looks anew: a list from before the last deletion would show what is gone", async () => {
    const { context, runpod, clock } = setUp([ownPod]);
    await context.pods.list();
    runpod.pods = [];
    await clock.advance(1);
    await ownershipHandler.delete(context, OWNER, {});
  });
});
