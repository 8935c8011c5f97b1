import path from "node:path";
import {
  heldBy,
  pod,
  printed,
  pulumiScene,
  recoverAsNamed,
  volume,
} from "../../support/pulumi-scene";
import { failure, type TestStack } from "../../support/stack";

jest.setTimeout(300_000);

const OTHER_KEY = "rpa_of_another_account";
const scene = pulumiScene({ apiKeys: ["rpa_of_this_account", OTHER_KEY] });
const L40S = `gpuTypeIds: ["NVIDIA L40S"]`;

/** How long lists do not show a created object. */
const LAG_MS = 9_000;

/** A stack whose `up` was killed while it created a pod that RunPod's lists do not show yet. */
async function killedWithinLag(): Promise<TestStack> {
  const stack = await scene.stack(pod("llm"));
  await scene.emulator.fault(`lag:${LAG_MS}:list`, {
    method: "POST",
    path: "^/v2/pods$",
    times: 1,
  });
  await scene.killUp(stack);
  return stack;
}

describe("An up that is killed while it creates a pod", () => {
  test("then destroyed while RunPod's lists lag: destroy names the pod, its price and the command that terminates it", async () => {
    const stack = await killedWithinLag();
    const [lost] = await scene.live();
    const refused = await failure(stack.destroy());
    expect(printed(refused)).toMatch(new RegExp(`${lost} .*0\\.49 \\$/h`));
    await recoverAsNamed(stack, refused);
    expect(await scene.live()).toEqual([]);
    await stack.destroy();
  });

  test("then repeated while RunPod's lists lag: one pod exists in the end", async () => {
    const stack = await killedWithinLag();
    await stack.up();
    await new Promise((resolve) => setTimeout(resolve, LAG_MS));
    await stack.up("--refresh");
    expect(await scene.live()).toHaveLength(1);
    expect(await heldBy(stack)).toEqual(await scene.live());
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });

  test("then changed to another GPU type: the lost pod, which is in no state, is terminated", async () => {
    const stack = await scene.stack(pod("llm"));
    await scene.killUp(stack);
    const [lost] = await scene.live();
    stack.write(pod("llm", L40S));
    await stack.up();
    await stack.up("--refresh");
    expect(await heldBy(stack)).toEqual(await scene.live());
    expect(await scene.live()).not.toContain(lost);
  });

  test("then removed from the program: nothing adopts the pod, destroy names it, and recover terminates it", async () => {
    const stack = await scene.stack(volume("cache") + pod("llm"));
    await scene.killUp(stack, 2);
    // The first of the two may be in the state by then.
    const before = await heldBy(stack);
    const lost = (await scene.live()).filter((id) => !before.includes(id));
    stack.write(pod("other"));
    await stack.up();
    expect(await scene.live()).toEqual([...lost, ...(await heldBy(stack))].sort());
    const refused = await failure(stack.destroy());
    for (const id of lost) {
      expect(printed(refused)).toContain(id);
    }
    await recoverAsNamed(stack, refused);
    expect(await scene.live()).toEqual([]);
    await stack.destroy();
  });

  test("or a volume whose name the program chose: destroy names it, too, and recover deletes it by its id", async () => {
    const stack = await scene.stack(pod("a"));
    await stack.up();
    stack.write(pod("a") + volume("weights", 'name: "weights"'));
    await scene.killUp(stack);
    const held = await heldBy(stack);
    const [lost = ""] = (await scene.live()).filter((id) => !held.includes(id));
    const refused = await failure(stack.destroy());
    expect(printed(refused)).toMatch(new RegExp(`volume ${lost} 'weights', 20 GB`));
    expect((await stack.recover("--delete", lost, "--yes")).code).toBe(0);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });

  test("then repeated with another account's key: nothing is created, and nothing is reported as gone", async () => {
    const stack = await scene.stack(pod("llm"));
    await scene.killUp(stack);
    const lost = await scene.live();
    const { RUNPOD_API_KEY: key = "" } = stack.env;
    stack.env["RUNPOD_API_KEY"] = OTHER_KEY;
    expect(printed(await failure(stack.up()))).toContain("Use the first key");
    await failure(stack.destroy());
    expect(await scene.live()).toEqual(lost);
    stack.env["RUNPOD_API_KEY"] = key;
    await stack.up();
    expect(await heldBy(stack)).toEqual(lost);
  });

  test("then renamed with an alias: the state has one pod, and destroy names any other", async () => {
    const stack = await scene.stack(pod("llm"));
    await scene.killUp(stack);
    stack.write(pod("renamed", "", `aliases: [{ name: "llm" }]`));
    await stack.up();
    const held = await heldBy(stack);
    const others = (await scene.live()).filter((id) => !held.includes(id));
    expect(held).toHaveLength(1);
    if (others.length > 0) {
      const refused = await failure(stack.destroy());
      for (const id of others) {
        expect(printed(refused)).toContain(id);
      }
      await recoverAsNamed(stack, refused);
    }
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("An update plan", () => {
  test("saved by a preview is valid for the update, for the first pod and a second one", async () => {
    const stack = await scene.stack(volume("cache") + pod("a"), {
      env: { PULUMI_EXPERIMENTAL: "true" },
    });
    const plan = path.join(stack.scratch, "plan.json");
    await stack.preview("--save-plan", plan);
    await stack.up("--plan", plan);
    expect((await stack.preview("--save-plan", plan)).steps).toEqual([]);
    expect((await stack.up("--plan", plan)).steps).toEqual([]);

    stack.write(volume("cache") + pod("a", `env: { A: "1" }`) + pod("b"));
    expect((await stack.preview("--save-plan", plan)).steps.toSorted()).toEqual([
      "create Pod b",
      "update Pod a",
    ]);
    await stack.up("--plan", plan);
    expect(await heldBy(stack)).toEqual(await scene.live());
    expect(await scene.live()).toHaveLength(3);
  });
});
