import { heldBy, pod, printed, pulumiScene, volume } from "../../support/pulumi-scene";

jest.setTimeout(300_000);

const scene = pulumiScene();
const L40S = `gpuTypeIds: ["NVIDIA L40S"]`;

describe("Resources moved to another stack with `pulumi state move`", () => {
  test("belong to that stack: the first one creates new ones, names the moved ones, and deletes none", async () => {
    const from = await scene.stack(volume("cache") + pod("llm"));
    const to = await scene.stack(volume("cache") + pod("llm"), { beside: from, name: "to" });
    await from.up();
    const moved = await scene.live();
    await from.move(to, "Volume cache", "Pod llm");
    expect((await to.up()).steps).toEqual(["create Ownership runpod"]);

    from.write(volume("cache") + pod("llm", L40S));
    await from.up();
    expect(await heldBy(to)).toEqual(moved);
    const live = await scene.live();
    expect(live).toHaveLength(4);
    expect(await heldBy(from, to)).toEqual(live);

    await from.recover("--yes");
    const destroyed = printed(await from.destroy());
    for (const id of moved) {
      expect(destroyed).toContain(id);
    }
    expect(await scene.live()).toEqual(moved);
    await to.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("Resources removed with `pulumi state delete`", () => {
  test("are given up: up creates new ones, recover and destroy name the old ones, and nothing deletes them", async () => {
    const stack = await scene.stack(volume("cache") + pod("llm"));
    await stack.up();
    const released = await scene.live();
    for (const name of ["Pod llm", "Volume cache"]) {
      await stack.run("state", "delete", await stack.urn(name), "--yes");
    }

    stack.write(volume("cache") + pod("llm", L40S));
    await stack.up();
    const live = await scene.live();
    expect(live).toHaveLength(4);
    expect(await heldBy(stack)).toEqual(live.filter((id) => !released.includes(id)));
    expect(live).toEqual(expect.arrayContaining(released));

    const shown = JSON.parse((await stack.recover("--json")).stdout);
    expect(shown.objects.map(({ id, action }: Record<string, string>) => [id, action])).toEqual(
      expect.arrayContaining(released.map((id) => [id, "check"])),
    );
    await stack.recover("--yes");
    expect(await scene.live()).toEqual(live);
    const destroyed = printed(await stack.destroy());
    for (const id of released) {
      expect(destroyed).toContain(id);
    }
    expect(await scene.live()).toEqual(released);
  });
});

describe("A resource renamed with `pulumi state rename`", () => {
  test("keeps its pod; a new resource with the old name gets another", async () => {
    const stack = await scene.stack(pod("llm"));
    await stack.up();
    const [renamed] = await scene.live();
    await stack.run("state", "rename", await stack.urn("Pod llm"), "oldllm", "--yes");
    stack.write(pod("oldllm") + pod("llm"));
    expect((await stack.up()).steps).toEqual(["create Pod llm"]);
    const held = await stack.held();
    expect(held.get("Pod oldllm")).toBe(renamed);
    expect(await heldBy(stack)).toEqual(await scene.live());

    await stack.up("--refresh", "--target", await stack.urn("Pod oldllm"));
    expect(await scene.live()).toHaveLength(2);
    stack.write(pod("llm"));
    await stack.up();
    expect(await scene.live()).toEqual([held.get("Pod llm")]);
  });
});

describe("A stack renamed with `pulumi stack rename`", () => {
  test("still adopts the pod of a create that was interrupted before", async () => {
    const stack = await scene.stack(pod("llm"));
    await scene.killUp(stack);
    const lost = await scene.live();
    expect(lost).toHaveLength(1);
    await stack.rename("renamed");
    await stack.up();
    expect(await scene.live()).toEqual(lost);
    await stack.destroy();
    expect(await scene.live()).toEqual([]);
  });
});

describe("A pod that was adopted after a kill and then removed with `pulumi state delete`", () => {
  test("is kept: it is neither adopted again nor terminated, and destroy names it", async () => {
    const stack = await scene.stack(pod("llm"));
    await scene.killUp(stack);
    await stack.up();
    const adopted = await scene.live();
    expect(await heldBy(stack)).toEqual(adopted);
    await stack.run("state", "delete", await stack.urn("Pod llm"), "--yes");

    stack.write(pod("llm", L40S));
    await stack.up();
    expect(await scene.live()).toEqual([...adopted, ...(await heldBy(stack))].sort());
    await stack.recover("--yes");
    expect(printed(await stack.destroy())).toContain(adopted[0]);
    expect(await scene.live()).toEqual(adopted);
  });
});
